/* Bits of floats, and choices between them by masks: a compiler turns loops without branches into
 * vector code. */
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

#endif
