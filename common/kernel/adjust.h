/* Logarithmic and sigmoid correction of contrast: scikit-image's adjust_log and adjust_sigmoid,
 * with the same bits on every machine, compiler and vector unit. */
#ifndef COMMON_KERNEL_ADJUST_H
#define COMMON_KERNEL_ADJUST_H

#include <stdbool.h>
#include <stddef.h>

enum adjust_kind { ADJUST_LOG, ADJUST_SIGMOID };

/* With x for the sample:
 *
 *     ADJUST_LOG      gain * log2(1 + x), inverse gain * (2^x - 1)
 *     ADJUST_SIGMOID  1 / (1 + exp(gain * (cutoff - x))), inverse 1 less that
 *
 * computed in double and rounded to float once: at most 0.5001 units in the last place from the
 * true value, also for small ones, for a sigmoid as far as gain * (cutoff - x) is exact in double.
 * scikit-image computes in float. */
struct adjust {
    enum adjust_kind kind;
    bool inverse;
    double gain, cutoff;
};

/* A kernel (loop.h); adjust is a struct adjust. The logarithm refuses samples below 0. NaN stays,
 * bit for bit; a NaN that arises here, as infinity times gain 0, is always 0x7fc00000. */
size_t adjust_span(const void *adjust, float *v, size_t n);

#endif
