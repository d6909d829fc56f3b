/* Why each thread has its own: a counter that threads share would have to be locked for each
 * sample. So each counts for itself, in 32 bits, and adds its counts to the summary of all before
 * one of them can overflow, and at the end. All counts are integers, or sums that are not rounded
 * (moments.h), so it makes no difference which thread has counted which block.
 *
 * How it counts: while there are few values a dictionary counts them, and nothing else is counted,
 * since all statistics follow from values and counts. When a thread meets too many, its dictionary
 * goes to the summary and the counters that the summary has take its place, from the next sample
 * on. Other threads go on with their dictionaries: a summary that has overflowed takes those too.
 *
 * Infinities and NaN are rare. A block is first searched for its range, which shows whether there
 * are any; only then are its finite samples copied, so that no counter has to ask.
 *
 * Who may touch what: an accumulator belongs to one thread at a time. What plan->total has counted
 * is read and written only under plan->mutex; which counters it has, their buckets and their edges
 * don't change during a scan, so these are read without. */
#include "common/stats/accumulator.h"

#include <math.h>
#include <stdlib.h>

#include "common/kernel/range.h"
#include "common/stream/loop.h"

/* One more block can't overflow a 32-bit counter. */
#define MAX_UNCOLLECTED (UINT32_MAX - LOOP_BLOCK)

static bool no_memory(struct fail *fail)
{
    return fail_memory(fail, "statistics");
}

/* The counters that replace the dictionary. */
static bool init_counters(struct accumulator *accumulator, struct fail *fail)
{
    const struct summary *total = accumulator->plan->total;
    bool first_scan = !accumulator->plan->second_scan;
    if (first_scan && total->high_counts && !high_counter_init(&accumulator->high_counts))
        return no_memory(fail);
    if (first_scan && total->has_moments &&
        !(accumulator->sums = calloc(1, sizeof *accumulator->sums)))
        return no_memory(fail);
    if (total->low_counts.buckets > 0 &&
        !low_counter_init(&accumulator->low_counts, &total->low_counts))
        return no_memory(fail);
    return total->histogram.bins == 0 ||
           histogram_counter_init(&accumulator->histogram, &total->histogram) || no_memory(fail);
}

bool accumulator_init(struct accumulator *accumulator, struct accumulator_plan *plan,
                      struct fail *fail)
{
    *accumulator = (struct accumulator){.plan = plan};
    summary_init(&accumulator->local, 0);
    accumulator->listing = !plan->total->overflowed && !plan->second_scan;
    if (!accumulator->listing)
        return init_counters(accumulator, fail);
    if (!dictionary_init(&accumulator->dictionary, plan->total->max_values))
        return no_memory(fail);
    accumulator->dictionary.stop_early = plan->total->stop_early;
    return true;
}

void accumulator_free(struct accumulator *accumulator)
{
    free(accumulator->finite);
    free(accumulator->sums);
    dictionary_free(&accumulator->dictionary);
    high_counter_free(&accumulator->high_counts);
    low_counter_free(&accumulator->low_counts);
    histogram_counter_free(&accumulator->histogram);
}

static void collect_counters(struct accumulator *accumulator, struct summary *total)
{
    if (accumulator->high_counts.copy[0])
        high_collect(total->high_counts, &accumulator->high_counts);
    if (accumulator->sums) {
        moment_sums_total(accumulator->sums, &total->moments);
        *accumulator->sums = (struct moment_sums){.mantissas = {0}};
    }
    if (accumulator->low_counts.counts)
        low_collect(&total->low_counts, &accumulator->low_counts);
    if (accumulator->histogram.copy[0])
        histogram_collect(&total->histogram, &accumulator->histogram);
}

static void collect_local(struct accumulator *accumulator, struct summary *total)
{
    struct summary *local = &accumulator->local;
    total->samples += local->samples;
    total->nans += local->nans;
    total->infinities[0] += local->infinities[0];
    total->infinities[1] += local->infinities[1];
    if (local->lowest <= local->highest)
        summary_add_range(total, local->lowest, local->highest);
    summary_init(local, 0);
}

bool accumulator_collect(struct accumulator *accumulator, struct fail *fail)
{
    struct accumulator_plan *plan = accumulator->plan;
    pthread_mutex_lock(&plan->mutex);
    bool ok = true;
    if (accumulator->listing) {
        ok = summary_add_dictionary(plan->total, &accumulator->dictionary, fail);
        dictionary_clear(&accumulator->dictionary);
    } else if (!plan->second_scan) {
        summary_overflow(plan->total);
    }
    collect_counters(accumulator, plan->total);
    if (!plan->second_scan)
        collect_local(accumulator, plan->total);
    pthread_mutex_unlock(&plan->mutex);
    accumulator->uncollected = 0;
    return ok;
}

/* There are too many values: the dictionary goes to the total, and counters replace it. */
static bool end_listing(struct accumulator *accumulator, struct fail *fail)
{
    bool ok = accumulator_collect(accumulator, fail);
    pthread_mutex_lock(&accumulator->plan->mutex);
    summary_overflow(accumulator->plan->total);
    pthread_mutex_unlock(&accumulator->plan->mutex);
    accumulator->listing = false;
    dictionary_free(&accumulator->dictionary);
    return ok && init_counters(accumulator, fail);
}

/* v[0..n) has an infinity. */
static bool check_infinity(const struct accumulator_plan *plan, const float *v, size_t n,
                           uint64_t at, struct fail *fail)
{
    size_t i = 0;
    while (i < n && !isinf(v[i]))
        i++;
    return plan->allow_infinities ||
           reader_refuse_infinite(plan->reader, at + i,
                                  "; statistics need finite ones (volclip -v LOW,HIGH makes them)",
                                  fail);
}

/* Copies the finite samples of v[0..n) to accumulator->finite and returns how many there are;
 * counts the others. */
static size_t copy_finite(struct accumulator *accumulator, const float *v, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        accumulator->finite[count] = v[i];
        count += isfinite(v[i]) != 0;
        accumulator->local.nans += isnan(v[i]) != 0;
        accumulator->local.infinities[v[i] > 0] += isinf(v[i]) != 0;
    }
    return count;
}

static void count_finite(struct accumulator *accumulator, const float *v, size_t n)
{
    if (accumulator->high_counts.copy[0])
        high_count(&accumulator->high_counts, v, n);
    if (accumulator->sums)
        moment_sums_add(accumulator->sums, v, n);
    if (accumulator->low_counts.counts)
        low_count(&accumulator->low_counts, v, n);
    if (accumulator->histogram.copy[0])
        histogram_count(&accumulator->histogram, &accumulator->plan->total->histogram, v, n);
}

static bool count_block(struct accumulator *accumulator, const float *v, size_t n, uint64_t at,
                        struct fail *fail)
{
    struct sortable_range range = range_of_span(v, n);
    if (!range_is_finite(range)) {
        uint64_t *infinities = accumulator->local.infinities,
                 before = infinities[0] + infinities[1];
        if (!accumulator->finite &&
            !(accumulator->finite = malloc(LOOP_BLOCK * sizeof *accumulator->finite)))
            return no_memory(fail);
        size_t count = copy_finite(accumulator, v, n);
        if (infinities[0] + infinities[1] > before &&
            !check_infinity(accumulator->plan, v, n, at, fail))
            return false;
        v = accumulator->finite;
        n = count;
        range = range_of_span(v, n);
    }
    if (n > 0)
        summary_add_range(&accumulator->local, range.lowest, range.highest);
    count_finite(accumulator, v, n);
    return true;
}

/* Counts values until there are too many; *listed: how many samples were counted. */
static bool list_block(struct accumulator *accumulator, const float *v, size_t n, uint64_t at,
                       size_t *listed, struct fail *fail)
{
    uint64_t *infinities = accumulator->dictionary.infinities,
             before = infinities[0] + infinities[1];
    *listed = dictionary_count(&accumulator->dictionary, v, n);
    if (infinities[0] + infinities[1] > before &&
        !check_infinity(accumulator->plan, v, *listed, at, fail))
        return false;
    if (accumulator->dictionary.no_memory)
        return no_memory(fail);
    return *listed == n || end_listing(accumulator, fail);
}

bool accumulator_block(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct accumulator *accumulator = state;
    size_t listed = 0;
    if (accumulator->uncollected > MAX_UNCOLLECTED - n && !accumulator_collect(accumulator, fail))
        return false;
    accumulator->uncollected += n;
    accumulator->local.samples += n;
    if (accumulator->plan->second_scan) {
        count_finite(accumulator, v, n);
        return true;
    }
    if (accumulator->listing && !list_block(accumulator, v, n, at, &listed, fail))
        return false;
    return listed == n || count_block(accumulator, v + listed, n - listed, at + listed, fail);
}
