/* Floats as unsigned integers in the same order, for selection without sorting. */
#ifndef COMMON_KERNEL_SORTABLE_H
#define COMMON_KERNEL_SORTABLE_H

#include "common/kernel/bits.h"

/* sortable(a) < sortable(b) exactly when a < b; -0 comes directly before 0, NaN lie beyond both
 * infinities. */
#define SORTABLE_MINUS_INFINITY 0x007fffffu
#define SORTABLE_ZERO 0x80000000u
#define SORTABLE_INFINITY 0xff800000u

static inline uint32_t sortable_from_bits(uint32_t bits)
{
    return bits & BITS_SIGN ? ~bits : bits | SORTABLE_ZERO;
}

static inline uint32_t sortable_to_bits(uint32_t sortable)
{
    return sortable & SORTABLE_ZERO ? sortable ^ SORTABLE_ZERO : ~sortable;
}

/* As a value: -0 becomes 0. */
static inline float sortable_to_float(uint32_t sortable)
{
    return bits_to_float(sortable_to_bits(sortable)) + 0.0f;
}

#endif
