#include "common/stats/value_stream.h"

#include <stdlib.h>
#include <string.h>

#include "common/kernel/sortable.h"
#include "common/stats/scan.h"
#include "common/stream/loop.h"

bool value_stream_init(struct value_stream *stream, const struct summary *summary,
                       struct reader *reader, struct fail *fail)
{
    *stream = (struct value_stream){.summary = summary, .reader = reader};
    if (!summary->overflowed)
        return true;
    if (!reader)
        return fail_set(fail, "more than %d different values, which no statistics list",
                        DICTIONARY_MAX);
    if (summary->samples > UINT32_MAX)
        return fail_set(fail, "%s: more than 2^32 samples of more than %d values", reader->name,
                        DICTIONARY_MAX);
    stream->slot = malloc(BUCKETS * sizeof *stream->slot);
    stream->counts = malloc((size_t)VALUE_GROUP * BUCKETS * sizeof *stream->counts);
    return (stream->slot && stream->counts) || fail_errno(fail, "%s: values", reader->name);
}

void value_stream_free(struct value_stream *stream)
{
    free(stream->slot);
    free(stream->counts);
}

/* -0 becomes 0. */
static uint32_t key_of(float v)
{
    return sortable_from_bits(bits_of(v + 0.0f));
}

bool value_stream_place(const struct value_stream *stream, float v, size_t *place)
{
    uint32_t key = key_of(v);
    int slot = bits_are_nan(bits_of(v)) ? -1 : stream->slot[key >> 16];
    if (slot < 0)
        return false;
    *place = (size_t)slot * BUCKETS + (key & 0xffff);
    return true;
}

static bool count_block(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct value_stream *stream = state;
    size_t place;
    (void)at;
    (void)fail;
    for (size_t i = 0; i < n; i++)
        if (value_stream_place(stream, v[i], &place))
            stream->counts[place]++;
    return true;
}

/* -0 has been counted in a bucket below that of 0, where it is now. */
static bool is_used(const struct value_stream *stream, size_t bucket)
{
    const uint64_t *counts = stream->summary->high_counts;
    return counts[bucket] > 0 ||
           (bucket == SORTABLE_ZERO >> 16 && counts[(SORTABLE_ZERO - 1) >> 16] > 0);
}

enum outcome value_stream_load(struct value_stream *stream, struct fail *fail)
{
    stream->buckets = stream->at = 0;
    memset(stream->slot, 0xff, BUCKETS * sizeof *stream->slot);
    for (; stream->next < BUCKETS && stream->buckets < VALUE_GROUP; stream->next++)
        if (is_used(stream, stream->next)) {
            stream->slot[stream->next] = (int16_t)stream->buckets;
            stream->bucket[stream->buckets++] = (uint16_t)stream->next;
        }
    if (stream->buckets == 0)
        return OUTCOME_CANNOT;
    memset(stream->counts, 0, stream->buckets * BUCKETS * sizeof *stream->counts);
    bool ok = scan_rewind(stream->reader, fail) &&
              loop_each_block(count_block, stream, stream->reader, fail);
    return ok ? OUTCOME_DONE : OUTCOME_FAILED;
}

bool value_stream_in_group(struct value_stream *stream, float *value, uint64_t *count,
                           size_t *place)
{
    size_t end = stream->buckets * BUCKETS;
    while (stream->at < end && stream->counts[stream->at] == 0)
        stream->at++;
    if (stream->at == end)
        return false;
    uint32_t high = stream->bucket[stream->at / BUCKETS];
    *value = sortable_to_float(high << 16 | (uint32_t)(stream->at % BUCKETS));
    *count = stream->counts[stream->at];
    *place = stream->at++;
    return true;
}

static bool next_of_list(struct value_stream *stream, float *value, uint64_t *count)
{
    const struct summary *of = stream->summary;
    if (stream->next == of->value_count)
        return false;
    *value = sortable_to_float(of->values[stream->next].sortable);
    *count = of->values[stream->next++].count;
    for (; stream->next < of->value_count &&
           sortable_to_float(of->values[stream->next].sortable) <= *value;
         stream->next++)
        *count += of->values[stream->next].count;
    return true;
}

enum outcome value_stream_next(struct value_stream *stream, float *value, uint64_t *count,
                               struct fail *fail)
{
    size_t place;
    if (!stream->summary->overflowed)
        return next_of_list(stream, value, count) ? OUTCOME_DONE : OUTCOME_CANNOT;
    while (!value_stream_in_group(stream, value, count, &place)) {
        enum outcome outcome = value_stream_load(stream, fail);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return OUTCOME_DONE;
}
