/* How the user wants a TIFF file to be read. */
#ifndef FORMAT_TIFF_STACK_OPTIONS_H
#define FORMAT_TIFF_STACK_OPTIONS_H

#include "common/base/fail.h"
#include "common/volume/part.h"

/* The axes that pages run along according to the user, the fastest first. */
struct tiff_order {
    size_t count;
    int axis[3];      /* enum page_axis */
    uint64_t size[3]; /* 0: whatever the number of pages leaves */
};

struct tiff_options {
    bool raw;          /* stored numbers, unscaled */
    bool calibrated;   /* measured numbers, by the function that the file states */
    double full_scale; /* this stored number becomes 1; 0: that of the type, as img_as_float does */
    bool rgb;          /* 8-bit RGB as libtiff renders each page, whatever it holds */
    bool plain;        /* each page is a plane, whatever the file's descriptions say */

    /* For files that hold several: */
    const char *channel; /* number or name; NULL: not chosen */
    bool all_channels;   /* as the axis of channels */
    bool choose_frame, choose_series;
    uint64_t frame, series;
    struct tiff_order order;          /* count 0: as the file says */
    bool missing_zero;                /* zeros for planes and segments that are missing */
    int missing;                      /* the word after --missing */
    uint64_t memory;                  /* megabytes that may be decoded together; 0: the default */
    uint64_t planes_needed;           /* only the first ones are read; 0: all */
    uint64_t first_plane, plane_step; /* of those, each plane_step-th from first_plane on;
                                         plane_step 0: all */
    struct part_choice part;          /* or those of a slab; count 0: all */
};

extern const char *const tiff_missing_words[]; /* "zero", NULL */

/* Parses "channel:2,plane,frame:3". value: a struct tiff_order. The form is that of option.h. */
MUST_CHECK bool tiff_order_parse(const char *text, void *value, struct fail *fail);

#endif
