/* Histogram equalization: scikit-image's equalize_hist for float32 samples, to the bit. */
#ifndef COMMON_KERNEL_EQUALIZE_H
#define COMMON_KERNEL_EQUALIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* The cumulative distribution as line segments between the centres of the bins. Segment 0 ends at
 * the first centre, segment `bins` begins at the last one; both are horizontal. */
struct equalize_segment {
    double start, height, slope; /* as in numpy.interp: height is the value at start */
};

struct equalize {
    size_t bins;
    float *centre;                    /* bins */
    struct equalize_segment *segment; /* bins + 1 */
    /* The segment of a sample is the integer part of (sample - origin) * scale, unless rounding
     * moves it over a centre: this can happen less than `margin` segments from one. margin 0:
     * anywhere. */
    float origin, scale, margin;
};

/* edges[bins + 1] and counts[bins] of the histogram; the sum of counts must not be 0. */
MUST_CHECK bool equalize_init(struct equalize *equalize, uint64_t bins, const float *edges,
                              const uint64_t *counts, struct fail *fail);
void equalize_free(struct equalize *equalize);

/* A kernel (loop.h); equalize is a struct equalize. NaN stays NaN. Refuses no sample. */
size_t equalize_span(const void *equalize, float *v, size_t n);

#endif
