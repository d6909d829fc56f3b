/* Histograms with equal bins: numpy.histogram's edges and counts, to the bit (numpy 1.24, float32
 * data). */
#ifndef COMMON_STATS_HISTOGRAM_H
#define COMMON_STATS_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

#define HISTOGRAM_MAX_BINS 65536
/* numpy takes a range beyond this as double precision, which changes the edges; we refuse it. */
#define HISTOGRAM_LIMIT 3.4e38

/* Which histogram: its bins and how samples are put into them. */
struct histogram {
    uint64_t bins; /* 0: none */
    bool given;    /* the range was given; else it is the minimum and maximum of the samples */
    double range[2];
    double first, last; /* outer edges */
    float *edges;       /* bins + 1 */
    uint64_t *counts;   /* bins, and one more for the numbers outside */

    float low, high; /* what lies outside is left out */
    float origin;
    double scale; /* bins per unit */
    bool precise; /* the bin is computed in double precision */
    float *upper; /* first sample that is beyond bin k; none is beyond the last */
    float margin; /* farther than this from an edge, in bins, rounding can't matter; 0: not known */
};

/* False for a range that is reversed, not finite or beyond HISTOGRAM_LIMIT. */
bool histogram_range_fits(const double range[2]);

/* An empty histogram. range NULL: from minimum to maximum, NAN where there are no numbers. On
 * failure (no memory) *histogram is empty. */
bool histogram_init(struct histogram *histogram, uint64_t bins, const double *range, float minimum,
                    float maximum, struct fail *fail);
void histogram_free(struct histogram *histogram);
bool histogram_same(const struct histogram *a, const struct histogram *b);

/* The bin of a value; histogram->bins where it is outside or NaN. */
size_t histogram_bin(const struct histogram *histogram, float value);

/* Fast counters; several, lest each waits for the one before. */
#define HISTOGRAM_PARTS 4

struct histogram_counter {
    uint32_t *part[HISTOGRAM_PARTS]; /* bins + 1 each */
};

bool histogram_counter_init(struct histogram_counter *counter, const struct histogram *histogram);
void histogram_counter_free(struct histogram_counter *counter);
/* v[0..n); NaN count as outside. At most 2^32 - 1 samples until histogram_collect(). */
void histogram_count(struct histogram_counter *counter, const struct histogram *histogram,
                     const float *v, size_t n);
/* Moves what was counted into the histogram. */
void histogram_collect(struct histogram *histogram, struct histogram_counter *counter);

#endif
