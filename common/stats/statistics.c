#include "common/stats/statistics.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/sortable.h"
#include "common/stats/order_statistic.h"
#include "common/stats/scan.h"
#include "common/stream/mask.h"
#include "common/text/number.h"

/* With more distinct values than this, two scans with counters are faster than one that lists the
 * values. */
#define MAX_LISTED 16384

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
        histogram.counts[histogram_bin(&histogram, sortable_to_float(value->sortable))] +=
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
    size_t size = 2 * request->quantile_count * sizeof *order_statistics;
    result->percentiles = calloc(request->quantile_count, sizeof result->percentiles[0]);
    result->order_statistics = malloc(size);
    if (!result->percentiles || !result->order_statistics)
        return fail_errno(fail, "percentiles");
    memcpy(result->order_statistics, order_statistics, size);
    result->quantile_count = request->quantile_count;
    for (size_t i = 0; i < request->quantile_count; i++)
        result->percentiles[i] =
            order_statistics_percentile(order_statistics, request->quantiles, i, summary);
    return true;
}

static void fill_moments(const struct summary *summary, struct stats_result *result)
{
    struct moments moments = summary->moments;
    for (size_t i = 0; i < summary->value_count; i++)
        moments_add_value(&moments, sortable_to_float(summary->values[i].sortable),
                          summary->values[i].count);
    uint64_t finite = summary_finite(summary);
    result->mean = moments_mean(&moments, finite);
    result->variance = moments_variance(&moments, finite);
    if (result->infinities > 0) {
        /* As in numpy: the mean is the one kind of infinity, NaN where both occur. */
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

static uint32_t listed_value(const struct summary *summary, uint64_t rank)
{
    size_t i = 0;
    for (; rank >= summary->values[i].count; i++)
        rank -= summary->values[i].count;
    return summary->values[i].sortable;
}

static void fill_central(const struct summary *summary, struct stats_result *result)
{
    uint64_t finite = summary_finite(summary), low = finite / 1000, high = finite - 1 - low;
    result->central[0] = result->central[1] = NAN;
    if (finite == 0 || (summary->overflowed && !summary->high_counts))
        return;
    if (!summary->overflowed) {
        result->central[0] = sortable_to_float(listed_value(summary, low));
        result->central[1] = sortable_to_float(listed_value(summary, high));
        return;
    }
    uint32_t first = (uint32_t)rank_find(summary->high_counts, &low) << 16,
             last = (uint32_t)rank_find(summary->high_counts, &high) << 16 | 0xffffu;
    result->central[0] = fmaxf(sortable_to_float(first), summary_minimum(summary));
    result->central[1] = fminf(sortable_to_float(last), summary_maximum(summary));
}

/* The summary must have all that the request needs. */
static bool fill(const struct stats_request *request, const struct summary *summary,
                 const struct order_statistic *order_statistics, struct stats_result *result,
                 struct fail *fail)
{
    *result = (struct stats_result){.samples = 0};
    fill_range(summary, result);
    fill_central(summary, result);
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
    free(result->order_statistics);
    free(result->edges);
    free(result->counts);
    *result = (struct stats_result){.samples = 0};
}

/* ---- from a volume ---- */

/* Only with the counters that need neither the range nor the buckets of ranks. */
static bool init_summary(const struct stats_request *request, struct summary *summary,
                         struct fail *fail)
{
    bool range_only = !request->moments && !request->central && request->quantile_count == 0 &&
                      request->bins == 0;
    summary_init(summary, range_only ? 0 : MAX_LISTED);
    summary->stop_early = true;
    summary->has_moments = request->moments;
    bool high_counts = request->central || request->quantile_count > 0;
    return (!high_counts || summary_add_high_counts(summary, fail)) &&
           (request->bins == 0 || !request->range ||
            histogram_init(&summary->histogram, request->bins, request->range, NAN, NAN, fail));
}

/* The request without the quantiles that it wants only if they are cheap, and that are not. */
static struct stats_request without_costly_quantiles(const struct stats_request *request,
                                                     struct order_statistic *order_statistics,
                                                     const struct summary *summary)
{
    struct stats_request cheap = *request;
    if (request->quantiles_if_cheap)
        cheap.quantile_count =
            order_statistics_fit(order_statistics, request->quantile_count, summary);
    return cheap;
}

/* Scans again until all order statistics are known and the histogram is counted. */
static bool scan_until_known(const struct stats_request *request,
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
        /* A histogram that is counted already must not be counted again. */
        struct histogram counted = summary->histogram;
        summary->histogram = (struct histogram){.bins = 0};
        low_counts_free(&summary->low_counts);
        if (!low_counts_init(&summary->low_counts, buckets, found))
            return fail_errno(fail, "percentiles");
        bool ok =
            (binned || histogram_init(&summary->histogram, request->bins, request->range,
                                      summary_minimum(summary), summary_maximum(summary), fail)) &&
            scan_second(summary, reader, fail);
        if (binned)
            summary->histogram = counted;
        if (!ok)
            return false;
    }
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
    /* The range of an infinite sample has no bins. */
    bool allow_infinities = request->allow_infinities && (request->bins == 0 || request->range);
    bool ok = init_summary(request, &summary, fail) &&
              scan_first(&summary, allow_infinities, reader, fail) &&
              (order_statistics = order_statistics_make(request->quantiles, request->quantile_count,
                                                        &summary, fail));
    struct stats_request cheap =
        ok ? without_costly_quantiles(request, order_statistics, &summary) : *request;
    ok = ok && scan_until_known(&cheap, order_statistics, &summary, reader, fail) &&
         (!again || scan_rewind(reader, fail)) &&
         fill(&cheap, &summary, order_statistics, result, fail);
    free(order_statistics);
    summary_free(&summary);
    return ok;
}

/* ---- from a given summary, and to one ---- */

static bool has_histogram(const struct stats_request *request, const struct summary *summary,
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

/* Writes the options with which volstats makes the answer: "-b N [-r LO,HI]" or "-q Q,...". */
static void write_options(const struct stats_request *request, bool percentiles, char *text,
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
    char options[200];
    write_options(request, percentiles, options, sizeof options);
    return fail_set(fail,
                    "%s: more than %d distinct values, and not made for %s: make it by volstats "
                    "%s (of parts of a volume: with --refine %s)",
                    name, DICTIONARY_MAX, percentiles ? "these percentiles" : "this histogram",
                    options, name);
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
    struct stats_request answered = without_costly_quantiles(request, order_statistics, summary);
    if (order_statistics_find(order_statistics, answered.quantile_count, summary, buckets, &more) >
        0) {
        answered.quantile_count = 0;
        ok = request->quantiles_if_cheap || cannot_answer(request, true, name, fail);
    }
    if (ok && !has_histogram(request, summary, fail))
        ok = cannot_answer(request, false, name, fail);
    ok = ok && fill(&answered, summary, order_statistics, result, fail);
    free(order_statistics);
    return ok;
}

/* Adds the counters that answer the request for the samples that *base summarizes. */
static bool add_counters(const struct stats_request *request, const struct summary *base,
                         struct summary *summary, struct fail *fail)
{
    struct order_statistic *order_statistics =
        order_statistics_make(request->quantiles, request->quantile_count, base, fail);
    if (!order_statistics)
        return false;
    uint16_t buckets[MAX_LOW_BUCKETS];
    bool more;
    struct summary without_low = *base;
    without_low.low_counts = (struct low_counts){.buckets = 0};
    size_t found = order_statistics_find(order_statistics, request->quantile_count, &without_low,
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

/* Notes which planes a slab has. */
static bool note_planes(const struct reader *reader, struct summary *summary, struct fail *fail)
{
    struct part part;
    const struct volume *volume = &reader->volume;
    return !volume_part(volume, &part) ||
           part_list_add(&summary->planes, &part, volume_plane_samples(volume), fail);
}

bool stats_summarize(const struct stats_request *request, const struct summary *whole,
                     struct reader *reader, struct summary *summary, struct fail *fail)
{
    summary_init(summary, whole && whole->overflowed ? 0 : DICTIONARY_MAX);
    summary->has_moments = true;
    bool requested = request->quantile_count > 0 || request->bins > 0;
    bool ok = summary_add_high_counts(summary, fail) &&
              (!whole || !whole->overflowed || add_counters(request, whole, summary, fail)) &&
              scan_first(summary, false, reader, fail);
    if (ok && !whole && summary->overflowed && requested)
        ok = add_counters(request, summary, summary, fail) && scan_second(summary, reader, fail);
    ok = ok && note_planes(reader, summary, fail);
    if (!ok)
        summary_free(summary);
    return ok;
}
