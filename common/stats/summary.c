#include "common/stats/summary.h"

#include <math.h>
#include <stdlib.h>

#include "common/base/count.h"
#include "common/kernel/sortable.h"

void summary_init(struct summary *summary, size_t max_values)
{
    *summary = (struct summary){
        .lowest = UINT32_MAX, .max_values = max_values, .overflowed = max_values == 0};
}

void summary_free(struct summary *summary)
{
    free(summary->values);
    free(summary->high_counts);
    low_counts_free(&summary->low_counts);
    histogram_free(&summary->histogram);
    part_list_free(&summary->planes);
    summary_init(summary, 0);
}

bool summary_add_high_counts(struct summary *summary, struct fail *fail)
{
    summary->high_counts = calloc(BUCKETS, sizeof summary->high_counts[0]);
    return summary->high_counts || fail_errno(fail, "statistics");
}

uint64_t summary_finite(const struct summary *summary)
{
    return summary->samples - summary->nans - summary->infinities[0] - summary->infinities[1];
}

float summary_minimum(const struct summary *summary)
{
    return summary->lowest > summary->highest ? NAN : sortable_to_float(summary->lowest);
}

float summary_maximum(const struct summary *summary)
{
    return summary->lowest > summary->highest ? NAN : sortable_to_float(summary->highest);
}

void summary_add_range(struct summary *summary, uint32_t lowest, uint32_t highest)
{
    /* -0 becomes 0. */
    lowest = lowest == SORTABLE_ZERO - 1 ? SORTABLE_ZERO : lowest;
    highest = highest == SORTABLE_ZERO - 1 ? SORTABLE_ZERO : highest;
    summary->lowest = lowest < summary->lowest ? lowest : summary->lowest;
    summary->highest = highest > summary->highest ? highest : summary->highest;
}

static void count_values(struct summary *summary, const struct value_count *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t sortable = values[i].sortable;
        uint64_t times = values[i].count;
        uint64_t *low_counts = low_counts_of(&summary->low_counts, sortable >> 16);
        if (low_counts)
            low_counts[sortable & 0xffff] += times;
        if (summary->high_counts)
            summary->high_counts[sortable >> 16] += times;
        if (summary->histogram.bins > 0)
            summary->histogram
                .counts[histogram_bin(&summary->histogram, sortable_to_float(sortable))] += times;
        if (summary->has_moments)
            moments_add_value(&summary->moments, sortable_to_float(sortable), times);
    }
}

void summary_overflow(struct summary *summary)
{
    if (summary->overflowed)
        return;
    count_values(summary, summary->values, summary->value_count);
    free(summary->values);
    summary->values = NULL;
    summary->value_count = 0;
    summary->overflowed = true;
}

static size_t merge_values(const struct value_count *a, size_t a_count, const struct value_count *b,
                           size_t b_count, struct value_count *merged)
{
    size_t n = 0, i = 0, k = 0;
    while (i < a_count || k < b_count) {
        bool from_a = k == b_count || (i < a_count && a[i].sortable <= b[k].sortable);
        bool from_b = i == a_count || (k < b_count && b[k].sortable <= a[i].sortable);
        merged[n] = from_a ? a[i] : b[k];
        if (from_a && from_b)
            merged[n].count += b[k].count;
        n++;
        i += from_a;
        k += from_b;
    }
    return n;
}

bool summary_add_values(struct summary *summary, const struct value_count *values, size_t count,
                        struct fail *fail)
{
    if (count == 0)
        return true;
    summary_add_range(summary, values[0].sortable, values[count - 1].sortable);
    if (summary->overflowed) {
        count_values(summary, values, count);
        return true;
    }
    struct value_count *merged = malloc((summary->value_count + count) * sizeof *merged);
    if (!merged)
        return fail_errno(fail, "statistics");
    size_t n = merge_values(summary->values, summary->value_count, values, count, merged);
    free(summary->values);
    summary->values = merged;
    summary->value_count = n;
    if (n > summary->max_values)
        summary_overflow(summary);
    return true;
}

bool summary_add_dictionary(struct summary *summary, const struct dictionary *dictionary,
                            struct fail *fail)
{
    struct value_count *values = malloc((dictionary->used + 1) * sizeof *values);
    if (!values)
        return fail_errno(fail, "statistics");
    dictionary_list(dictionary, values);
    summary->nans += dictionary->nans;
    summary->infinities[0] += dictionary->infinities[0];
    summary->infinities[1] += dictionary->infinities[1];
    bool ok = summary_add_values(summary, values, dictionary->used, fail);
    free(values);
    return ok;
}

static void add_counters(struct summary *to, const struct summary *from)
{
    for (size_t i = 0; to->high_counts && from->high_counts && i < BUCKETS; i++)
        to->high_counts[i] += from->high_counts[i];
    for (size_t i = 0; i < to->low_counts.buckets * BUCKETS; i++)
        to->low_counts.counts[i] += from->low_counts.counts[i];
    for (size_t i = 0; to->histogram.bins > 0 && i <= to->histogram.bins; i++)
        to->histogram.counts[i] += from->histogram.counts[i];
    moments_add(&to->moments, &from->moments);
}

bool summary_add(struct summary *to, const struct summary *from, struct fail *fail)
{
    if (!add_u64(&to->samples, from->samples))
        return fail_set(fail, "2^64 samples or more together");
    to->nans += from->nans;
    to->infinities[0] += from->infinities[0];
    to->infinities[1] += from->infinities[1];
    if (!from->overflowed)
        return summary_add_values(to, from->values, from->value_count, fail);
    if (from->lowest <= from->highest)
        summary_add_range(to, from->lowest, from->highest);
    summary_overflow(to);
    add_counters(to, from);
    return true;
}
