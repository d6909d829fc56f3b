/* Rounding to float. */
#ifndef COMMON_KERNEL_ROUND_H
#define COMMON_KERNEL_ROUND_H

#include "common/kernel/cpu.h"

/* The nearest whole number of a value within +-2^22, halves to even, in the default rounding mode:
 * rintf() as every compiler can vectorize it. */
static inline CPU_INLINE float round_half_even(float value)
{
    const float shift = 12582912.0f; /* 1.5 * 2^23: from there to 2^24 floats are whole numbers */
    return (value + shift) - shift;
}

/* The centre of two floats, rounded once: (a + b) / 2 as in single precision, but for sums beyond
 * the largest float. */
static inline float halfway(float a, float b)
{
    return (float)(((double)a + (double)b) / 2);
}

#endif
