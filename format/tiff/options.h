/* What the user asks of a TIFF file. */
#ifndef FORMAT_TIFF_OPTIONS_H
#define FORMAT_TIFF_OPTIONS_H

#include "common/base/fail.h"

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

#endif
