#include "common/order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/key.h"

static float value_of_rank(const struct value_count *values, uint64_t rank)
{
    size_t i = 0;
    for (; rank >= values[i].count; i++)
        rank -= values[i].count;
    return key_float(values[i].key);
}

static void find_number(struct order *order, uint64_t rank, const struct summary *summary)
{
    if (!summary->crowded) {
        order->value = value_of_rank(summary->values, rank);
        order->known = true;
        return;
    }
    if (rank == 0 || rank == summary_numbers(summary) - 1) {
        order->value = rank == 0 ? summary_minimum(summary) : summary_maximum(summary);
        order->known = true;
        return;
    }
    size_t bucket = rank_find(summary->coarse, &rank);
    const uint64_t *fine = fine_counts(&summary->fine, bucket);
    order->bucket = (uint16_t)bucket;
    order->known = fine != NULL;
    if (fine)
        order->value = key_float((uint32_t)bucket << 16 | (uint32_t)rank_find(fine, &rank));
}

static void find_order(struct order *order, const struct summary *summary)
{
    uint64_t numbers = summary_numbers(summary), below = summary->infinities[0];
    if (order->known)
        return;
    if (order->rank >= below && order->rank - below < numbers) {
        find_number(order, order->rank - below, summary);
        return;
    }
    order->known = true;
    order->value = order->rank < below ? -INFINITY : INFINITY;
}

/* Sorted samples, as numpy counts them: infinities are some, NaN are none. */
static uint64_t ordered_samples(const struct summary *summary)
{
    return summary->samples - summary->nans;
}

struct order *orders_make(const double *quantiles, size_t count, const struct summary *summary,
                          struct fail *fail)
{
    struct order *orders = calloc(2 * count + 1, sizeof *orders);
    if (!orders)
        fail_errno(fail, "percentiles");
    uint64_t n = ordered_samples(summary);
    for (size_t i = 0; orders && i < 2 * count; i++) {
        if (n == 0)
            orders[i] = (struct order){.known = true, .value = NAN};
        else
            orders[i].rank = quantile_of(quantiles[i / 2], n).rank[i % 2];
    }
    return orders;
}

/* Inserts a bucket in ascending order, once; the highest one goes where there are too many. */
static size_t add_bucket(uint16_t buckets[FINE_MOST], size_t count, uint16_t bucket, bool *more)
{
    size_t i = 0;
    while (i < count && buckets[i] < bucket)
        i++;
    if (i < count && buckets[i] == bucket)
        return count;
    *more |= count == FINE_MOST;
    if (i == FINE_MOST)
        return count;
    count -= count == FINE_MOST;
    memmove(buckets + i + 1, buckets + i, (count - i) * sizeof *buckets);
    buckets[i] = bucket;
    return count + 1;
}

size_t orders_find(struct order *orders, size_t count, const struct summary *summary,
                   uint16_t buckets[FINE_MOST], bool *more)
{
    size_t found = 0;
    *more = false;
    for (size_t i = 0; i < 2 * count; i++) {
        find_order(&orders[i], summary);
        if (!orders[i].known)
            found = add_bucket(buckets, found, orders[i].bucket, more);
    }
    return found;
}

double orders_percentile(const struct order *orders, const double *quantiles, size_t i,
                         const struct summary *summary)
{
    uint64_t n = ordered_samples(summary);
    double weight = n > 0 ? quantile_of(quantiles[i], n).weight : 0;
    return quantile_between(orders[2 * i].value, orders[2 * i + 1].value, weight);
}
