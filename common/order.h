/* The samples that percentiles lie between, looked up in a summary. */
#ifndef COMMON_ORDER_H
#define COMMON_ORDER_H

#include "common/summary.h"

/* The sample of a rank; two of them for each percentile. */
struct order {
    uint64_t rank;
    float value;
    bool known;
    uint16_t bucket; /* where it lies, while it is not known */
};

/* Those of count percentiles, in memory that the caller frees; NULL: no memory. */
struct order *orders_make(const double *quantiles, size_t count, const struct summary *summary,
                          struct fail *fail);
/* Looks up those of count percentiles. Returns how many buckets the unknown ones lie in (ascending,
 * the first FINE_MOST of them); *more: there are more than that. */
size_t orders_find(struct order *orders, size_t count, const struct summary *summary,
                   uint16_t buckets[FINE_MOST], bool *more);
/* Percentile number i, when all are known. */
double orders_percentile(const struct order *orders, const double *quantiles, size_t i,
                         const struct summary *summary);

#endif
