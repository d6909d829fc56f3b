/* A value of the input has a quantile: the share of samples that are at most as large. It becomes
 * the value of the reference at the same quantile, interpolated between two neighbours. Both lists
 * of values ascend, and so do their quantiles, so one walk through both is enough: a step in the
 * reference is made when the quantile that is wanted lies behind it. No list is kept for the walk
 * but two values and their quantiles.
 *
 * What is done with the results depends on how many values the input has. Few go to a table, which
 * changes samples as they pass. Many are written over the samples in their partitions
 * (stats/partitions.h), from which the volume is then put together again in its own order.
 *
 * Quantiles are computed from counts by one division, and interpolation is numpy.interp's,
 * operation by operation, in double: results are the same to the bit. The walk is one thread's;
 * the finished table is read-only, and any number of threads may look values up. */
#include "common/exposure/match.h"

#include "common/base/count.h"
#include "common/io/descriptor.h"
#include "common/io/temporary.h"
#include "common/stats/scan.h"
#include "common/stream/loop.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- values to values ----------------------------------------------------------------------- */

/* Two neighbouring values of the reference, with their quantiles. */
struct walk {
    struct value_stream *reference;
    uint64_t counted;
    double low_quantile, low, high_quantile, high;
    bool ended; /* high is the last value */
};

static bool step(struct walk *walk, struct fail *fail)
{
    float value;
    uint64_t count;
    enum outcome outcome = value_stream_next(walk->reference, &value, &count, fail);
    walk->ended = outcome == OUTCOME_CANNOT;
    if (outcome != OUTCOME_DONE)
        return walk->ended;
    walk->low_quantile = walk->high_quantile;
    walk->low = walk->high;
    walk->counted += count;
    walk->high_quantile = (double)walk->counted / (double)summary_finite(walk->reference->summary);
    walk->high = (double)value;
    return true;
}

static bool begin(struct walk *walk, struct value_stream *reference, struct fail *fail)
{
    *walk = (struct walk){.reference = reference};
    if (!step(walk, fail))
        return false;
    walk->low_quantile = walk->high_quantile; /* below the first value there is no other */
    walk->low = walk->high;
    return !walk->ended || fail_set(fail, "the reference has no samples");
}

/* numpy.interp at quantile q, which is not below those before it. */
static bool value_at(struct walk *walk, double q, float *value, struct fail *fail)
{
    while (walk->high_quantile < q && !walk->ended)
        if (!step(walk, fail))
            return false;
    double from = walk->low_quantile, extent = walk->high_quantile - from;
    if (q >= walk->high_quantile)
        *value = (float)walk->high;
    else if (q <= from)
        *value = (float)walk->low;
    else
        *value = (float)((walk->high - walk->low) / extent * (q - from) + walk->low);
    return true;
}

bool match_make(const struct summary *source, struct value_stream *reference,
                struct match_table *table, struct fail *fail)
{
    struct walk walk;
    struct value_stream from;
    uint64_t counted = 0, count;
    float value;
    size_t max = source->value_count + 1; /* there may be none */
    table->to = malloc(max * sizeof *table->to);
    if (!dictionary_init(&table->values, max) || !table->to)
        return fail_errno(fail, "table of values");
    if (!begin(&walk, reference, fail) || !value_stream_init(&from, source, NULL, fail))
        return false;
    for (float *to = table->to; value_stream_next(&from, &value, &count, fail) == OUTCOME_DONE;) {
        counted += count;
        if (!value_at(&walk, (double)counted / (double)summary_finite(source), to++, fail))
            return false;
        if (dictionary_count(&table->values, &value, 1) == 0)
            return fail_errno(fail, "table of values");
    }
    return true;
}

void match_table_free(struct match_table *table)
{
    dictionary_free(&table->values);
    free(table->to);
}

size_t match_span(const void *table, float *v, size_t n)
{
    const struct match_table *of = table;
    return dictionary_map(&of->values, of->to, v, n);
}

bool match_values(struct value_stream *source, struct value_stream *reference, struct fail *fail)
{
    struct walk walk;
    uint64_t counted = 0, count;
    float value, to;
    enum outcome outcome = OUTCOME_FAILED;
    if (!begin(&walk, reference, fail))
        return false;
    while ((outcome = value_stream_load(source, fail)) == OUTCOME_DONE) {
        while (value_stream_in_partition(source, &value, &count)) {
            counted += count;
            if (!value_at(&walk, (double)counted / (double)summary_finite(source->summary), &to,
                          fail))
                return false;
            value_stream_set(source, to);
        }
        if (!value_stream_store(source, fail))
            return false;
    }
    return outcome == OUTCOME_CANNOT;
}

/* ---- the matched samples --------------------------------------------------------------------- */

struct match {
    struct reader reader;
    struct reader *mask;             /* NULL: none is left out */
    const struct match_table *table; /* NULL: */
    struct partitions *partitions;
};

/* Samples that are all inside of the mask. */
static bool change(const struct match *match, float *v, size_t n, struct fail *fail)
{
    if (!match->table)
        return partitions_replay(match->partitions, v, n, fail);
    return match_span(match->table, v, n) == n ||
           fail_set(fail, "%s: has changed while it was read", match->reader.name);
}

/* Voxels, for each of which the mask has one sample or one a channel. */
static bool change_inside(const struct match *match, float *v, size_t n, struct fail *fail)
{
    float chosen[2048];
    size_t each = match->reader.volume.channels / match->mask->volume.channels;
    for (size_t done = 0, count; done < n; done += count) {
        count = min_u64((n - done) / each, sizeof chosen / sizeof *chosen);
        if (count == 0 || reader_read(match->mask, chosen, count, fail) < count)
            return false;
        for (size_t i = 0, end; i < count; i = end) {
            for (end = i + 1; end < count && (chosen[end] != 0) == (chosen[i] != 0);)
                end++;
            if (chosen[i] != 0 && !change(match, v + done + i * each, (end - i) * each, fail))
                return false;
        }
        count *= each;
    }
    return true;
}

static size_t match_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    const struct match *match = (const struct match *)reader;
    size_t got = reader_read(reader->source, v, n, fail);
    bool ok = match->mask ? change_inside(match, v, got, fail) : change(match, v, got, fail);
    return ok ? got : 0;
}

struct reader *match_reader(struct reader *source, struct reader *mask,
                            const struct match_table *table, struct value_stream *values,
                            struct fail *fail)
{
    static const struct reader_class class = {.read = match_read, .close = reader_stack_close};
    struct match *match = reader_stack_create(sizeof *match, &class, source, fail);
    if (!match)
        return NULL;
    match->mask = mask;
    match->table = table;
    match->partitions = values ? &values->partitions : NULL;
    if (scan_rewind(source, fail) && (!mask || scan_rewind(mask, fail)) &&
        (table || partitions_begin_replay(match->partitions, fail)))
        return &match->reader;
    reader_close(&match->reader);
    return NULL;
}
