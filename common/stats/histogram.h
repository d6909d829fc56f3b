/* Histograms with bins of equal width: numpy.histogram's edges and counts, to the bit (numpy 1.24,
 * float32 data). */
#ifndef COMMON_STATS_HISTOGRAM_H
#define COMMON_STATS_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

#define HISTOGRAM_MAX_BINS 65536
/* numpy computes a range beyond this in double precision, which changes the edges; we refuse it. */
#define HISTOGRAM_LIMIT 3.4e38

struct histogram {
    uint64_t bins; /* 0: none */
    bool given;    /* the range was given; otherwise it is the minimum and maximum of the samples */
    double range[2];
    double first, last; /* outer edges */
    float *edges;       /* bins + 1 */
    uint64_t *counts;   /* bins, and one more for samples outside the range */

    float low, high; /* the range */
    float *upper; /* upper edge of each bin; INFINITY for the last one, which includes its edge */
    /* The bin of a sample is the integer part of (sample - origin) * scale, unless rounding moves
     * it over an edge: this can happen less than `margin` bins from one. margin 0: anywhere. */
    float origin, margin;
    double scale;
    bool precise; /* computed in double precision */
};

/* False for a range that is reversed, not finite or beyond HISTOGRAM_LIMIT. */
bool histogram_range_fits(const double range[2]);

/* A histogram without counts. range NULL: from minimum to maximum, which are NAN if there are no
 * samples. On failure (no memory) histogram->bins is 0. */
MUST_CHECK bool histogram_init(struct histogram *histogram, uint64_t bins, const double *range,
                               float minimum, float maximum, struct fail *fail);
void histogram_free(struct histogram *histogram);
/* Whether both have the same bins. */
bool histogram_same(const struct histogram *a, const struct histogram *b);

/* The bin of a value; histogram->bins if it is outside or NaN. */
size_t histogram_bin(const struct histogram *histogram, float value);

/* Fast counters, in several copies, because an increment waits for the one before it of the same
 * counter. */
#define HISTOGRAM_COPIES 4

struct histogram_counter {
    uint32_t *copy[HISTOGRAM_COPIES]; /* bins + 1 each */
};

MUST_CHECK bool histogram_counter_init(struct histogram_counter *counter,
                                       const struct histogram *histogram);
void histogram_counter_free(struct histogram_counter *counter);
/* Counts v[0..n), NaN as outside. At most 2^32 - 1 samples until histogram_collect(). */
void histogram_count(struct histogram_counter *counter, const struct histogram *histogram,
                     const float *v, size_t n);
/* Moves the counts to the histogram. */
void histogram_collect(struct histogram *histogram, struct histogram_counter *counter);

#endif
