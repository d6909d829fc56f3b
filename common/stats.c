#include "common/stats.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/key.h"
#include "common/lanes.h"
#include "common/number.h"
#include "common/pass.h"
#include "common/tally.h"

/* With more distinct values than this, two passes of counting are faster than one of listing. */
#define LIST_MOST 16384

#define LANES_MOST 2
/* A smaller volume is not worth a thread. */
#define LANE_SAMPLES (8 * (uint64_t)PASS_BLOCK)

/* ---- one pass ---- */

static bool look(void *lanes, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    (void)fail;
    return lanes_give(lanes, v, n, at);
}

static bool infinity_fails(const struct reader *reader, uint64_t at, struct fail *fail)
{
    struct place place = volume_place(&reader->volume, at);
    return fail_set(fail,
                    "%s: infinite sample at plane %" PRIu64 ", row %" PRIu64 ", column %" PRIu64
                    "; statistics need finite ones (volclip -v LOW,HIGH makes them)",
                    reader->name, place.plane, place.row, place.column);
}

/* What went wrong, the earliest sample first, whichever lane saw it. */
static bool pass_fails(const struct tally *tallies, size_t lanes, const struct reader *reader,
                       const struct fail *reading, struct fail *fail)
{
    uint64_t infinity = tallies[0].plan->total->first_infinity;
    for (size_t i = 0; i < lanes; i++)
        if (tallies[i].own.first_infinity < infinity)
            infinity = tallies[i].own.first_infinity;
    if (infinity < UINT64_MAX && !tallies[0].plan->take_infinities)
        return infinity_fails(reader, infinity, fail);
    for (size_t i = 0; i < lanes; i++)
        if (tallies[i].fail.text[0] != '\0')
            fail_set(fail, "%s", tallies[i].fail.text);
    return fail_set(fail, "%s", reading->text);
}

static bool count_volume(struct tally_plan *plan, struct tally *tallies, size_t lane_count,
                         struct reader *reader, struct fail *fail)
{
    void *states[LANES_MOST] = {&tallies[0], &tallies[LANES_MOST - 1]};
    struct lanes *lanes = lanes_start(tally_block, states, lane_count);
    if (!lanes)
        return fail_errno(fail, "statistics");
    plan->total->first_infinity = UINT64_MAX;
    struct fail reading = {{0}};
    bool ok = pass_look(look, lanes, reader, &reading);
    ok = lanes_finish(lanes) && ok;
    for (size_t i = 0; ok && i < lane_count; i++)
        ok = tally_collect(&tallies[i]);
    return ok || pass_fails(tallies, lane_count, reader, &reading, fail);
}

static bool run_pass(struct tally_plan *plan, struct reader *reader, struct fail *fail)
{
    bool small = volume_samples(&reader->volume) < LANE_SAMPLES;
    size_t lane_count = small ? 1 : lanes_count(), begun = 0;
    struct tally tallies[LANES_MOST];
    pthread_mutex_init(&plan->mutex, NULL);
    bool ok = true;
    for (; ok && begun < lane_count; begun++)
        ok = tally_init(&tallies[begun], plan, fail);
    ok = ok && count_volume(plan, tallies, lane_count, reader, fail);
    for (size_t i = 0; i < begun; i++)
        tally_free(&tallies[i]);
    pthread_mutex_destroy(&plan->mutex);
    return ok;
}

static bool rewind_reader(struct reader *reader, struct fail *fail)
{
    return reader->at == 0 || reader_rewind(reader, fail) ||
           fail_set(fail, "%s: can't be read a second time", reader->name);
}

static bool first_look(struct summary *summary, bool take_infinities, struct reader *reader,
                       struct fail *fail)
{
    struct tally_plan plan = {.total = summary, .take_infinities = take_infinities};
    return rewind_reader(reader, fail) && run_pass(&plan, reader, fail);
}

static bool second_look(struct summary *summary, bool take_infinities, struct reader *reader,
                        struct fail *fail)
{
    struct tally_plan plan = {
        .total = summary, .take_infinities = take_infinities, .second_look = true};
    return rewind_reader(reader, fail) && run_pass(&plan, reader, fail);
}

/* ---- order statistics ---- */

/* The samples of some ranks, two for each percentile. */
struct order {
    uint64_t rank;
    float value;
    bool known;
    uint16_t bucket; /* where it lies, while it is not known */
};

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

/* The ranks that a want's quantiles need, in memory that the caller frees; NULL: no memory. */
static struct order *make_orders(const struct stats_want *want, const struct summary *summary,
                                 struct fail *fail)
{
    struct order *orders = calloc(2 * want->quantile_count + 1, sizeof *orders);
    if (!orders)
        fail_errno(fail, "percentiles");
    uint64_t n = ordered_samples(summary);
    for (size_t i = 0; orders && i < 2 * want->quantile_count; i++) {
        if (n == 0)
            orders[i] = (struct order){.known = true, .value = NAN};
        else
            orders[i].rank = quantile_of(want->quantiles[i / 2], n).rank[i % 2];
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

/* Looks all up. Returns how many buckets the unknown ones lie in, at most FINE_MOST; *more: there
 * are more than that. */
static size_t find_orders(struct order *orders, size_t count, const struct summary *summary,
                          uint16_t buckets[FINE_MOST], bool *more)
{
    size_t found = 0;
    *more = false;
    for (size_t i = 0; i < count; i++) {
        find_order(&orders[i], summary);
        if (!orders[i].known)
            found = add_bucket(buckets, found, orders[i].bucket, more);
    }
    return found;
}

/* ---- answers ---- */

static bool fill_histogram(const struct stats_want *want, const struct summary *summary,
                           struct stats_have *have, struct fail *fail)
{
    struct histogram histogram;
    if (!histogram_init(&histogram, want->bins, want->range, have->minimum, have->maximum, fail))
        return false;
    if (summary->crowded)
        memcpy(histogram.counts, summary->histogram.counts,
               want->bins * sizeof histogram.counts[0]);
    for (size_t i = 0; i < summary->value_count; i++) {
        const struct value_count *value = &summary->values[i];
        histogram.counts[histogram_bin(&histogram, key_float(value->key))] += value->count;
    }
    have->edges = histogram.edges;
    have->counts = histogram.counts;
    histogram.edges = NULL;
    histogram.counts = NULL;
    histogram_free(&histogram);
    return true;
}

static bool fill_percentiles(const struct stats_want *want, const struct summary *summary,
                             const struct order *orders, struct stats_have *have, struct fail *fail)
{
    have->percentiles = calloc(want->quantile_count, sizeof have->percentiles[0]);
    if (!have->percentiles)
        return fail_errno(fail, "percentiles");
    uint64_t n = ordered_samples(summary);
    for (size_t i = 0; i < want->quantile_count; i++) {
        double weight = n > 0 ? quantile_of(want->quantiles[i], n).weight : 0;
        have->percentiles[i] =
            quantile_between(orders[2 * i].value, orders[2 * i + 1].value, weight);
    }
    return true;
}

static void fill_moments(const struct summary *summary, struct stats_have *have)
{
    struct moments moments = summary->moments;
    struct exact_sum sum = {.mantissas = {0}};
    for (size_t i = 0; i < summary->value_count; i++)
        exact_sum_value(&sum, key_float(summary->values[i].key), summary->values[i].count);
    exact_sum_total(&sum, &moments);
    uint64_t numbers = summary_numbers(summary);
    have->mean = moments_mean(&moments, numbers);
    have->variance = moments_variance(&moments, numbers);
    if (have->infinities > 0) {
        /* As numpy has it: one kind of infinity is the mean, both have none. */
        have->mean = summary->infinities[0] == 0   ? INFINITY
                     : summary->infinities[1] == 0 ? -INFINITY
                                                   : NAN;
        have->variance = NAN;
    }
}

static void fill_range(const struct summary *summary, struct stats_have *have)
{
    have->samples = summary->samples;
    have->nans = summary->nans;
    have->infinities = summary->infinities[0] + summary->infinities[1];
    have->minimum = summary_minimum(summary);
    have->maximum = summary_maximum(summary);
    bool none = isnan(have->minimum);
    if (summary->infinities[0] > 0 || (none && summary->infinities[1] > 0))
        have->minimum = summary->infinities[0] > 0 ? -INFINITY : INFINITY;
    if (summary->infinities[1] > 0 || (none && summary->infinities[0] > 0))
        have->maximum = summary->infinities[1] > 0 ? INFINITY : -INFINITY;
}

/* From a summary that has what the answer needs. */
static bool fill(const struct stats_want *want, const struct summary *summary,
                 const struct order *orders, struct stats_have *have, struct fail *fail)
{
    *have = (struct stats_have){.samples = 0};
    fill_range(summary, have);
    have->mean = have->variance = NAN;
    if (want->moments)
        fill_moments(summary, have);
    bool ok = (want->quantile_count == 0 || fill_percentiles(want, summary, orders, have, fail)) &&
              (want->bins == 0 || fill_histogram(want, summary, have, fail));
    if (!ok)
        stats_free(have);
    return ok;
}

void stats_free(struct stats_have *have)
{
    free(have->percentiles);
    free(have->edges);
    free(have->counts);
    *have = (struct stats_have){.samples = 0};
}

/* ---- from a volume ---- */

/* Counting starts with what can be counted before the range and the ranks' buckets are known. */
static bool begin_summary(const struct stats_want *want, struct summary *summary, struct fail *fail)
{
    bool range_only = !want->moments && want->quantile_count == 0 && want->bins == 0;
    summary_init(summary, range_only ? 0 : LIST_MOST);
    summary->has_moments = want->moments;
    return (want->quantile_count == 0 || summary_add_coarse(summary, fail)) &&
           (want->bins == 0 || !want->range ||
            histogram_init(&summary->histogram, want->bins, want->range, NAN, NAN, fail));
}

/* Second looks, until every order is known and the histogram is there. */
static bool look_closer(const struct stats_want *want, struct order *orders,
                        struct summary *summary, struct reader *reader, struct fail *fail)
{
    for (;;) {
        uint16_t buckets[FINE_MOST];
        bool more, binned = !summary->crowded || summary->histogram.bins == want->bins;
        size_t found = find_orders(orders, 2 * want->quantile_count, summary, buckets, &more);
        if (found == 0 && binned)
            return true;
        /* What was counted already must not be counted again. */
        struct histogram counted = summary->histogram;
        summary->histogram = (struct histogram){.bins = 0};
        fine_free(&summary->fine);
        if (!fine_init(&summary->fine, buckets, found))
            return fail_errno(fail, "percentiles");
        bool ok =
            (binned || histogram_init(&summary->histogram, want->bins, want->range,
                                      summary_minimum(summary), summary_maximum(summary), fail)) &&
            second_look(summary, want->take_infinities, reader, fail);
        if (binned)
            summary->histogram = counted;
        if (!ok)
            return false;
    }
}

static bool range_is_finite(const struct stats_want *want, const struct summary *summary,
                            const struct reader *reader, struct fail *fail)
{
    return want->bins == 0 || want->range || summary->first_infinity == UINT64_MAX ||
           infinity_fails(reader, summary->first_infinity, fail);
}

bool stats_gather(const struct stats_want *want, struct reader *reader, bool again,
                  struct stats_have *have, struct fail *fail)
{
    struct summary summary;
    struct order *orders = NULL;
    *have = (struct stats_have){.samples = 0};
    bool ok = begin_summary(want, &summary, fail) &&
              first_look(&summary, want->take_infinities, reader, fail) &&
              range_is_finite(want, &summary, reader, fail) &&
              (orders = make_orders(want, &summary, fail)) &&
              look_closer(want, orders, &summary, reader, fail) &&
              (!again || rewind_reader(reader, fail)) && fill(want, &summary, orders, have, fail);
    free(orders);
    summary_free(&summary);
    return ok;
}

/* ---- from and to a summary that is kept ---- */

static bool holds_histogram(const struct stats_want *want, const struct summary *summary,
                            struct fail *fail)
{
    struct histogram wanted;
    if (want->bins == 0 || !summary->crowded)
        return true;
    if (!histogram_init(&wanted, want->bins, want->range, summary_minimum(summary),
                        summary_maximum(summary), fail))
        return false;
    bool same = histogram_same(&wanted, &summary->histogram);
    histogram_free(&wanted);
    return same;
}

/* "-b N [-r LO,HI]" or "-q Q,...": what volhist must be told to make the answer. */
static void how_to_ask(const struct stats_want *want, bool percentiles, char *text, size_t size)
{
    char number[NUMBER_SIZE], high[NUMBER_SIZE];
    size_t used = 0;
    for (size_t i = 0; percentiles && i < want->quantile_count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, i > 0 ? ",%s" : "-q %s",
                                 number_text(want->quantiles[i], number));
    if (percentiles)
        return;
    used = (size_t)snprintf(text, size, "-b %" PRIu64, want->bins);
    if (want->range)
        snprintf(text + used, size - used, " -r %s,%s", number_text(want->range[0], number),
                 number_text(want->range[1], high));
}

static bool cannot_answer(const struct stats_want *want, bool percentiles, const char *name,
                          struct fail *fail)
{
    char how[200];
    how_to_ask(want, percentiles, how, sizeof how);
    return fail_set(fail,
                    "%s: more than %d distinct values, and not made for %s: make it by volhist "
                    "--stats %s (of parts of a volume: with --refine %s)",
                    name, DISTINCT_MOST, percentiles ? "these percentiles" : "this histogram", how,
                    name);
}

bool stats_answer(const struct stats_want *want, const struct summary *summary, const char *name,
                  struct stats_have *have, struct fail *fail)
{
    *have = (struct stats_have){.samples = 0};
    struct order *orders = make_orders(want, summary, fail);
    if (!orders)
        return false;
    uint16_t buckets[FINE_MOST];
    bool more, ok = true;
    if (find_orders(orders, 2 * want->quantile_count, summary, buckets, &more) > 0)
        ok = cannot_answer(want, true, name, fail);
    if (ok && !holds_histogram(want, summary, fail))
        ok = cannot_answer(want, false, name, fail);
    ok = ok && fill(want, summary, orders, have, fail);
    free(orders);
    return ok;
}

/* The parts that answer *want for what *base summarizes. */
static bool add_answers(const struct stats_want *want, const struct summary *base,
                        struct summary *summary, struct fail *fail)
{
    struct order *orders = make_orders(want, base, fail);
    if (!orders)
        return false;
    uint16_t buckets[FINE_MOST];
    bool more;
    struct summary coarse = *base;
    coarse.fine = (struct fine){.buckets = 0};
    size_t found = find_orders(orders, 2 * want->quantile_count, &coarse, buckets, &more);
    free(orders);
    if (more)
        return fail_set(fail, "too many percentiles at once: a summary can answer about %d",
                        FINE_MOST);
    return (fine_init(&summary->fine, buckets, found) || fail_errno(fail, "percentiles")) &&
           (want->bins == 0 || histogram_init(&summary->histogram, want->bins, want->range,
                                              summary_minimum(base), summary_maximum(base), fail));
}

bool stats_summarize(const struct stats_want *want, const struct summary *guide,
                     struct reader *reader, struct summary *summary, struct fail *fail)
{
    summary_init(summary, guide && guide->crowded ? 0 : DISTINCT_MOST);
    summary->has_moments = true;
    bool asked = want->quantile_count > 0 || want->bins > 0;
    bool ok = summary_add_coarse(summary, fail) &&
              (!guide || !guide->crowded || add_answers(want, guide, summary, fail)) &&
              first_look(summary, false, reader, fail);
    if (ok && !guide && summary->crowded && asked)
        ok = add_answers(want, summary, summary, fail) && second_look(summary, false, reader, fail);
    if (!ok)
        summary_free(summary);
    return ok;
}
