/* The distinct values of a volume in ascending order, each with its count: from a list where they
 * are few, else from partitions of the samples by value, one after the other. There each value can
 * be given another one, and the samples be read again as these. 0 and -0 are one value; NaN are
 * left out. */
#ifndef COMMON_STATS_VALUE_STREAM_H
#define COMMON_STATS_VALUE_STREAM_H

#include "common/stats/partitions.h"
#include "common/stats/summary.h"
#include "common/stream/stream.h"

struct value_stream {
    const struct summary *summary;
    size_t next; /* of the list, or the partition that is loaded next */
    struct partitions partitions;

    /* The loaded partition is sorted where it has few samples, and counted otherwise. */
    const struct partition *partition; /* NULL: none yet */
    float *samples;                    /* a block; where they are sorted, all of them */
    uint64_t *sorted, *spare;          /* key and number of each sample */
    uint32_t *counts;                  /* of each value in its buckets; in the same memory */
    size_t at, last;                   /* sorted or counted value after the last one, and that */
};

/* The summary has a list, or high counts; then reader must be one that can be read again, and is
 * read once. Both must last. Call value_stream_free() even after a failure. */
MUST_CHECK bool value_stream_init(struct value_stream *stream, const struct summary *summary,
                                  struct reader *reader, struct fail *fail);
void value_stream_free(struct value_stream *stream);

/* The next value. OUTCOME_CANNOT: there is none. */
MUST_CHECK enum outcome value_stream_next(struct value_stream *stream, float *value,
                                          uint64_t *count, struct fail *fail);

/* Not for lists: goes on to the next partition, whose values value_stream_in_partition() then
 * gives. OUTCOME_CANNOT: there is none. */
MUST_CHECK enum outcome value_stream_load(struct value_stream *stream, struct fail *fail);
/* The next value of the partition. False: no more. */
bool value_stream_in_partition(struct value_stream *stream, float *value, uint64_t *count);
/* Gives the value that came last another one, and when all of a partition have theirs, its samples.
 */
void value_stream_set(struct value_stream *stream, float to);
MUST_CHECK bool value_stream_store(struct value_stream *stream, struct fail *fail);

#endif
