/* The samples of a volume in an unnamed file, apart by value: each partition has those of a range
 * of values, in the order of the volume. So each fits memory or has few enough values to be
 * counted, and when all samples have got new values, they are put together again in one pass. NaN
 * are left out. */
#ifndef COMMON_STATS_PARTITIONS_H
#define COMMON_STATS_PARTITIONS_H

#include "common/stats/summary.h"
#include "common/stream/stream.h"

/* A partition has no more samples than this, or no more buckets (radix.h) with samples. */
#define PARTITION_SAMPLES (1u << 17)
#define PARTITION_BUCKETS 9

struct partition {
    uint64_t begin, samples; /* in the file */
    uint64_t done;           /* how many have been written, or read again */
    size_t first;            /* of the used buckets that are its own */
    size_t buckets;
};

struct partitions {
    const char *name; /* of the volume, for messages; NULL: there are none */
    int fd;
    struct partition *each;
    size_t count;
    uint16_t *used;   /* the buckets in which there are samples, ascending */
    uint16_t *place;  /* of each bucket among those */
    uint16_t *number; /* of the partition of each bucket */

    float *buffers;        /* of every partition, while all are written or read at once */
    size_t buffer_samples; /* in each; a power of 2 */
};

/* -0 becomes 0. */
uint32_t partition_key(float v);

/* Makes the partitions of all samples of reader, whose summary has high counts. Call
 * partitions_free() even after a failure. */
MUST_CHECK bool partitions_init(struct partitions *partitions, const struct summary *summary,
                                struct reader *reader, struct fail *fail);
void partitions_free(struct partitions *partitions);

/* n samples of the file from number `at` on. */
MUST_CHECK bool partitions_load(const struct partitions *partitions, uint64_t at, float *v,
                                size_t n, struct fail *fail);
MUST_CHECK bool partitions_store(const struct partitions *partitions, uint64_t at, const float *v,
                                 size_t n, struct fail *fail);

/* The samples of the volume once more, in its order: v[0..n) become what is stored for them now.
 * NaN stay. */
MUST_CHECK bool partitions_replay(struct partitions *partitions, float *v, size_t n,
                                  struct fail *fail);
MUST_CHECK bool partitions_begin_replay(struct partitions *partitions, struct fail *fail);

#endif
