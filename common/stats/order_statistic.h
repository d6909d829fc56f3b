/* The samples between which percentiles lie, found in a summary. */
#ifndef COMMON_STATS_ORDER_STATISTIC_H
#define COMMON_STATS_ORDER_STATISTIC_H

#include "common/stats/summary.h"

/* The sample of a rank. There are two for each percentile. */
struct order_statistic {
    uint64_t rank;
    float value;
    bool known;
    uint16_t bucket; /* of high counts, while the value is not known */
};

/* For `count` percentiles, in memory that the caller frees; NULL: no memory. */
MUST_CHECK struct order_statistic *order_statistics_make(const double *quantiles, size_t count,
                                                         const struct summary *summary,
                                                         struct fail *fail);
/* Finds the values that the summary has. Writes the buckets of the others in ascending order, at
 * most the first MAX_LOW_BUCKETS, and returns how many; *more: there are more buckets. */
size_t order_statistics_find(struct order_statistic *order_statistics, size_t count,
                             const struct summary *summary, uint16_t buckets[MAX_LOW_BUCKETS],
                             bool *more);
/* How many of the first percentiles one scan that counts MAX_LOW_BUCKETS buckets can find. Values
 * that the summary has already count as if they were to be found: so the answer depends on the
 * volume alone, and is the same from a statistics file as by measuring. */
size_t order_statistics_fit(struct order_statistic *order_statistics, size_t count,
                            const struct summary *summary);
/* Percentile number i. All values must be known. */
double order_statistics_percentile(const struct order_statistic *order_statistics,
                                   const double *quantiles, size_t i,
                                   const struct summary *summary);

#endif
