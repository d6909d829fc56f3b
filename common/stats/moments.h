/* Sums of floats and of their squares without rounding, so that no order and no split changes them;
 * mean and variance are rounded once, at the end. */
#ifndef COMMON_STATS_MOMENTS_H
#define COMMON_STATS_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "common/stats/int768.h"

/* Every finite float is a whole number of 2^-149, its square one of 2^-298. */
struct moments {
    struct int768 sum;     /* in 2^-149 */
    struct int768 squares; /* in 2^-298 */
};

void moments_add(struct moments *to, const struct moments *add);
/* Correctly rounded; NAN where n is 0. The variance is that of the whole population. */
double moments_mean(const struct moments *moments, uint64_t n);
double moments_variance(const struct moments *moments, uint64_t n);

/* The fast way there: mantissas of one sign and exponent are summed as they are. */
#define MOMENT_EXPONENTS 512
#define MOMENT_PARTS 4

struct moment_sums {
    uint128 mantissas[MOMENT_EXPONENTS], squares[MOMENT_EXPONENTS];
    /* Neighbours mostly share their exponent: several counters, lest each waits for the last. */
    uint64_t part_mantissas[MOMENT_PARTS][MOMENT_EXPONENTS];
    uint64_t part_squares[MOMENT_PARTS][MOMENT_EXPONENTS];
};

/* v[0..n), all finite. */
void moment_sums_add(struct moment_sums *sum, const float *v, size_t n);
/* The same finite value, count times. */
void moment_sums_add_value(struct moment_sums *sum, float value, uint64_t count);
/* Adds what was summed to *moments. */
void moment_sums_total(const struct moment_sums *sum, struct moments *moments);

#endif
