#include "common/stats/statistics.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/number.h"
#include "common/kernel/sortable.h"
#include "common/stats/order_statistic.h"
#include "common/stats/scan.h"
#include "common/volume/mask.h"
#include "common/volume/second_pass.h"

/* With more distinct values than this, two passes of counting are faster than one of listing. */
#define LIST_MOST 16384

/* ---- from a summary ---- */

static bool fill_histogram(const struct stats_request *request, const struct summary *summary,
                           struct stats_result *result, struct fail *fail)
{
    struct histogram histogram;
    if (!histogram_init(&histogram, request->bins, request->range, result->minimum, result->maximum,
                        fail))
        return false;
    if (summary->overflowed)
        memcpy(histogram.counts, summary->histogram.counts,
               request->bins * sizeof histogram.counts[0]);
    for (size_t i = 0; i < summary->value_count; i++) {
        const struct value_count *value = &summary->values[i];
        histogram.counts[histogram_bin(&histogram, float_from_sortable(value->key))] +=
            value->count;
    }
    result->edges = histogram.edges;
    result->counts = histogram.counts;
    histogram.edges = NULL;
    histogram.counts = NULL;
    histogram_free(&histogram);
    return true;
}

static bool fill_percentiles(const struct stats_request *request, const struct summary *summary,
                             const struct order_statistic *order_statistics,
                             struct stats_result *result, struct fail *fail)
{
    result->percentiles = calloc(request->quantile_count, sizeof result->percentiles[0]);
    if (!result->percentiles)
        return fail_errno(fail, "percentiles");
    for (size_t i = 0; i < request->quantile_count; i++)
        result->percentiles[i] =
            order_statistics_percentile(order_statistics, request->quantiles, i, summary);
    return true;
}

static void fill_moments(const struct summary *summary, struct stats_result *result)
{
    struct moments moments = summary->moments;
    struct moment_sums sum = {.mantissas = {0}};
    for (size_t i = 0; i < summary->value_count; i++)
        moment_sums_add_value(&sum, float_from_sortable(summary->values[i].key),
                              summary->values[i].count);
    moment_sums_total(&sum, &moments);
    uint64_t numbers = summary_numbers(summary);
    result->mean = moments_mean(&moments, numbers);
    result->variance = moments_variance(&moments, numbers);
    if (result->infinities > 0) {
        /* As numpy has it: one kind of infinity is the mean, both have none. */
        result->mean = summary->infinities[0] == 0   ? INFINITY
                       : summary->infinities[1] == 0 ? -INFINITY
                                                     : NAN;
        result->variance = NAN;
    }
}

static void fill_range(const struct summary *summary, struct stats_result *result)
{
    result->samples = summary->samples;
    result->nans = summary->nans;
    result->infinities = summary->infinities[0] + summary->infinities[1];
    result->minimum = summary_minimum(summary);
    result->maximum = summary_maximum(summary);
    bool none = isnan(result->minimum);
    if (summary->infinities[0] > 0 || (none && summary->infinities[1] > 0))
        result->minimum = summary->infinities[0] > 0 ? -INFINITY : INFINITY;
    if (summary->infinities[1] > 0 || (none && summary->infinities[0] > 0))
        result->maximum = summary->infinities[1] > 0 ? INFINITY : -INFINITY;
}

/* From a summary that has what the answer needs. */
static bool fill(const struct stats_request *request, const struct summary *summary,
                 const struct order_statistic *order_statistics, struct stats_result *result,
                 struct fail *fail)
{
    *result = (struct stats_result){.samples = 0};
    fill_range(summary, result);
    result->mean = result->variance = NAN;
    if (request->moments)
        fill_moments(summary, result);
    bool ok = (request->quantile_count == 0 ||
               fill_percentiles(request, summary, order_statistics, result, fail)) &&
              (request->bins == 0 || fill_histogram(request, summary, result, fail));
    if (!ok)
        stats_free(result);
    return ok;
}

void stats_free(struct stats_result *result)
{
    free(result->percentiles);
    free(result->edges);
    free(result->counts);
    *result = (struct stats_result){.samples = 0};
}

/* ---- from a volume ---- */

/* Counting starts with what can be counted before the range and the ranks' buckets are known. */
static bool begin_summary(const struct stats_request *request, bool counted,
                          struct summary *summary, struct fail *fail)
{
    bool range_only = !request->moments && request->quantile_count == 0 && request->bins == 0;
    summary_init(summary, counted ? DICTIONARY_MAX : range_only ? 0 : LIST_MOST);
    summary->gives_up = true;
    summary->has_moments = request->moments;
    return (request->quantile_count == 0 || summary_add_high_counts(summary, fail)) &&
           (request->bins == 0 || !request->range ||
            histogram_init(&summary->histogram, request->bins, request->range, NAN, NAN, fail));
}

/* Second looks, until every order is known and the histogram is there. */
static bool scan_closer(const struct stats_request *request,
                        struct order_statistic *order_statistics, struct summary *summary,
                        struct reader *reader, struct fail *fail)
{
    for (;;) {
        uint16_t buckets[MAX_LOW_BUCKETS];
        bool more, binned = !summary->overflowed || summary->histogram.bins == request->bins;
        size_t found = order_statistics_find(order_statistics, request->quantile_count, summary,
                                             buckets, &more);
        if (found == 0 && binned)
            return true;
        /* What was counted already must not be counted again. */
        struct histogram counted = summary->histogram;
        summary->histogram = (struct histogram){.bins = 0};
        low_counts_free(&summary->low_counts);
        if (!low_counts_init(&summary->low_counts, buckets, found))
            return fail_errno(fail, "percentiles");
        bool ok =
            (binned || histogram_init(&summary->histogram, request->bins, request->range,
                                      summary_minimum(summary), summary_maximum(summary), fail)) &&
            scan_second(summary, request->take_infinities, reader, fail);
        if (binned)
            summary->histogram = counted;
        if (!ok)
            return false;
    }
}

static bool range_is_finite(const struct stats_request *request, const struct summary *summary,
                            const struct reader *reader, struct fail *fail)
{
    return request->bins == 0 || request->range || summary->first_infinity == UINT64_MAX ||
           scan_refuse_infinity(reader, summary->first_infinity, fail);
}

/* Samples outside the mask are NaN to the scans, and are not counted as such in the end. */
static bool gather_masked(const struct stats_request *request, struct reader *reader, bool again,
                          struct stats_result *result, struct fail *fail)
{
    struct stats_request all = *request;
    all.mask = NULL;
    struct reader *masked =
        scan_rewind(request->mask, fail) ? mask_reader(reader, request->mask, fail) : NULL;
    bool ok = masked && stats_gather(&all, masked, false, result, fail) &&
              (!again || reader_rewind(reader, fail) == OUTCOME_DONE);
    if (ok) {
        result->samples -= mask_left_out(masked);
        result->nans -= mask_left_out(masked);
        if (result->samples == result->nans)
            ok = fail_set(fail, "%s: leaves no sample to count", request->mask->name);
    }
    if (!ok)
        stats_free(result);
    reader_close(masked);
    return ok;
}

bool stats_gather(const struct stats_request *request, struct reader *reader, bool again,
                  struct stats_result *result, struct fail *fail)
{
    struct summary summary;
    struct order_statistic *order_statistics = NULL;
    *result = (struct stats_result){.samples = 0};
    if (request->mask)
        return gather_masked(request, reader, again, result, fail);
    const struct dictionary *values;
    enum outcome counted = second_pass_count(reader, &values, fail);
    if (counted == OUTCOME_FAILED)
        return false;
    bool ok = begin_summary(request, counted == OUTCOME_DONE, &summary, fail) &&
              scan_first(&summary, request->take_infinities, reader, fail) &&
              range_is_finite(request, &summary, reader, fail) &&
              (order_statistics = order_statistics_make(request->quantiles, request->quantile_count,
                                                        &summary, fail)) &&
              scan_closer(request, order_statistics, &summary, reader, fail) &&
              (!again || scan_rewind(reader, fail)) &&
              fill(request, &summary, order_statistics, result, fail);
    free(order_statistics);
    summary_free(&summary);
    return ok;
}

/* ---- from and to a summary that is kept ---- */

static bool holds_histogram(const struct stats_request *request, const struct summary *summary,
                            struct fail *fail)
{
    struct histogram wanted;
    if (request->bins == 0 || !summary->overflowed)
        return true;
    if (!histogram_init(&wanted, request->bins, request->range, summary_minimum(summary),
                        summary_maximum(summary), fail))
        return false;
    bool same = histogram_same(&wanted, &summary->histogram);
    histogram_free(&wanted);
    return same;
}

/* "-b N [-r LO,HI]" or "-q Q,...": what volhist must be told to make the answer. */
static void how_to_ask(const struct stats_request *request, bool percentiles, char *text,
                       size_t size)
{
    char number[NUMBER_SIZE], high[NUMBER_SIZE];
    size_t used = 0;
    for (size_t i = 0; percentiles && i < request->quantile_count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, i > 0 ? ",%s" : "-q %s",
                                 number_text(request->quantiles[i], number));
    if (percentiles)
        return;
    used = (size_t)snprintf(text, size, "-b %" PRIu64, request->bins);
    if (request->range)
        snprintf(text + used, size - used, " -r %s,%s", number_text(request->range[0], number),
                 number_text(request->range[1], high));
}

static bool cannot_answer(const struct stats_request *request, bool percentiles, const char *name,
                          struct fail *fail)
{
    char how[200];
    how_to_ask(request, percentiles, how, sizeof how);
    return fail_set(fail,
                    "%s: more than %d distinct values, and not made for %s: make it by volhist "
                    "--stats %s (of parts of a volume: with --refine %s)",
                    name, DICTIONARY_MAX, percentiles ? "these percentiles" : "this histogram", how,
                    name);
}

bool stats_answer(const struct stats_request *request, const struct summary *summary,
                  const char *name, struct stats_result *result, struct fail *fail)
{
    *result = (struct stats_result){.samples = 0};
    struct order_statistic *order_statistics =
        order_statistics_make(request->quantiles, request->quantile_count, summary, fail);
    if (!order_statistics)
        return false;
    uint16_t buckets[MAX_LOW_BUCKETS];
    bool more, ok = true;
    if (order_statistics_find(order_statistics, request->quantile_count, summary, buckets, &more) >
        0)
        ok = cannot_answer(request, true, name, fail);
    if (ok && !holds_histogram(request, summary, fail))
        ok = cannot_answer(request, false, name, fail);
    ok = ok && fill(request, summary, order_statistics, result, fail);
    free(order_statistics);
    return ok;
}

/* The parts that answer *want for what *base summarizes. */
static bool add_answers(const struct stats_request *request, const struct summary *base,
                        struct summary *summary, struct fail *fail)
{
    struct order_statistic *order_statistics =
        order_statistics_make(request->quantiles, request->quantile_count, base, fail);
    if (!order_statistics)
        return false;
    uint16_t buckets[MAX_LOW_BUCKETS];
    bool more;
    struct summary high_counts = *base;
    high_counts.low_counts = (struct low_counts){.buckets = 0};
    size_t found = order_statistics_find(order_statistics, request->quantile_count, &high_counts,
                                         buckets, &more);
    free(order_statistics);
    if (more)
        return fail_set(fail, "too many percentiles at once: a summary can answer about %d",
                        MAX_LOW_BUCKETS);
    return (low_counts_init(&summary->low_counts, buckets, found) ||
            fail_errno(fail, "percentiles")) &&
           (request->bins == 0 ||
            histogram_init(&summary->histogram, request->bins, request->range,
                           summary_minimum(base), summary_maximum(base), fail));
}

bool stats_summarize(const struct stats_request *request, const struct summary *whole,
                     struct reader *reader, struct summary *summary, struct fail *fail)
{
    summary_init(summary, whole && whole->overflowed ? 0 : DICTIONARY_MAX);
    summary->has_moments = true;
    bool asked = request->quantile_count > 0 || request->bins > 0;
    bool ok = summary_add_high_counts(summary, fail) &&
              (!whole || !whole->overflowed || add_answers(request, whole, summary, fail)) &&
              scan_first(summary, false, reader, fail);
    if (ok && !whole && summary->overflowed && asked)
        ok = add_answers(request, summary, summary, fail) &&
             scan_second(summary, false, reader, fail);
    if (!ok)
        summary_free(summary);
    return ok;
}
