#include "common/tally.h"

#include <math.h>
#include <stdlib.h>

#include "common/kernel_range.h"
#include "common/pass.h"

/* Before any 32-bit counter can overflow. */
#define PENDING_MOST (UINT32_MAX - PASS_BLOCK)

static bool no_memory(struct tally *tally)
{
    return fail_errno(&tally->fail, "statistics");
}

/* The counters for what a list of values would have answered. */
static bool start_counters(struct tally *tally)
{
    const struct summary *total = tally->plan->total;
    bool first_look = !tally->plan->second_look;
    if (first_look && total->coarse && !coarse_counter_init(&tally->coarse))
        return no_memory(tally);
    if (first_look && total->has_moments && !(tally->sum = calloc(1, sizeof *tally->sum)))
        return no_memory(tally);
    if (total->fine.buckets > 0 && !fine_counter_init(&tally->fine, &total->fine))
        return no_memory(tally);
    if (total->histogram.bins > 0 && !histogram_counter_init(&tally->histogram, &total->histogram))
        return no_memory(tally);
    return true;
}

bool tally_init(struct tally *tally, struct tally_plan *plan, struct fail *fail)
{
    *tally = (struct tally){.plan = plan};
    summary_init(&tally->own, 0);
    tally->listing = !plan->total->crowded && !plan->second_look;
    bool ok = tally->listing
                  ? distinct_init(&tally->distinct, plan->total->values_most) || no_memory(tally)
                  : start_counters(tally);
    tally->distinct.gives_up = plan->total->gives_up;
    if (!ok)
        fail_set(fail, "%s", tally->fail.text);
    return ok;
}

void tally_free(struct tally *tally)
{
    free(tally->numbers);
    free(tally->sum);
    distinct_free(&tally->distinct);
    coarse_counter_free(&tally->coarse);
    fine_counter_free(&tally->fine);
    histogram_counter_free(&tally->histogram);
}

static bool collect_values(struct tally *tally, struct summary *total)
{
    struct distinct *distinct = &tally->distinct;
    struct value_count *list = malloc((distinct->used + 1) * sizeof *list);
    if (!list)
        return no_memory(tally);
    distinct_list(distinct, list);
    bool ok = summary_add_values(total, list, distinct->used, &tally->fail);
    free(list);
    total->nans += distinct->nans;
    total->infinities[0] += distinct->infinities[0];
    total->infinities[1] += distinct->infinities[1];
    distinct_clear(distinct);
    return ok;
}

static void collect_counters(struct tally *tally, struct summary *total)
{
    if (tally->coarse.part[0])
        coarse_collect(total->coarse, &tally->coarse);
    if (tally->sum) {
        exact_sum_total(tally->sum, &total->moments);
        *tally->sum = (struct exact_sum){.mantissas = {0}};
    }
    if (tally->fine.counts)
        fine_collect(&total->fine, &tally->fine);
    if (tally->histogram.part[0])
        histogram_collect(&total->histogram, &tally->histogram);
}

static void collect_own(struct tally *tally, struct summary *total)
{
    struct summary *own = &tally->own;
    total->samples += own->samples;
    total->nans += own->nans;
    total->infinities[0] += own->infinities[0];
    total->infinities[1] += own->infinities[1];
    if (own->first_infinity < total->first_infinity)
        total->first_infinity = own->first_infinity;
    if (own->lowest <= own->highest)
        summary_add_range(total, own->lowest, own->highest);
    summary_init(own, 0);
}

bool tally_collect(struct tally *tally)
{
    struct tally_plan *plan = tally->plan;
    pthread_mutex_lock(&plan->mutex);
    bool ok = true;
    if (tally->listing)
        ok = collect_values(tally, plan->total);
    else if (!plan->second_look)
        summary_crowd(plan->total);
    collect_counters(tally, plan->total);
    if (!plan->second_look)
        collect_own(tally, plan->total);
    pthread_mutex_unlock(&plan->mutex);
    tally->pending = 0;
    return ok;
}

/* Too many distinct values: the list so far goes to the total, and counters take over. */
static bool end_listing(struct tally *tally)
{
    bool ok = tally_collect(tally);
    pthread_mutex_lock(&tally->plan->mutex);
    summary_crowd(tally->plan->total);
    pthread_mutex_unlock(&tally->plan->mutex);
    tally->listing = false;
    distinct_free(&tally->distinct);
    return ok && start_counters(tally);
}

static bool note_infinity(struct tally *tally, const float *v, size_t n, uint64_t at)
{
    size_t i = 0;
    while (i < n && !isinf(v[i]))
        i++;
    if (i < n && at + i < tally->own.first_infinity)
        tally->own.first_infinity = at + i;
    return tally->plan->take_infinities;
}

/* Copies the numbers of v[0..n) to tally->numbers, counts the others; SIZE_MAX: no memory. */
static size_t pick_numbers(struct tally *tally, const float *v, size_t n)
{
    if (!tally->numbers && !(tally->numbers = malloc(PASS_BLOCK * sizeof *tally->numbers))) {
        no_memory(tally);
        return SIZE_MAX;
    }
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        tally->numbers[count] = v[i];
        count += isfinite(v[i]) != 0;
        tally->own.nans += isnan(v[i]) != 0;
        tally->own.infinities[v[i] > 0] += isinf(v[i]) != 0;
    }
    return count;
}

static void count_numbers(struct tally *tally, const float *v, size_t n)
{
    const struct summary *total = tally->plan->total;
    if (tally->coarse.part[0])
        coarse_count(&tally->coarse, v, n);
    if (tally->sum)
        exact_sum_span(tally->sum, v, n);
    if (tally->fine.counts)
        fine_count(&tally->fine, v, n);
    if (tally->histogram.part[0])
        histogram_count(&tally->histogram, &total->histogram, v, n);
}

static bool count_block(struct tally *tally, const float *v, size_t n, uint64_t at)
{
    struct key_range range = range_of_span(v, n);
    if (!range_is_finite(range)) {
        uint64_t *infinities = tally->own.infinities, before = infinities[0] + infinities[1];
        size_t count = pick_numbers(tally, v, n);
        if (count == SIZE_MAX)
            return false;
        if (infinities[0] + infinities[1] > before && !note_infinity(tally, v, n, at))
            return false;
        v = tally->numbers;
        n = count;
        range = range_of_span(v, n);
    }
    if (n > 0)
        summary_add_range(&tally->own, range.lowest, range.highest);
    count_numbers(tally, v, n);
    return true;
}

/* A list counts until it is full; the rest of the block goes on to the counters. */
static bool list_block(struct tally *tally, const float **v, size_t *n, uint64_t *at)
{
    uint64_t *infinities = tally->distinct.infinities, before = infinities[0] + infinities[1];
    size_t taken = distinct_count(&tally->distinct, *v, *n);
    if (infinities[0] + infinities[1] > before && !note_infinity(tally, *v, taken, *at))
        return false;
    if (taken < *n && !end_listing(tally))
        return false;
    *v += taken;
    *n -= taken;
    *at += taken;
    return true;
}

bool tally_block(struct tally *tally, const float *v, size_t n, uint64_t at)
{
    if (tally->pending > PENDING_MOST - n && !tally_collect(tally))
        return false;
    tally->pending += n;
    tally->own.samples += n;
    if (tally->plan->second_look) {
        count_numbers(tally, v, n);
        return true;
    }
    if (tally->listing && !list_block(tally, &v, &n, &at))
        return false;
    return n == 0 || count_block(tally, v, n, at);
}
