/* Floats as integers that sort alike, for selection without sorting. */
#ifndef COMMON_KERNEL_SORTABLE_H
#define COMMON_KERNEL_SORTABLE_H

#include <stdint.h>
#include <string.h>

#include "common/kernel/cpu.h"

/* key(a) < key(b) exactly when a < b; -0 lies directly below 0, NaN lie beyond both infinities. */
#define SORTABLE_MINUS_INFINITY 0x007fffffu
#define SORTABLE_ZERO 0x80000000u
#define SORTABLE_INFINITY 0xff800000u

static inline uint32_t float_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float bits_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t sortable_from_bits(uint32_t bits)
{
    return bits >> 31 ? ~bits : bits | SORTABLE_ZERO;
}

static inline uint32_t bits_from_sortable(uint32_t key)
{
    return key >> 31 ? key ^ SORTABLE_ZERO : ~key;
}

/* All bits where true: what samples do side by side, in vectors, must not branch. */
static inline CPU_INLINE uint32_t mask_bits(int condition)
{
    return -(uint32_t)condition;
}

/* As a value: the two zeros are one. */
static inline float float_from_sortable(uint32_t key)
{
    return bits_float(bits_from_sortable(key)) + 0.0f;
}

#endif
