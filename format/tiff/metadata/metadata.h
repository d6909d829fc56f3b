/* What the programs that wrote a TIFF file say of its pages: which axes they run along, how far
 * apart samples are, and in which words that was said. */
#ifndef FORMAT_TIFF_METADATA_METADATA_H
#define FORMAT_TIFF_METADATA_METADATA_H

#include "format/tiff/decode/page.h"

/* The axes that pages run along. */
enum page_axis { PAGE_CHANNEL, PAGE_PLANE, PAGE_FRAME, PAGE_AXES };
extern const char *const page_axis_names[]; /* "channel", "plane", "frame", NULL */

#define OME_TEXT 512 /* of a file's name, a UUID; longer ones are refused */
#define TIFF_NAME_SIZE 64
#define TIFF_MOST_CHANNELS 4096 /* whose names are kept */

/* One of the volumes that a file holds, with its channels and frames. */
struct tiff_series {
    char name[TIFF_NAME_SIZE];
    enum page_axis order[PAGE_AXES]; /* of its pages, the fastest first */
    uint64_t count[PAGE_AXES];
    uint64_t samples;       /* a pixel, that one channel takes; 0: not said */
    uint64_t rows, columns; /* 0: not said */
    char type[16];          /* as it is named there; "": not said */
    double spacing[AXES];   /* NAN: unknown */
    char unit[AXES][UNIT_SIZE];
    char source[AXES][48]; /* the words that the spacing comes from */
    char (*channel_names)[TIFF_NAME_SIZE];
    size_t channel_names_count;
    bool is_elsewhere; /* its samples are no pages */
    bool has_places;   /* each page's place is told */
};

/* The way from stored numbers to measured ones: offset + factor * stored. */
struct tiff_calibration {
    bool is_given, is_line; /* false: not a straight line, which words tell */
    bool is_sign;           /* it only makes 16 bits signed */
    double offset, factor;
    char words[96];
};

struct tiff_metadata {
    const char *dialect; /* "ImageJ"; NULL: nothing is said */
    bool is_imagej;
    bool is_ome;
    char uuid[OME_TEXT];       /* of OME's file; "" none */
    char companion[OME_TEXT];  /* the file in which OME says what this one does not; "" none */
    bool samples_are_channels; /* not colors */
    uint64_t images;           /* that the file is said to hold; 0: not said */
    bool is_run;               /* they lie behind its one page */
    struct tiff_calibration calibration;
    struct tiff_series *series;
    size_t series_count;
};

/* Nothing is known but the pages themselves. */
bool tiff_metadata_none(struct tiff_metadata *metadata, struct fail *fail);
void tiff_metadata_free(struct tiff_metadata *metadata);

/* One more series of which nothing is known; NULL: no memory. */
struct tiff_series *tiff_metadata_add_series(struct tiff_metadata *metadata, struct fail *fail);
void tiff_series_name_channel(struct tiff_series *series, const char *name);
uint64_t tiff_series_images(const struct tiff_series *series);
/* Number of an image in the order of the series' pages; and back. */
uint64_t tiff_series_index(const struct tiff_series *series, const uint64_t at[PAGE_AXES]);
void tiff_series_place(const struct tiff_series *series, uint64_t index, uint64_t at[PAGE_AXES]);

#endif
