#include "common/stats/accumulator.h"

#include <math.h>
#include <stdlib.h>

#include "common/kernel/range.h"
#include "common/volume/loop.h"

/* Before any 32-bit counter can overflow. */
#define PENDING_MOST (UINT32_MAX - LOOP_BLOCK)

static bool no_memory(struct accumulator *accumulator)
{
    return fail_errno(&accumulator->fail, "statistics");
}

/* The counters for what a list of values would have answered. */
static bool start_counters(struct accumulator *accumulator)
{
    const struct summary *total = accumulator->plan->total;
    bool first_scan = !accumulator->plan->second_scan;
    if (first_scan && total->high_counts && !high_counter_init(&accumulator->high_counts))
        return no_memory(accumulator);
    if (first_scan && total->has_moments &&
        !(accumulator->sum = calloc(1, sizeof *accumulator->sum)))
        return no_memory(accumulator);
    if (total->low_counts.buckets > 0 &&
        !low_counter_init(&accumulator->low_counts, &total->low_counts))
        return no_memory(accumulator);
    if (total->histogram.bins > 0 &&
        !histogram_counter_init(&accumulator->histogram, &total->histogram))
        return no_memory(accumulator);
    return true;
}

bool accumulator_init(struct accumulator *accumulator, struct accumulator_plan *plan,
                      struct fail *fail)
{
    *accumulator = (struct accumulator){.plan = plan};
    summary_init(&accumulator->own, 0);
    accumulator->listing = !plan->total->overflowed && !plan->second_scan;
    bool ok = accumulator->listing
                  ? dictionary_init(&accumulator->dictionary, plan->total->max_values) ||
                        no_memory(accumulator)
                  : start_counters(accumulator);
    accumulator->dictionary.gives_up = plan->total->gives_up;
    if (!ok)
        fail_set(fail, "%s", accumulator->fail.text);
    return ok;
}

void accumulator_free(struct accumulator *accumulator)
{
    free(accumulator->numbers);
    free(accumulator->sum);
    dictionary_free(&accumulator->dictionary);
    high_counter_free(&accumulator->high_counts);
    low_counter_free(&accumulator->low_counts);
    histogram_counter_free(&accumulator->histogram);
}

static bool collect_values(struct accumulator *accumulator, struct summary *total)
{
    struct dictionary *dictionary = &accumulator->dictionary;
    struct value_count *list = malloc((dictionary->used + 1) * sizeof *list);
    if (!list)
        return no_memory(accumulator);
    dictionary_list(dictionary, list);
    bool ok = summary_add_values(total, list, dictionary->used, &accumulator->fail);
    free(list);
    total->nans += dictionary->nans;
    total->infinities[0] += dictionary->infinities[0];
    total->infinities[1] += dictionary->infinities[1];
    dictionary_clear(dictionary);
    return ok;
}

static void collect_counters(struct accumulator *accumulator, struct summary *total)
{
    if (accumulator->high_counts.part[0])
        high_collect(total->high_counts, &accumulator->high_counts);
    if (accumulator->sum) {
        moment_sums_total(accumulator->sum, &total->moments);
        *accumulator->sum = (struct moment_sums){.mantissas = {0}};
    }
    if (accumulator->low_counts.counts)
        low_collect(&total->low_counts, &accumulator->low_counts);
    if (accumulator->histogram.part[0])
        histogram_collect(&total->histogram, &accumulator->histogram);
}

static void collect_own(struct accumulator *accumulator, struct summary *total)
{
    struct summary *own = &accumulator->own;
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

bool accumulator_collect(struct accumulator *accumulator)
{
    struct accumulator_plan *plan = accumulator->plan;
    pthread_mutex_lock(&plan->mutex);
    bool ok = true;
    if (accumulator->listing)
        ok = collect_values(accumulator, plan->total);
    else if (!plan->second_scan)
        summary_overflow(plan->total);
    collect_counters(accumulator, plan->total);
    if (!plan->second_scan)
        collect_own(accumulator, plan->total);
    pthread_mutex_unlock(&plan->mutex);
    accumulator->pending = 0;
    return ok;
}

/* Too many distinct values: the list so far goes to the total, and counters take over. */
static bool end_listing(struct accumulator *accumulator)
{
    bool ok = accumulator_collect(accumulator);
    pthread_mutex_lock(&accumulator->plan->mutex);
    summary_overflow(accumulator->plan->total);
    pthread_mutex_unlock(&accumulator->plan->mutex);
    accumulator->listing = false;
    dictionary_free(&accumulator->dictionary);
    return ok && start_counters(accumulator);
}

static bool note_infinity(struct accumulator *accumulator, const float *v, size_t n, uint64_t at)
{
    size_t i = 0;
    while (i < n && !isinf(v[i]))
        i++;
    if (i < n && at + i < accumulator->own.first_infinity)
        accumulator->own.first_infinity = at + i;
    return accumulator->plan->take_infinities;
}

/* Copies the numbers of v[0..n) to tally->numbers, counts the others; SIZE_MAX: no memory. */
static size_t pick_numbers(struct accumulator *accumulator, const float *v, size_t n)
{
    if (!accumulator->numbers &&
        !(accumulator->numbers = malloc(LOOP_BLOCK * sizeof *accumulator->numbers))) {
        no_memory(accumulator);
        return SIZE_MAX;
    }
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        accumulator->numbers[count] = v[i];
        count += isfinite(v[i]) != 0;
        accumulator->own.nans += isnan(v[i]) != 0;
        accumulator->own.infinities[v[i] > 0] += isinf(v[i]) != 0;
    }
    return count;
}

static void count_numbers(struct accumulator *accumulator, const float *v, size_t n)
{
    const struct summary *total = accumulator->plan->total;
    if (accumulator->high_counts.part[0])
        high_count(&accumulator->high_counts, v, n);
    if (accumulator->sum)
        moment_sums_add(accumulator->sum, v, n);
    if (accumulator->low_counts.counts)
        low_count(&accumulator->low_counts, v, n);
    if (accumulator->histogram.part[0])
        histogram_count(&accumulator->histogram, &total->histogram, v, n);
}

static bool count_block(struct accumulator *accumulator, const float *v, size_t n, uint64_t at)
{
    struct sortable_range range = range_of_span(v, n);
    if (!range_is_finite(range)) {
        uint64_t *infinities = accumulator->own.infinities, before = infinities[0] + infinities[1];
        size_t count = pick_numbers(accumulator, v, n);
        if (count == SIZE_MAX)
            return false;
        if (infinities[0] + infinities[1] > before && !note_infinity(accumulator, v, n, at))
            return false;
        v = accumulator->numbers;
        n = count;
        range = range_of_span(v, n);
    }
    if (n > 0)
        summary_add_range(&accumulator->own, range.lowest, range.highest);
    count_numbers(accumulator, v, n);
    return true;
}

/* A list counts until it is full; the rest of the block goes on to the counters. */
static bool list_block(struct accumulator *accumulator, const float **v, size_t *n, uint64_t *at)
{
    uint64_t *infinities = accumulator->dictionary.infinities,
             before = infinities[0] + infinities[1];
    size_t taken = dictionary_count(&accumulator->dictionary, *v, *n);
    if (infinities[0] + infinities[1] > before && !note_infinity(accumulator, *v, taken, *at))
        return false;
    if (taken < *n && !end_listing(accumulator))
        return false;
    *v += taken;
    *n -= taken;
    *at += taken;
    return true;
}

bool accumulator_block(struct accumulator *accumulator, const float *v, size_t n, uint64_t at)
{
    if (accumulator->pending > PENDING_MOST - n && !accumulator_collect(accumulator))
        return false;
    accumulator->pending += n;
    accumulator->own.samples += n;
    if (accumulator->plan->second_scan) {
        count_numbers(accumulator, v, n);
        return true;
    }
    if (accumulator->listing && !list_block(accumulator, &v, &n, &at))
        return false;
    return n == 0 || count_block(accumulator, v, n, at);
}
