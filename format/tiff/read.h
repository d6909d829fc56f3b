/* TIFF files as a source of samples: each page a plane, unless the file says otherwise. */
#ifndef FORMAT_TIFF_READ_H
#define FORMAT_TIFF_READ_H

#include "common/base/output.h"
#include "common/volume/stream.h"

/* Which axes pages run along, the fastest first, as a user tells. */
struct tiff_order {
    size_t count;
    int axis[3];      /* enum page_axis */
    uint64_t size[3]; /* 0: as many as there are pages */
};

struct tiff_options {
    bool raw;          /* stored numbers, unscaled */
    bool calibrated;   /* measured numbers, where the file tells how to get them */
    double full_scale; /* this stored number becomes 1; 0: that of the type, as img_as_float does */
    bool rgb;          /* libtiff's 8-bit RGB picture of each page, whatever it holds */
    bool plain;        /* each page is a plane, whatever the file's descriptions say */

    /* Of a file that tells of several: */
    const char *channel; /* number or name; NULL: not chosen */
    bool all_channels;   /* they become the axis of channels */
    bool choose_frame, choose_series;
    uint64_t frame, series;
    struct tiff_order order; /* count 0: as the file says */
    bool missing_zero;       /* zeros for planes whose file is missing */
};

/* "channel:2,plane,frame:3"; value is a struct tiff_order (option.h's form of a parser). */
bool tiff_order_parse(const char *text, void *value, struct fail *fail);

/* Opens files as one stack, in the order given ("-" is standard input); their names must outlive
 * the reader. All pages are looked at before the first sample: what we don't read, and pages that
 * do not fit together, are refused here. Samples are decoded when they are read; planes that are
 * skipped are not decoded. NULL on failure. */
struct reader *tiff_open(char *const *paths, size_t count, const struct tiff_options *options,
                         struct fail *fail);

/* path can be read back and forth and begins as TIFF files do; NULL is standard input. */
bool tiff_is_tiff(const char *path);
/* Tells what a file holds, without its samples. */
bool tiff_print(const char *path, bool json, struct output *to, struct fail *fail);

#endif
