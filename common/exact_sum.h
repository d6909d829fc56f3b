/* Sums of floats and of their squares without rounding, so that no order and no split changes them;
 * mean and variance are rounded once, at the end. */
#ifndef COMMON_EXACT_SUM_H
#define COMMON_EXACT_SUM_H

#include <stddef.h>
#include <stdint.h>

#include "common/wide.h"

/* Every finite float is a whole number of 2^-149, its square one of 2^-298. */
struct moments {
    struct wide sum;     /* in 2^-149 */
    struct wide squares; /* in 2^-298 */
};

void moments_add(struct moments *to, const struct moments *add);
/* Correctly rounded; NAN where n is 0. The variance is that of the whole population. */
double moments_mean(const struct moments *moments, uint64_t n);
double moments_variance(const struct moments *moments, uint64_t n);

/* The fast way there: mantissas of one sign and exponent are summed as they are. */
#define EXACT_SUM_EXPONENTS 512
#define EXACT_SUM_PARTS 4

struct exact_sum {
    uint128 mantissas[EXACT_SUM_EXPONENTS], squares[EXACT_SUM_EXPONENTS];
    /* Neighbours mostly share their exponent: several counters, lest each waits for the last. */
    uint64_t part_mantissas[EXACT_SUM_PARTS][EXACT_SUM_EXPONENTS];
    uint64_t part_squares[EXACT_SUM_PARTS][EXACT_SUM_EXPONENTS];
};

/* v[0..n), all finite. */
void exact_sum_span(struct exact_sum *sum, const float *v, size_t n);
/* The same finite value, count times. */
void exact_sum_value(struct exact_sum *sum, float value, uint64_t count);
/* Adds what was summed to *moments. */
void exact_sum_total(const struct exact_sum *sum, struct moments *moments);

#endif
