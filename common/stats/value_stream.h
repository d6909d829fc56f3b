/* The distinct values of a volume in ascending order, each with its count: from a list where they
 * are few, else group by group, for each of which the volume is read again. 0 and -0 are one value;
 * NaN are left out. */
#ifndef COMMON_STATS_VALUE_STREAM_H
#define COMMON_STATS_VALUE_STREAM_H

#include "common/stats/summary.h"
#include "common/stream/stream.h"

#define VALUE_GROUP 32 /* buckets (radix.h) in a group: 8 MiB of counters */

struct value_stream {
    const struct summary *summary;
    struct reader *reader;
    size_t next; /* of the list, or of the buckets that are not counted yet */

    int16_t *slot; /* of each bucket in the group; -1: it is not in it */
    uint16_t bucket[VALUE_GROUP];
    size_t buckets;
    uint32_t *counts; /* BUCKETS for each bucket of the group */
    size_t at;        /* counter that is looked at next */
};

/* The summary has a list, or high counts; then reader must be one that can be read again, and the
 * volume have fewer than 2^32 samples. Both must last. Call value_stream_free() even after a
 * failure. */
MUST_CHECK bool value_stream_init(struct value_stream *stream, const struct summary *summary,
                                  struct reader *reader, struct fail *fail);
void value_stream_free(struct value_stream *stream);

/* The next value. OUTCOME_CANNOT: there is none. */
MUST_CHECK enum outcome value_stream_next(struct value_stream *stream, float *value,
                                          uint64_t *count, struct fail *fail);
/* Goes on to the next group, whose values value_stream_in_group() then gives. OUTCOME_CANNOT: there
 * is none. Not for lists. */
MUST_CHECK enum outcome value_stream_load(struct value_stream *stream, struct fail *fail);
/* The next value of the group and its place there: slot * BUCKETS + lower half. False: no more. */
bool value_stream_in_group(struct value_stream *stream, float *value, uint64_t *count,
                           size_t *place);
/* The place of a sample in the group. False: it is in none, or NaN. */
bool value_stream_place(const struct value_stream *stream, float v, size_t *place);

#endif
