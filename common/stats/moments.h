/* Sums of floats and of their squares without rounding, so that they depend neither on the order of
 * the samples nor on how these are split; mean and variance are rounded once, at the end. */
#ifndef COMMON_STATS_MOMENTS_H
#define COMMON_STATS_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "common/math/int768.h"

/* Every finite float is an integer multiple of 2^-149, its square one of 2^-298. */
struct moments {
    struct int768 sum;     /* in units of 2^-149 */
    struct int768 squares; /* in units of 2^-298 */
};

void moments_add(struct moments *to, const struct moments *add);
/* Adds a finite value `count` times. */
void moments_add_value(struct moments *to, float value, uint64_t count);
/* Whether they can be those of n samples from lowest to highest. n 0: of none. */
MUST_CHECK bool moments_fit(const struct moments *moments, float lowest, float highest, uint64_t n);
/* Correctly rounded; NAN if n is 0. The variance is the population variance. */
double moments_mean(const struct moments *moments, uint64_t n);
double moments_variance(const struct moments *moments, uint64_t n);

/* Fast sums: mantissas are added up for each sign and exponent. There are several copies of the
 * sums because neighbours often have the same exponent, and an addition waits for the one before it
 * to the same sum. */
#define MOMENT_EXPONENTS 512
#define MOMENT_COPIES 4

struct moment_sums {
    uint128 mantissas[MOMENT_EXPONENTS], squares[MOMENT_EXPONENTS];
    uint64_t copied_mantissas[MOMENT_COPIES][MOMENT_EXPONENTS];
    uint64_t copied_squares[MOMENT_COPIES][MOMENT_EXPONENTS];
};

/* Adds v[0..n), all finite. */
void moment_sums_add(struct moment_sums *sum, const float *v, size_t n);
/* Adds the sums to *moments. */
void moment_sums_total(const struct moment_sums *sum, struct moments *moments);

#endif
