/* The samples that percentiles lie between, looked up in a summary. */
#ifndef COMMON_STATS_ORDER_STATISTIC_H
#define COMMON_STATS_ORDER_STATISTIC_H

#include "common/stats/summary.h"

/* The sample of a rank; two of them for each percentile. */
struct order_statistic {
    uint64_t rank;
    float value;
    bool known;
    uint16_t bucket; /* where it lies, while it is not known */
};

/* Those of count percentiles, in memory that the caller frees; NULL: no memory. */
struct order_statistic *order_statistics_make(const double *quantiles, size_t count,
                                              const struct summary *summary, struct fail *fail);
/* Looks up those of count percentiles. Returns how many buckets the unknown ones lie in (ascending,
 * the first MAX_LOW_BUCKETS of them); *more: there are more than that. */
size_t order_statistics_find(struct order_statistic *order_statistics, size_t count,
                             const struct summary *summary, uint16_t buckets[MAX_LOW_BUCKETS],
                             bool *more);
/* Percentile number i, when all are known. */
double order_statistics_percentile(const struct order_statistic *order_statistics,
                                   const double *quantiles, size_t i,
                                   const struct summary *summary);

#endif
