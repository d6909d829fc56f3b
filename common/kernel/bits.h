/* Bits of floats, choices between them by masks, rounding: a compiler turns loops without branches
 * into vector code. */
#ifndef COMMON_KERNEL_BITS_H
#define COMMON_KERNEL_BITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/kernel/cpu.h"

#define BITS_SIGN 0x80000000u
#define BITS_INFINITY 0x7f800000u

static inline CPU_INLINE uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline CPU_INLINE float bits_to_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline CPU_INLINE uint64_t bits_of_double(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline CPU_INLINE double bits_to_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline CPU_INLINE bool bits_are_nan(uint32_t bits)
{
    return (bits & ~BITS_SIGN) > BITS_INFINITY;
}

static inline CPU_INLINE bool bits_are_finite(uint32_t bits)
{
    return (bits & ~BITS_SIGN) < BITS_INFINITY;
}

/* All bits set where true. */
static inline CPU_INLINE uint32_t bits_mask(bool condition)
{
    return -(uint32_t)condition;
}

static inline CPU_INLINE uint32_t bits_select(bool condition, uint32_t yes, uint32_t no)
{
    uint32_t mask = bits_mask(condition);
    return (yes & mask) | (no & ~mask);
}

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
