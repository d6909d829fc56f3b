/* TIFF files as a source of samples: each page a plane, unless the file says otherwise. */
#ifndef FORMAT_TIFF_IN_H
#define FORMAT_TIFF_IN_H

#include "common/stream.h"

struct tiff_options {
    bool raw;          /* stored numbers, unscaled */
    double full_scale; /* this stored number becomes 1; 0: that of the type, as img_as_float does */
    bool plain;        /* each page is a plane, whatever the file's descriptions say */
    bool choose_channel, choose_frame; /* of a file that tells of several */
    uint64_t channel, frame;
};

/* Opens files as one stack, in the order given ("-" is standard input); their names must outlive
 * the reader. All pages are looked at before the first sample: what we don't read, and pages that
 * do not fit together, are refused here. Samples are decoded when they are read; planes that are
 * skipped are not decoded. NULL on failure. */
struct reader *tiff_open(char *const *paths, size_t count, const struct tiff_options *options,
                         struct fail *fail);

#endif
