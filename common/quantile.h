/* Order statistics by selection: counts of the upper half of each sample's key say in which bucket
 * a rank lies, counts of the lower half in that bucket say which value it is. */
#ifndef COMMON_QUANTILE_H
#define COMMON_QUANTILE_H

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
#define COARSE_PARTS 4

struct coarse_counter {
    uint32_t *part[COARSE_PARTS]; /* BUCKETS each, by the float's upper half */
};

bool coarse_counter_init(struct coarse_counter *counter);
void coarse_counter_free(struct coarse_counter *counter);
/* v[0..n), no NaN. At most 2^32 - 1 samples until coarse_collect(). */
void coarse_count(struct coarse_counter *counter, const float *v, size_t n);
/* Moves what was counted into counts[BUCKETS], ordered by key. */
void coarse_collect(uint64_t *counts, struct coarse_counter *counter);

/* Counts of all values of a few buckets. */
#define FINE_MOST 8

struct fine {
    size_t buckets;
    uint16_t bucket[FINE_MOST]; /* upper halves of keys, ascending */
    uint64_t *counts;           /* BUCKETS for each bucket */
};

/* None of buckets[] twice; on failure (no memory) *fine is empty. */
bool fine_init(struct fine *fine, const uint16_t *buckets, size_t count);
void fine_free(struct fine *fine);
bool fine_same(const struct fine *a, const struct fine *b);
/* Counts of the values of a bucket; NULL where the bucket is none of these. */
uint64_t *fine_counts(const struct fine *fine, size_t bucket);

struct fine_counter {
    uint8_t *wanted;  /* by the float's upper half: 0, or 1 + index of its bucket */
    uint32_t *counts; /* by the float's lower half, BUCKETS for each bucket */
};

bool fine_counter_init(struct fine_counter *counter, const struct fine *fine);
void fine_counter_free(struct fine_counter *counter);
/* v[0..n). At most 2^32 - 1 samples until fine_collect(). */
void fine_count(struct fine_counter *counter, const float *v, size_t n);
void fine_collect(struct fine *fine, struct fine_counter *counter);

#endif
