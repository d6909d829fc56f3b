/* Exact statistics of a volume: the one implementation behind every range, histogram and
 * percentile. Memory is bounded, whatever the volume; the results do not depend on the order of the
 * samples. */
#ifndef COMMON_STATS_STATISTICS_H
#define COMMON_STATS_STATISTICS_H

#include "common/stats/summary.h"
#include "common/volume/stream.h"

/* What is asked. Zeroed: samples, NaN count, minimum and maximum alone. */
struct stats_request {
    bool moments;            /* mean and variance */
    const double *quantiles; /* percentiles, each in [0, 100], as numpy.percentile's q */
    size_t quantile_count;
    uint64_t bins;        /* 0: no histogram; else numpy.histogram's, HISTOGRAM_MAX_BINS at most */
    const double *range;  /* NULL: minimum to maximum; else {low, high}: what lies outside is
                             left out of the histogram, as numpy.histogram's range does */
    struct reader *mask;  /* NULL, or a volume as for mask_reader(): samples where it is 0 are left
                             out, as if they were not there; must come from second_pass_reader() */
    bool take_infinities; /* else an infinite sample is a failure that names its place */
};

struct stats_result {
    uint64_t samples; /* NaN and infinities included */
    uint64_t nans;    /* left out of everything below */
    uint64_t infinities;
    float minimum, maximum; /* NAN when there is no number at all */
    double mean, variance;  /* population variance (numpy.var); correctly rounded */
    double *percentiles; /* one for each of quantiles, numpy's "linear" method for float32 data */
    float *edges;        /* bins + 1 */
    uint64_t *counts;    /* bins */
};

/* Reads the whole volume, from its first sample, as often as the answer needs, and leaves the
 * reader rewound at its first sample when `again` is set. A reader that may be read more than once
 * must come from second_pass_reader(). On failure *have is empty. */
bool stats_gather(const struct stats_request *request, struct reader *reader, bool again,
                  struct stats_result *result, struct fail *fail);
void stats_free(struct stats_result *result);

/* The same answers from a summary that was made before; `name` is its name for messages. Fails
 * where it does not hold the answer, and says how to get one that does. */
bool stats_answer(const struct stats_request *request, const struct summary *summary,
                  const char *name, struct stats_result *result, struct fail *fail);

/* Makes a summary that can be added to others (summary.h), with all its parts, in one pass.
 *
 * A crowded summary answers the quantiles and the histogram of `want` only if it was made for them.
 * Of a whole volume: without a guide, which takes a second pass (the reader is rewound). Of a part
 * of one: in two rounds. The first summarizes each part with an empty `want` and adds the
 * summaries; the second does it again with the sum as guide, which tells what to count to answer
 * `want`. */
bool stats_summarize(const struct stats_request *request, const struct summary *whole,
                     struct reader *reader, struct summary *summary, struct fail *fail);

#endif
