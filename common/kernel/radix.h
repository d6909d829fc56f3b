/* Order statistics by selection instead of sorting, in two steps over the bits of samples
 * (sortable.h): high counts, by the upper 16 bits, show in which bucket a rank lies; low counts, by
 * the lower 16 bits of the samples in that bucket, show which value it is. */
#ifndef COMMON_KERNEL_RADIX_H
#define COMMON_KERNEL_RADIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

#define BUCKETS 65536 /* of high counts; also the number of values in a bucket */

/* Where numpy.percentile's "linear" method finds percentile q in n sorted samples: between those of
 * two ranks, by weight. With weight 0 the second rank equals the first; numpy multiplies the
 * difference to the next sample by 0 there, and gets NaN where that difference overflows. */
struct quantile {
    uint64_t rank[2];
    double weight;
};

struct quantile quantile_of(double q, uint64_t n);
/* numpy 1.24's interpolation of float samples, to the bit. */
double quantile_between(float low, float high, double weight);

/* The index of the counter that includes rank *rank, which becomes the rank within that counter. It
 * must be below the sum of counts. */
size_t rank_find(const uint64_t *counts, uint64_t *rank);

/* Fast high counts, in several copies: neighbours often have the same bucket, and an increment
 * waits for the one before it of the same counter. */
#define HIGH_COPIES 4

struct high_counter {
    uint32_t *copy[HIGH_COPIES]; /* BUCKETS each, by the upper half of the float's own bits */
};

MUST_CHECK bool high_counter_init(struct high_counter *counter);
void high_counter_free(struct high_counter *counter);
/* Counts v[0..n), no NaN. At most 2^32 - 1 samples until high_collect(). */
void high_count(struct high_counter *counter, const float *v, size_t n);
/* Moves the counts to counts[BUCKETS]. */
void high_collect(uint64_t *counts, struct high_counter *counter);

/* Low counts of a few buckets. */
#define MAX_LOW_BUCKETS 8

struct low_counts {
    size_t buckets;
    uint16_t bucket[MAX_LOW_BUCKETS]; /* ascending */
    uint64_t *counts;                 /* BUCKETS for each bucket */
};

/* No bucket may occur twice. On failure (no memory) *low_counts is empty. */
MUST_CHECK bool low_counts_init(struct low_counts *low_counts, const uint16_t *buckets,
                                size_t count);
void low_counts_free(struct low_counts *low_counts);
/* Whether both count the same buckets. */
bool low_counts_same(const struct low_counts *a, const struct low_counts *b);
/* The counts of a bucket; NULL: it is not counted. */
uint64_t *low_counts_of(const struct low_counts *low_counts, size_t bucket);

/* Fast low counts. */
struct low_counter {
    uint8_t *wanted;  /* by the upper half of the float's own bits: 0, or 1 + index of its bucket */
    uint32_t *counts; /* by the lower half of these bits, BUCKETS for each bucket */
};

MUST_CHECK bool low_counter_init(struct low_counter *counter, const struct low_counts *low_counts);
void low_counter_free(struct low_counter *counter);
/* Counts v[0..n). At most 2^32 - 1 samples until low_collect(). */
void low_count(struct low_counter *counter, const float *v, size_t n);
/* Moves the counts to *low_counts. */
void low_collect(struct low_counts *low_counts, struct low_counter *counter);

#endif
