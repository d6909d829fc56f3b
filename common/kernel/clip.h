/* Clip and rescale: scikit-image's rescale_intensity for float32 samples, to the bit. */
#ifndef COMMON_KERNEL_CLIP_H
#define COMMON_KERNEL_CLIP_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/fail.h"

/* Maps the range between the input's limits linearly to the range between the output's; samples
 * outside are clipped. NaN stays NaN. */
struct clip {
    float low, high;     /* of the input */
    float extent, scale; /* of the input; of the output */
    float offset, top;   /* the output's limits */
    bool flat;           /* the input's limits are equal: samples are clipped to both ranges */
};

/* False where the limits of the input or of the output are not finite floats, or too far apart for
 * their difference to be one. */
MUST_CHECK bool clip_init(struct clip *clip, const double from[2], const double to[2]);

/* A kernel (loop.h); clip is a struct clip. Refuses no sample. */
size_t clip_span(const void *clip, float *v, size_t n);

#endif
