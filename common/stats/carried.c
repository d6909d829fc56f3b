#include "common/stats/carried.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/sortable.h"
#include "common/volume/values.h"

#include <zlib.h>

/* ---- the values ------------------------------------------------------------------------------ */

/* A checksum of the list of values tells that values and statistics belong together. */
static uint32_t checksum(const struct summary *summary)
{
    uLong crc = crc32(0, NULL, 0);
    for (size_t i = 0; i < summary->value_count; i++) {
        char line[64];
        int n = snprintf(line, sizeof line, "%" PRIu32 " %" PRIu64 "\n",
                         summary->values[i].sortable, summary->values[i].count);
        crc = crc32(crc, (const Bytef *)line, (uInt)n);
    }
    return (uint32_t)crc;
}

bool carried_volume(const struct summary *summary, const char *name, struct volume *volume,
                    struct fail *fail)
{
    if (summary->overflowed)
        return fail_set(fail, "%s: there were more than %d values, of which it has no list", name,
                        DICTIONARY_MAX);
    if (summary->value_count == 0)
        return fail_set(fail, "%s: no sample is a number", name);
    volume_init(volume);
    volume->size[AXIS_COLUMN] = summary->value_count;
    return volume_set_values_of(volume, summary->samples, checksum(summary), fail) &&
           volume_add_history(volume, "volstats --values", fail);
}

bool carried_write(const struct summary *summary, struct writer *writer, struct fail *fail)
{
    float *values = malloc(summary->value_count * sizeof *values);
    if (!values)
        return fail_errno(fail, "values");
    for (size_t i = 0; i < summary->value_count; i++)
        values[i] = bits_to_float(sortable_to_bits(summary->values[i].sortable));
    bool ok = writer_write(writer, values, summary->value_count, fail);
    free(values);
    return ok;
}

/* ---- their statistics ------------------------------------------------------------------------ */

static int by_value(const void *a, const void *b)
{
    uint32_t first = ((const struct value_count *)a)->sortable;
    uint32_t second = ((const struct value_count *)b)->sortable;
    return first < second ? -1 : first > second;
}

struct counting {
    const struct summary *before;
    struct summary *after;
    struct value_count *values; /* in the order of before's */
    size_t count;
};

static bool count_values(struct counting *counting, struct reader *reader, const float *v,
                         struct fail *fail)
{
    for (size_t i = 0; i < counting->before->value_count; i++) {
        uint64_t samples = counting->before->values[i].count;
        if (v[i] != v[i])
            counting->after->nans += samples;
        else if (v[i] - v[i] != 0)
            return reader_refuse_infinite(reader, i, "", fail);
        else
            counting->values[counting->count++] =
                (struct value_count){sortable_from_bits(bits_of(v[i])), samples};
    }
    return true;
}

/* Values that have become the same are one. */
static void merge_equal(struct counting *counting)
{
    struct value_count *values = counting->values;
    size_t kept = 0;
    qsort(values, counting->count, sizeof *values, by_value);
    for (size_t i = 0; i < counting->count; i++) {
        if (kept > 0 && values[kept - 1].sortable == values[i].sortable)
            values[kept - 1].count += values[i].count;
        else
            values[kept++] = values[i];
    }
    counting->count = kept;
}

static bool copy_planes(const struct part_list *from, struct part_list *to, struct fail *fail)
{
    for (size_t i = 0; i < from->count; i++)
        if (!part_list_add(to, &from->parts[i], from->plane_samples, fail))
            return false;
    return true;
}

bool carried_count(const struct summary *before, const char *name, struct reader *reader,
                   struct summary *after, struct fail *fail)
{
    struct counting counting = {.before = before, .after = after};
    summary_init(after, DICTIONARY_MAX);
    after->has_moments = true;
    after->samples = before->samples;
    after->nans = before->nans;
    if (!volume_is_values(&reader->volume))
        return fail_set(fail,
                        "%s: is not what volstats --values writes, or went through a program that "
                        "does more than give each value another one",
                        reader->name);
    if (before->overflowed || volume_samples(&reader->volume) != before->value_count ||
        !volume_is_values_of(&reader->volume, before->samples, checksum(before)))
        return fail_set(fail, "%s: holds the values of other statistics than %s", reader->name,
                        name);
    size_t count = before->value_count;
    float *v = malloc(count * sizeof *v);
    counting.values = malloc(count * sizeof *counting.values);
    bool ok = v && counting.values ? reader_read(reader, v, count, fail) == count &&
                                         summary_add_high_counts(after, fail) &&
                                         count_values(&counting, reader, v, fail)
                                   : fail_errno(fail, "values");
    if (ok)
        merge_equal(&counting);
    ok = ok && summary_add_values(after, counting.values, counting.count, fail) &&
         copy_planes(&before->planes, &after->planes, fail);
    free(v);
    free(counting.values);
    if (!ok)
        summary_free(after);
    return ok;
}
