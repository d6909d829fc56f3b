/* What the program that wrote a TIFF file says about its pages: which axes they run along, how far
 * apart samples are, and where in the file that is stated. */
#ifndef FORMAT_TIFF_METADATA_METADATA_H
#define FORMAT_TIFF_METADATA_METADATA_H

#include "format/tiff/decode/page.h"

/* The axes that pages run along. */
enum page_axis { PAGE_CHANNEL, PAGE_PLANE, PAGE_FRAME, PAGE_AXES };
extern const char *const page_axis_names[]; /* "channel", "plane", "frame", NULL */

#define OME_TEXT 512 /* for a file name or UUID; longer ones are refused */
#define TIFF_NAME_SIZE 64
#define TIFF_MAX_CHANNELS 4096 /* whose names are kept */
#define TIFF_MAX_COLOURS 16    /* channels whose colours and windows are kept */

#define TIFF_NO_PLACE UINT64_MAX /* a page that is no part of the series */

enum { PAGE_POSITION = PAGE_AXES, PLACE_AXES }; /* of the stage, beside the axes of pages */

/* One of the volumes that a file holds, with its channels and frames. */
struct tiff_series {
    char name[TIFF_NAME_SIZE];
    enum page_axis order[PAGE_AXES]; /* of its pages, the fastest first */
    uint64_t count[PAGE_AXES];
    uint64_t samples;       /* per pixel and channel; 0: not stated */
    uint64_t rows, columns; /* 0: not stated */
    char type[16];          /* as the file names it; "": not stated */
    double spacing[AXES];   /* NAN: unknown */
    char unit[AXES][UNIT_SIZE];
    char source[AXES][48]; /* what states the spacing */
    char (*channel_names)[TIFF_NAME_SIZE];
    size_t channel_names_count, channel_names_capacity;
    uint32_t channel_colours[TIFF_MAX_COLOURS]; /* 0xrrggbb; 0: not stated */
    /* Stored numbers that are shown black and white; not stated unless the first is the lower. */
    double channel_windows[TIFF_MAX_COLOURS][2];
    /* Each plane stands for as many images, of this kind: angles, phases; 0 or 1: for itself. */
    uint64_t modulo;
    char modulo_kind[24];
    char notice[240];   /* what the user should know of this series; "" */
    bool has_no_pages;  /* its samples are not in TIFF pages */
    bool has_tiff_data; /* OME: TiffData elements place its pages */
};

/* From stored to measured numbers: offset + factor * stored. */
struct tiff_calibration {
    bool is_present, is_linear; /* is_linear false: another function, see text */
    bool makes_signed;          /* it only makes 16-bit numbers signed */
    double offset, factor;
    char text[96];
};

struct tiff_metadata {
    const char *dialect; /* "ImageJ"; NULL: no metadata */
    bool is_imagej;
    bool is_ome;
    bool is_shaped;            /* tifffile's: each array in the file has a description of its own */
    char uuid[OME_TEXT];       /* of OME's file; "" none */
    char companion[OME_TEXT];  /* the file with the OME-XML, if this one only refers to it; "" */
    char only_file[OME_TEXT];  /* the name (or else UUID) of the one file that OME's TiffData
                                  elements refer to; "" several, or none but this */
    bool has_references;       /* there are TiffData elements */
    bool samples_are_channels; /* the samples of a pixel are no colors */
    struct tiff_parts parts;   /* of each page: images that follow one another */
    uint64_t images;           /* stated count of images in the file; 0: not stated */
    bool is_contiguous;        /* the images follow each other after a single directory */
    /* For each page its index in the order of the series' pages, or TIFF_NO_PLACE; NULL: the pages
     * come in that order. */
    uint64_t *places;
    size_t place_count;
    /* Where the file's first plane belongs among those of other files. */
    bool has_first,
        channels_are_named; /* channels_are_named: channels are told apart by their names alone */
    int64_t first[PLACE_AXES];
    bool reads_each_page; /* the texts of all pages were read, though they have no places */
    char disorder[160];   /* why the order of the images is not known; "": it is */
    char notice[200];     /* what the user should know although nothing failed; "" */
    struct tiff_calibration calibration;
    struct tiff_series *series;
    size_t series_count, series_capacity;
};

/* A series of which nothing is known but the pages themselves. */
MUST_CHECK bool tiff_metadata_plain(struct tiff_metadata *metadata, struct fail *fail);
void tiff_metadata_free(struct tiff_metadata *metadata);

/* Adds a series of which nothing is known. NULL: no memory. */
MUST_CHECK struct tiff_series *tiff_metadata_add_series(struct tiff_metadata *metadata,
                                                        struct fail *fail);
/* source: what states the spacing, as printed for users. */
void tiff_series_set_spacing(struct tiff_series *series, enum axis axis, double spacing,
                             const char *unit, const char *source);
/* Adds a sentence to the series' notice, if there is room for it. */
__attribute__((format(printf, 2, 3))) void tiff_series_note(struct tiff_series *series,
                                                            const char *format, ...);
/* Names the next channel. Names are only for messages and --channel: without memory there are
 * fewer. */
void tiff_series_name_channel(struct tiff_series *series, const char *name);
uint64_t tiff_series_images(const struct tiff_series *series);
/* The position of an image in the order of the series' pages; and back. */
uint64_t tiff_series_index(const struct tiff_series *series, const uint64_t at[PAGE_AXES]);
void tiff_series_place(const struct tiff_series *series, uint64_t index, uint64_t at[PAGE_AXES]);

#endif
