#include "common/stats/order_statistic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/bits.h"
#include "common/kernel/sortable.h"

static float value_of_rank(const struct value_count *values, uint64_t rank)
{
    size_t i = 0;
    for (; rank >= values[i].count; i++)
        rank -= values[i].count;
    return sortable_to_float(values[i].sortable);
}

static void find_finite(struct order_statistic *order_statistic, uint64_t rank,
                        const struct summary *summary)
{
    if (!summary->overflowed) {
        order_statistic->value = value_of_rank(summary->values, rank);
        order_statistic->known = true;
        return;
    }
    if (rank == 0 || rank == summary_finite(summary) - 1) {
        order_statistic->value = rank == 0 ? summary_minimum(summary) : summary_maximum(summary);
        order_statistic->known = true;
        return;
    }
    size_t bucket = rank_find(summary->high_counts, &rank);
    const uint64_t *low_counts = low_counts_of(&summary->low_counts, bucket);
    order_statistic->bucket = (uint16_t)bucket;
    order_statistic->known = low_counts != NULL;
    if (low_counts)
        order_statistic->value =
            sortable_to_float((uint32_t)bucket << 16 | (uint32_t)rank_find(low_counts, &rank));
}

static void find_value(struct order_statistic *order_statistic, const struct summary *summary)
{
    uint64_t finite = summary_finite(summary), below = summary->infinities[0];
    if (order_statistic->known)
        return;
    if (order_statistic->rank >= below && order_statistic->rank - below < finite) {
        find_finite(order_statistic, order_statistic->rank - below, summary);
        return;
    }
    order_statistic->known = true;
    order_statistic->value = order_statistic->rank < below ? -INFINITY : INFINITY;
}

/* As numpy counts sorted samples: with infinities, without NaN. */
static uint64_t ordered_samples(const struct summary *summary)
{
    return summary->samples - summary->nans;
}

struct order_statistic *order_statistics_make(const double *quantiles, size_t count,
                                              const struct summary *summary, struct fail *fail)
{
    struct order_statistic *order_statistics = calloc(2 * count + 1, sizeof *order_statistics);
    if (!order_statistics)
        fail_errno(fail, "percentiles");
    uint64_t n = ordered_samples(summary);
    for (size_t i = 0; order_statistics && i < 2 * count; i++) {
        if (n == 0)
            order_statistics[i] = (struct order_statistic){.known = true, .value = NAN};
        else
            order_statistics[i].rank = quantile_of(quantiles[i / 2], n).rank[i % 2];
    }
    return order_statistics;
}

/* Inserts a bucket in ascending order, once; drops the highest one if there are too many. */
static size_t add_bucket(uint16_t buckets[MAX_LOW_BUCKETS], size_t count, uint16_t bucket,
                         bool *more)
{
    size_t i = 0;
    while (i < count && buckets[i] < bucket)
        i++;
    if (i < count && buckets[i] == bucket)
        return count;
    *more |= count == MAX_LOW_BUCKETS;
    if (i == MAX_LOW_BUCKETS)
        return count;
    count -= count == MAX_LOW_BUCKETS;
    memmove(buckets + i + 1, buckets + i, (count - i) * sizeof *buckets);
    buckets[i] = bucket;
    return count + 1;
}

size_t order_statistics_find(struct order_statistic *order_statistics, size_t count,
                             const struct summary *summary, uint16_t buckets[MAX_LOW_BUCKETS],
                             bool *more)
{
    size_t found = 0;
    *more = false;
    for (size_t i = 0; i < 2 * count; i++) {
        find_value(&order_statistics[i], summary);
        if (!order_statistics[i].known)
            found = add_bucket(buckets, found, order_statistics[i].bucket, more);
    }
    return found;
}

size_t order_statistics_fit(struct order_statistic *order_statistics, size_t count,
                            const struct summary *summary)
{
    uint16_t buckets[MAX_LOW_BUCKETS];
    uint64_t last = ordered_samples(summary) - 1;
    size_t found = 0;
    bool more = false;
    for (size_t i = 0; i < 2 * count; i++) {
        struct order_statistic *one = &order_statistics[i];
        find_value(one, summary);
        uint32_t bucket = one->known ? sortable_from_bits(bits_of(one->value)) >> 16 : one->bucket;
        if (one->rank > 0 && one->rank < last)
            found = add_bucket(buckets, found, (uint16_t)bucket, &more);
        if (more)
            return i / 2;
    }
    return count;
}

double order_statistics_percentile(const struct order_statistic *order_statistics,
                                   const double *quantiles, size_t i, const struct summary *summary)
{
    uint64_t n = ordered_samples(summary);
    double weight = n > 0 ? quantile_of(quantiles[i], n).weight : 0;
    return quantile_between(order_statistics[2 * i].value, order_statistics[2 * i + 1].value,
                            weight);
}
