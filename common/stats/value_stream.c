/* Partitions ascend, so the values of all follow from those of each in turn. One with few samples
 * is loaded and sorted by the bits of values, byte by byte; each key carries its sample's number,
 * so that a new value can be put where the sample was. One with many samples has few buckets, so
 * each value that it can have gets a counter, and its samples pass in blocks. When values are to
 * be changed, the counter of a value is overwritten by the bits of the new one once its count is
 * told.
 *
 * The two ways share their memory, 2.75 MiB, which is taken when no partition has a buffer. Both
 * are exact: counts are of bits, except that -0 counts as 0. All belongs to one thread. */
#include "common/stats/value_stream.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/kernel/sortable.h"
#include "common/stats/scan.h"
#include "common/stream/loop.h"

#define COUNTERS ((size_t)PARTITION_BUCKETS * BUCKETS)

bool value_stream_init(struct value_stream *stream, const struct summary *summary,
                       struct reader *reader, struct fail *fail)
{
    *stream = (struct value_stream){.summary = summary};
    if (!summary->overflowed)
        return true;
    return reader ? partitions_init(&stream->partitions, summary, reader, fail)
                  : fail_set(fail, "more than %d different values, which no statistics list",
                             DICTIONARY_MAX);
}

/* Memory is taken when the first partition is loaded, after the buffers of all are closed. */
static void free_memory(struct value_stream *stream)
{
    free(stream->samples);
    free(stream->counts);
    stream->samples = NULL;
    stream->counts = NULL;
}

static bool take_memory(struct value_stream *stream, struct fail *fail)
{
    _Static_assert(PARTITION_SAMPLES >= LOOP_BLOCK, "a block fits");
    _Static_assert(COUNTERS * sizeof *stream->counts >=
                       2 * PARTITION_SAMPLES * sizeof *stream->sorted,
                   "both arrays that are sorted fit");
    stream->samples = malloc(PARTITION_SAMPLES * sizeof *stream->samples);
    stream->counts = malloc(COUNTERS * sizeof *stream->counts);
    return (stream->samples && stream->counts) ||
           fail_errno(fail, "%s: values", stream->partitions.name);
}

void value_stream_free(struct value_stream *stream)
{
    free_memory(stream);
    partitions_free(&stream->partitions);
}

/* ---- a partition of few samples: sorted ------------------------------------------------------ */

static bool is_sorted(const struct value_stream *stream)
{
    return stream->partition->samples <= PARTITION_SAMPLES;
}

static uint32_t sorted_key(const struct value_stream *stream, size_t at)
{
    return (uint32_t)(stream->sorted[at] >> 32);
}

/* Sorts by a byte of the key; nothing is to be done where all have the same. */
static void sort_by_byte(struct value_stream *stream, size_t n, unsigned shift)
{
    size_t begin[257] = {0};
    for (size_t i = 0; i < n; i++)
        begin[(stream->sorted[i] >> shift & 0xff) + 1]++;
    if (begin[(stream->sorted[0] >> shift & 0xff) + 1] == n)
        return;
    for (size_t i = 1; i < 257; i++)
        begin[i] += begin[i - 1];
    for (size_t i = 0; i < n; i++)
        stream->spare[begin[stream->sorted[i] >> shift & 0xff]++] = stream->sorted[i];
    uint64_t *sorted = stream->spare;
    stream->spare = stream->sorted;
    stream->sorted = sorted;
}

static bool sort(struct value_stream *stream, struct fail *fail)
{
    size_t n = (size_t)stream->partition->samples;
    if (!partitions_load(&stream->partitions, stream->partition->begin, stream->samples, n, fail))
        return false;
    stream->sorted = (void *)stream->counts;
    stream->spare = stream->sorted + n;
    for (size_t i = 0; i < n; i++)
        stream->sorted[i] = (uint64_t)partition_key(stream->samples[i]) << 32 | i;
    for (unsigned shift = 32; shift < 64; shift += 8)
        sort_by_byte(stream, n, shift);
    return true;
}

static bool next_sorted(struct value_stream *stream, float *value, uint64_t *count)
{
    size_t end = (size_t)stream->partition->samples, at = stream->at;
    if (at == end)
        return false;
    stream->last = at;
    while (at < end && sorted_key(stream, at) == sorted_key(stream, stream->last))
        at++;
    *value = sortable_to_float(sorted_key(stream, stream->last));
    *count = at - stream->last;
    stream->at = at;
    return true;
}

/* ---- a partition of few buckets: counted ----------------------------------------------------- */

static size_t counter_of(const struct value_stream *stream, float v)
{
    uint32_t key = partition_key(v);
    size_t bucket = stream->partitions.place[key >> 16] - stream->partition->first;
    return bucket * BUCKETS + (key & 0xffff);
}

typedef void block_change(struct value_stream *stream, size_t n);

/* Loads each block of the partition, and stores it again if wanted. */
static bool each_block(struct value_stream *stream, block_change *change, bool store,
                       struct fail *fail)
{
    const struct partition *partition = stream->partition;
    for (uint64_t done = 0; done < partition->samples; done += LOOP_BLOCK) {
        size_t n = min_u64(partition->samples - done, LOOP_BLOCK);
        uint64_t at = partition->begin + done;
        if (!partitions_load(&stream->partitions, at, stream->samples, n, fail))
            return false;
        change(stream, n);
        if (store && !partitions_store(&stream->partitions, at, stream->samples, n, fail))
            return false;
    }
    return true;
}

static void count_block(struct value_stream *stream, size_t n)
{
    for (size_t i = 0; i < n; i++)
        stream->counts[counter_of(stream, stream->samples[i])]++;
}

/* Counters have become the bits of the values that are wanted. */
static void change_block(struct value_stream *stream, size_t n)
{
    for (size_t i = 0; i < n; i++)
        stream->samples[i] = bits_to_float(stream->counts[counter_of(stream, stream->samples[i])]);
}

static bool count(struct value_stream *stream, struct fail *fail)
{
    if (stream->partition->samples > UINT32_MAX)
        return fail_set(fail, "%s: more than 2^32 samples of almost the same value",
                        stream->partitions.name);
    memset(stream->counts, 0, stream->partition->buckets * BUCKETS * sizeof *stream->counts);
    return each_block(stream, count_block, false, fail);
}

static bool next_counted(struct value_stream *stream, float *value, uint64_t *count)
{
    size_t end = stream->partition->buckets * BUCKETS;
    while (stream->at < end && stream->counts[stream->at] == 0)
        stream->at++;
    if (stream->at == end)
        return false;
    uint32_t high = stream->partitions.used[stream->partition->first + stream->at / BUCKETS];
    *value = sortable_to_float(high << 16 | (uint32_t)(stream->at % BUCKETS));
    *count = stream->counts[stream->at];
    stream->last = stream->at++;
    return true;
}

/* ---- partitions ------------------------------------------------------------------------------ */

enum outcome value_stream_load(struct value_stream *stream, struct fail *fail)
{
    if (stream->next == stream->partitions.count) {
        free_memory(stream);
        return OUTCOME_CANNOT;
    }
    if (!stream->samples && !take_memory(stream, fail))
        return OUTCOME_FAILED;
    stream->partition = &stream->partitions.each[stream->next++];
    stream->at = 0;
    return (is_sorted(stream) ? sort : count)(stream, fail) ? OUTCOME_DONE : OUTCOME_FAILED;
}

bool value_stream_in_partition(struct value_stream *stream, float *value, uint64_t *count)
{
    return stream->partition &&
           (is_sorted(stream) ? next_sorted : next_counted)(stream, value, count);
}

void value_stream_set(struct value_stream *stream, float to)
{
    if (!is_sorted(stream)) {
        stream->counts[stream->last] = bits_of(to);
        return;
    }
    for (size_t i = stream->last; i < stream->at; i++)
        stream->samples[(uint32_t)stream->sorted[i]] = to;
}

bool value_stream_store(struct value_stream *stream, struct fail *fail)
{
    const struct partition *partition = stream->partition;
    if (!is_sorted(stream))
        return each_block(stream, change_block, true, fail);
    return partitions_store(&stream->partitions, partition->begin, stream->samples,
                            (size_t)partition->samples, fail);
}

/* ---- values ---------------------------------------------------------------------------------- */

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
    if (!stream->summary->overflowed)
        return next_of_list(stream, value, count) ? OUTCOME_DONE : OUTCOME_CANNOT;
    while (!value_stream_in_partition(stream, value, count)) {
        enum outcome outcome = value_stream_load(stream, fail);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return OUTCOME_DONE;
}
