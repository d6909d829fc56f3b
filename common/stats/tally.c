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
 * Who may touch what: a tally belongs to one thread at a time. What plan->total has counted
 * is read and written only under plan->mutex; which counters it has, their buckets and their edges
 * don't change during a scan, so these are read without. */
#include "common/stats/tally.h"

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
static bool init_counters(struct tally *tally, struct fail *fail)
{
    const struct summary *total = tally->plan->total;
    bool first_scan = !tally->plan->second_scan;
    if (first_scan && total->high_counts && !high_counter_init(&tally->high_counts))
        return no_memory(fail);
    if (first_scan && total->has_moments && !(tally->sums = calloc(1, sizeof *tally->sums)))
        return no_memory(fail);
    if (total->low_counts.buckets > 0 && !low_counter_init(&tally->low_counts, &total->low_counts))
        return no_memory(fail);
    return total->histogram.bins == 0 ||
           histogram_counter_init(&tally->histogram, &total->histogram) || no_memory(fail);
}

bool tally_init(struct tally *tally, struct tally_plan *plan, struct fail *fail)
{
    *tally = (struct tally){.plan = plan};
    summary_init(&tally->local, 0);
    tally->listing = !plan->total->overflowed && !plan->second_scan;
    if (!tally->listing)
        return init_counters(tally, fail);
    if (!dictionary_init(&tally->dictionary, plan->total->max_values))
        return no_memory(fail);
    tally->dictionary.stop_early = plan->total->stop_early;
    return true;
}

void tally_free(struct tally *tally)
{
    free(tally->finite);
    free(tally->sums);
    dictionary_free(&tally->dictionary);
    high_counter_free(&tally->high_counts);
    low_counter_free(&tally->low_counts);
    histogram_counter_free(&tally->histogram);
}

static void collect_counters(struct tally *tally, struct summary *total)
{
    if (tally->high_counts.copy[0])
        high_collect(total->high_counts, &tally->high_counts);
    if (tally->sums) {
        moment_sums_total(tally->sums, &total->moments);
        *tally->sums = (struct moment_sums){.mantissas = {0}};
    }
    if (tally->low_counts.counts)
        low_collect(&total->low_counts, &tally->low_counts);
    if (tally->histogram.copy[0])
        histogram_collect(&total->histogram, &tally->histogram);
}

static void collect_local(struct tally *tally, struct summary *total)
{
    struct summary *local = &tally->local;
    total->samples += local->samples;
    total->nans += local->nans;
    total->infinities[0] += local->infinities[0];
    total->infinities[1] += local->infinities[1];
    if (local->lowest <= local->highest)
        summary_add_range(total, local->lowest, local->highest);
    summary_init(local, 0);
}

bool tally_collect(struct tally *tally, struct fail *fail)
{
    struct tally_plan *plan = tally->plan;
    pthread_mutex_lock(&plan->mutex);
    bool ok = true;
    if (tally->listing) {
        ok = summary_add_dictionary(plan->total, &tally->dictionary, fail);
        dictionary_clear(&tally->dictionary);
    } else if (!plan->second_scan) {
        summary_overflow(plan->total);
    }
    collect_counters(tally, plan->total);
    if (!plan->second_scan)
        collect_local(tally, plan->total);
    pthread_mutex_unlock(&plan->mutex);
    tally->uncollected = 0;
    return ok;
}

/* There are too many values: the dictionary goes to the total, and counters replace it. */
static bool end_listing(struct tally *tally, struct fail *fail)
{
    bool ok = tally_collect(tally, fail);
    pthread_mutex_lock(&tally->plan->mutex);
    summary_overflow(tally->plan->total);
    pthread_mutex_unlock(&tally->plan->mutex);
    tally->listing = false;
    dictionary_free(&tally->dictionary);
    return ok && init_counters(tally, fail);
}

/* v[0..n) has an infinity. */
static bool check_infinity(const struct tally_plan *plan, const float *v, size_t n, uint64_t at,
                           struct fail *fail)
{
    size_t i = 0;
    while (i < n && !isinf(v[i]))
        i++;
    return plan->allow_infinities ||
           reader_refuse_infinite(plan->reader, at + i,
                                  "; statistics need finite ones (volclip -v LOW,HIGH makes them)",
                                  fail);
}

/* Copies the finite samples of v[0..n) to tally->finite and returns how many there are; counts the
 * others. */
static size_t copy_finite(struct tally *tally, const float *v, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        tally->finite[count] = v[i];
        count += isfinite(v[i]) != 0;
        tally->local.nans += isnan(v[i]) != 0;
        tally->local.infinities[v[i] > 0] += isinf(v[i]) != 0;
    }
    return count;
}

static void count_finite(struct tally *tally, const float *v, size_t n)
{
    if (tally->high_counts.copy[0])
        high_count(&tally->high_counts, v, n);
    if (tally->sums)
        moment_sums_add(tally->sums, v, n);
    if (tally->low_counts.counts)
        low_count(&tally->low_counts, v, n);
    if (tally->histogram.copy[0])
        histogram_count(&tally->histogram, &tally->plan->total->histogram, v, n);
}

static bool count_block(struct tally *tally, const float *v, size_t n, uint64_t at,
                        struct fail *fail)
{
    struct sortable_range range = range_of_span(v, n);
    if (!range_is_finite(range)) {
        uint64_t *infinities = tally->local.infinities, before = infinities[0] + infinities[1];
        if (!tally->finite && !(tally->finite = malloc(LOOP_BLOCK * sizeof *tally->finite)))
            return no_memory(fail);
        size_t count = copy_finite(tally, v, n);
        if (infinities[0] + infinities[1] > before && !check_infinity(tally->plan, v, n, at, fail))
            return false;
        v = tally->finite;
        n = count;
        range = range_of_span(v, n);
    }
    if (n > 0)
        summary_add_range(&tally->local, range.lowest, range.highest);
    count_finite(tally, v, n);
    return true;
}

/* Counts values until there are too many; *listed: how many samples were counted. */
static bool list_block(struct tally *tally, const float *v, size_t n, uint64_t at, size_t *listed,
                       struct fail *fail)
{
    uint64_t *infinities = tally->dictionary.infinities, before = infinities[0] + infinities[1];
    *listed = dictionary_count(&tally->dictionary, v, n);
    if (infinities[0] + infinities[1] > before &&
        !check_infinity(tally->plan, v, *listed, at, fail))
        return false;
    if (tally->dictionary.no_memory)
        return no_memory(fail);
    return *listed == n || end_listing(tally, fail);
}

bool tally_block(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct tally *tally = state;
    size_t listed = 0;
    if (tally->uncollected > MAX_UNCOLLECTED - n && !tally_collect(tally, fail))
        return false;
    tally->uncollected += n;
    tally->local.samples += n;
    if (tally->plan->second_scan) {
        count_finite(tally, v, n);
        return true;
    }
    if (tally->listing && !list_block(tally, v, n, at, &listed, fail))
        return false;
    return listed == n || count_block(tally, v + listed, n - listed, at + listed, fail);
}
