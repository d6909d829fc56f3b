/* 1 where a sample is above a threshold, else 0; NaN are not above. */
#ifndef COMMON_KERNEL_ABOVE_H
#define COMMON_KERNEL_ABOVE_H

#include <stddef.h>

struct above {
    float limit; /* samples above it are above the threshold, and no others */
};

void above_init(struct above *above, double threshold);

/* A kernel (loop.h); above is a struct above. Refuses no sample. */
size_t above_span(const void *above, float *v, size_t n);

#endif
