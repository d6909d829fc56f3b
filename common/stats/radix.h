/* Order statistics by selection: counts of the upper half of each sample's key say in which bucket
 * a rank lies, counts of the lower half in that bucket say which value it is. */
#ifndef COMMON_STATS_RADIX_H
#define COMMON_STATS_RADIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUCKETS 65536 /* upper halves; and values in a bucket */

/* Where numpy.percentile's "linear" method finds percentile q in n sorted samples: between those of
 * two ranks, by weight. With weight 0 the second rank is the first again; numpy multiplies the
 * difference to the next sample by 0 there, and gets NaN where that is too large for a float. */
struct quantile {
    uint64_t rank[2];
    double weight;
};

struct quantile quantile_of(double q, uint64_t n);
/* numpy 1.24's interpolation of float samples, to the bit. */
double quantile_between(float low, float high, double weight);

/* The counter that holds rank; *rank becomes the rank within it. There must be one. */
size_t rank_find(const uint64_t *counts, uint64_t *rank);

/* Fast counters of upper halves; several, lest each waits for the one before. */
#define HIGH_PARTS 4

struct high_counter {
    uint32_t *part[HIGH_PARTS]; /* BUCKETS each, by the float's upper half */
};

bool high_counter_init(struct high_counter *counter);
void high_counter_free(struct high_counter *counter);
/* v[0..n), no NaN. At most 2^32 - 1 samples until high_collect(). */
void high_count(struct high_counter *counter, const float *v, size_t n);
/* Moves what was counted into counts[BUCKETS], ordered by key. */
void high_collect(uint64_t *counts, struct high_counter *counter);

/* Counts of all values of a few buckets. */
#define MAX_LOW_BUCKETS 8

struct low_counts {
    size_t buckets;
    uint16_t bucket[MAX_LOW_BUCKETS]; /* upper halves of keys, ascending */
    uint64_t *counts;                 /* BUCKETS for each bucket */
};

/* None of buckets[] twice; on failure (no memory) *fine is empty. */
bool low_counts_init(struct low_counts *low_counts, const uint16_t *buckets, size_t count);
void low_counts_free(struct low_counts *low_counts);
bool low_counts_same(const struct low_counts *a, const struct low_counts *b);
/* Counts of the values of a bucket; NULL where the bucket is none of these. */
uint64_t *low_counts_of(const struct low_counts *low_counts, size_t bucket);

struct low_counter {
    uint8_t *wanted;  /* by the float's upper half: 0, or 1 + index of its bucket */
    uint32_t *counts; /* by the float's lower half, BUCKETS for each bucket */
};

bool low_counter_init(struct low_counter *counter, const struct low_counts *low_counts);
void low_counter_free(struct low_counter *counter);
/* v[0..n). At most 2^32 - 1 samples until low_collect(). */
void low_count(struct low_counter *counter, const float *v, size_t n);
void low_collect(struct low_counts *low_counts, struct low_counter *counter);

#endif
