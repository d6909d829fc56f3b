#include "common/stats.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/key.h"
#include "common/look.h"
#include "common/number.h"
#include "common/order.h"

/* With more distinct values than this, two passes of counting are faster than one of listing. */
#define LIST_MOST 16384

/* ---- from a summary ---- */

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
    for (size_t i = 0; i < want->quantile_count; i++)
        have->percentiles[i] = orders_percentile(orders, want->quantiles, i, summary);
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
static bool begin_summary(const struct stats_want *want, bool counted, struct summary *summary,
                          struct fail *fail)
{
    bool range_only = !want->moments && want->quantile_count == 0 && want->bins == 0;
    summary_init(summary, counted ? DISTINCT_MOST : range_only ? 0 : LIST_MOST);
    summary->gives_up = true;
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
        size_t found = orders_find(orders, want->quantile_count, summary, buckets, &more);
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
            look_second(summary, want->take_infinities, reader, fail);
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
           look_infinity_fails(reader, summary->first_infinity, fail);
}

bool stats_gather(const struct stats_want *want, struct reader *reader, bool again,
                  struct stats_have *have, struct fail *fail)
{
    struct summary summary;
    struct order *orders = NULL;
    *have = (struct stats_have){.samples = 0};
    bool counted = reader_values(reader, fail);
    bool ok = begin_summary(want, counted, &summary, fail) &&
              look_first(&summary, want->take_infinities, reader, fail) &&
              range_is_finite(want, &summary, reader, fail) &&
              (orders = orders_make(want->quantiles, want->quantile_count, &summary, fail)) &&
              look_closer(want, orders, &summary, reader, fail) &&
              (!again || look_rewind(reader, fail)) && fill(want, &summary, orders, have, fail);
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
    struct order *orders = orders_make(want->quantiles, want->quantile_count, summary, fail);
    if (!orders)
        return false;
    uint16_t buckets[FINE_MOST];
    bool more, ok = true;
    if (orders_find(orders, want->quantile_count, summary, buckets, &more) > 0)
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
    struct order *orders = orders_make(want->quantiles, want->quantile_count, base, fail);
    if (!orders)
        return false;
    uint16_t buckets[FINE_MOST];
    bool more;
    struct summary coarse = *base;
    coarse.fine = (struct fine){.buckets = 0};
    size_t found = orders_find(orders, want->quantile_count, &coarse, buckets, &more);
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
              look_first(summary, false, reader, fail);
    if (ok && !guide && summary->crowded && asked)
        ok = add_answers(want, summary, summary, fail) && look_second(summary, false, reader, fail);
    if (!ok)
        summary_free(summary);
    return ok;
}
