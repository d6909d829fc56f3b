/* Clip and rescale: scikit-image's rescale_intensity for float32 samples, to the bit. */
#ifndef COMMON_KERNEL_CLIP_H
#define COMMON_KERNEL_CLIP_H

#include <stdbool.h>
#include <stddef.h>

/* What lies between the input's limits goes linearly to the output's; what lies outside is clipped.
 * NaN stays NaN. */
struct clip {
    float low, high;     /* of the input */
    float extent, scale; /* of the input; of the output */
    float offset, top;   /* the output's limits */
    bool flat;           /* the input's limits are the same: samples are clipped twice */
};

/* False where the limits of the input or of the output are not finite floats, or too far apart for
 * their difference to be one. */
bool clip_init(struct clip *clip, const double from[2], const double to[2]);

/* A kernel (pass.h) that refuses nothing. */
size_t clip_span(const void *clip, float *v, size_t n);

#endif
