/* Arithmetic of counts. */
#ifndef COMMON_BASE_COUNT_H
#define COMMON_BASE_COUNT_H

#include <stdint.h>

#include "common/base/fail.h"

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Adds numbers that a file gives. False, and *sum as it was, where 64 bits are too few. */
MUST_CHECK static inline bool add_u64(uint64_t *sum, uint64_t number)
{
    uint64_t before = *sum;
    *sum = number <= UINT64_MAX - before ? before + number : before;
    return number <= UINT64_MAX - before;
}

#endif
