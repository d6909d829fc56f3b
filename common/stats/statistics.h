/* Exact statistics of a volume: the only implementation of ranges, histograms and percentiles.
 * Memory is bounded for volumes of any size; the results do not depend on the order of the samples.
 */
#ifndef COMMON_STATS_STATISTICS_H
#define COMMON_STATS_STATISTICS_H

#include "common/stats/order_statistic.h"
#include "common/stats/summary.h"
#include "common/stream/stream.h"

/* Zeroed: only samples, NaN, minimum and maximum. */
struct stats_request {
    bool moments;            /* mean and variance */
    bool central;            /* the central range, which is set without, too, where it is known */
    const double *quantiles; /* percentiles, each in [0, 100], as numpy.percentile's q */
    size_t quantile_count;
    bool quantiles_if_cheap; /* only the first of them, those that no further scan is needed for;
                                none where a summary does not have them */
    uint64_t bins;           /* 0: no histogram; otherwise at most HISTOGRAM_MAX_BINS */
    const double *range;     /* of the histogram: low, high; samples outside are left out, as
                                numpy.histogram does. NULL: minimum to maximum */
    struct reader *mask;     /* NULL, or a volume as for mask_reader(), from second_pass_reader():
                                samples where it is 0 are left out of everything */
    bool allow_infinities; /* otherwise, and for a histogram without a range, an infinite sample is
                              a failure that names its place */
};

struct stats_result {
    uint64_t samples; /* with NaN and infinities */
    uint64_t nans;    /* left out of all that follows */
    uint64_t infinities;
    float minimum, maximum; /* NAN if all samples are NaN */
    float central[2];       /* all but a thousandth of the finite samples at each end lie between:
                               their values where these were listed, else rounded outwards in the
                               last 16 bits. NAN: not known */
    double mean, variance;  /* population variance (numpy.var); correctly rounded */
    size_t quantile_count;
    double *percentiles; /* one per quantile: numpy's "linear" method for float32 data */
    struct order_statistic *order_statistics; /* the samples next to each, two per quantile */
    float *edges;                             /* bins + 1 */
    uint64_t *counts;                         /* bins */
};

/* Reads the whole volume, from its first sample, as often as the request needs; again: the reader
 * ends rewound to its first sample. If the volume is read more than once, the reader must come from
 * second_pass_reader(). On failure *result is empty. */
MUST_CHECK bool stats_gather(const struct stats_request *request, struct reader *reader, bool again,
                             struct stats_result *result, struct fail *fail);
void stats_free(struct stats_result *result);

/* The same from a summary; `name` is its name in messages. Fails if the summary does not have the
 * answer; the message says how to make one that has. */
MUST_CHECK bool stats_answer(const struct stats_request *request, const struct summary *summary,
                             const char *name, struct stats_result *result, struct fail *fail);

/* Makes a summary with all counters that the request needs, which can be added to others.
 *
 * A summary that has overflowed answers only the quantiles and the histogram for which it was made.
 * For a whole volume, pass `whole` NULL; the volume may be read twice. For parts of a volume,
 * summarize each with an empty request and add the summaries; then summarize each again with the
 * sum as `whole`, which shows what must be counted for the request. On failure *summary is empty.
 */
MUST_CHECK bool stats_summarize(const struct stats_request *request, const struct summary *whole,
                                struct reader *reader, struct summary *summary, struct fail *fail);

#endif
