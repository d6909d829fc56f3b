/* Histogram equalization: scikit-image's equalize_hist for float32 samples, to the bit. */
#ifndef COMMON_KERNEL_EQUALIZE_H
#define COMMON_KERNEL_EQUALIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* The cumulative distribution as line segments between the bins' centres. Segment 0 lies below the
 * first centre, segment `bins` begins at the last one; both are level. */
struct equalize_segment {
    double start, height, slope; /* numpy.interp's terms */
};

struct equalize {
    size_t bins;
    float *centre;                    /* bins */
    struct equalize_segment *segment; /* bins + 1 */
    float origin, scale;              /* segment = (sample - origin) * scale, about */
    float margin;                     /* farther than this from a centre, that is right; 0: never */
};

/* edges[bins + 1] and counts[bins] of the histogram; one sample must have been counted. */
bool equalize_init(struct equalize *equalize, uint64_t bins, const float *edges,
                   const uint64_t *counts, struct fail *fail);
void equalize_free(struct equalize *equalize);

/* A kernel (pass.h) that refuses nothing. NaN stays NaN. */
size_t equalize_span(const void *equalize, float *v, size_t n);

#endif
