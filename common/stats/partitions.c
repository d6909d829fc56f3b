/* Sorting a volume that does not fit memory would take a merge of many files, and would lose where
 * each sample came from. Partitions keep the order of the volume within themselves, so that
 * reading the volume again shows for each sample which partition it is in, and that it is the next
 * one there.
 *
 * High counts (radix.h) tell beforehand how many samples each bucket of values has. So partitions
 * are planned before a sample is written, each with its place in one file, and none moves later.
 * Buckets are put together until a partition has as many samples as memory can sort; one that has
 * more is kept to a few buckets, whose values can be counted instead.
 *
 * Cost: a file as large as the volume in the folder for temporary files; each sample is written,
 * read once or twice for its value, written again where it gets another one, and read once more to
 * be put together. While all partitions are written or read at once they share 4 MiB of buffers,
 * which are filled before they are written. One thread does all this.
 *
 * The counts also guard: where a partition gets more samples than were counted, or fewer, the
 * volume has changed between two passes, and that is refused. */
#include "common/stats/partitions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/array.h"
#include "common/base/count.h"
#include "common/io/descriptor.h"
#include "common/io/temporary.h"
#include "common/kernel/sortable.h"
#include "common/stats/scan.h"
#include "common/stream/loop.h"

#define BUFFERS (1u << 20) /* samples in all buffers together: 4 MiB */
#define NO_PARTITION UINT16_MAX

uint32_t partition_key(float v)
{
    return sortable_from_bits(bits_of(v + 0.0f));
}

static bool has_changed(const struct partitions *partitions, struct fail *fail)
{
    return fail_set(fail, "%s: has changed while it was read", partitions->name);
}

/* ---- which partition a sample belongs to ---------------------------------------------------- */

enum { OF_ZERO = SORTABLE_ZERO >> 16, OF_MINUS_ZERO = OF_ZERO - 1 };

/* Samples that come with a bucket: -0 has been counted in the bucket below that of 0, where it
 * belongs, so these two are in one partition. */
static uint64_t samples_from(const uint64_t *counts, size_t bucket)
{
    return counts[bucket] + (bucket == OF_MINUS_ZERO ? counts[OF_ZERO] : 0);
}

static bool is_used(const uint64_t *counts, size_t bucket)
{
    return counts[bucket] > 0 || (bucket == OF_ZERO && counts[OF_MINUS_ZERO] > 0);
}

/* Begins a partition where the last one would have too many buckets and too many samples. */
static bool plan(struct partitions *partitions, const uint64_t *counts, struct fail *fail)
{
    struct partition *last = NULL;
    size_t capacity = 0, used = 0;
    uint64_t begin = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        partitions->number[bucket] = NO_PARTITION;
        if (!is_used(counts, bucket))
            continue;
        bool is_full = last && last->buckets >= PARTITION_BUCKETS - 1 &&
                       last->samples + samples_from(counts, bucket) > PARTITION_SAMPLES;
        bool is_second = bucket == OF_ZERO && counts[OF_MINUS_ZERO] > 0;
        if (!last || (is_full && !is_second)) {
            if (!array_reserve(partitions->each, &capacity, partitions->count + 1))
                return fail_errno(fail, "%s: partitions", partitions->name);
            last = &partitions->each[partitions->count++];
            *last = (struct partition){.begin = begin, .first = used};
        }
        partitions->number[bucket] = (uint16_t)(partitions->count - 1);
        partitions->place[bucket] = (uint16_t)used;
        partitions->used[used++] = (uint16_t)bucket;
        last->buckets++;
        last->samples += counts[bucket];
        begin += counts[bucket];
    }
    return true;
}

/* The partition of a sample that is not NaN; NULL: none has such samples. */
static struct partition *partition_of(const struct partitions *partitions, float v)
{
    uint16_t number = partitions->number[partition_key(v) >> 16];
    return number == NO_PARTITION ? NULL : &partitions->each[number];
}

/* ---- the file ------------------------------------------------------------------------------- */

bool partitions_store(const struct partitions *partitions, uint64_t at, const float *v, size_t n,
                      struct fail *fail)
{
    return descriptor_write_at(partitions->fd, v, n * sizeof *v, at * sizeof *v) ||
           fail_errno(fail, "%s: samples in %s", partitions->name, temporary_folder());
}

bool partitions_load(const struct partitions *partitions, uint64_t at, float *v, size_t n,
                     struct fail *fail)
{
    size_t got;
    errno = EIO; /* for a file that somebody has cut off */
    return (descriptor_read_at(partitions->fd, v, n * sizeof *v, at * sizeof *v, &got) &&
            got == n * sizeof *v) ||
           fail_errno(fail, "%s: samples in %s", partitions->name, temporary_folder());
}

/* ---- all partitions at once ----------------------------------------------------------------- */

static bool open_buffers(struct partitions *partitions, struct fail *fail)
{
    partitions->buffer_samples = LOOP_BLOCK;
    while (partitions->buffer_samples * partitions->count > BUFFERS)
        partitions->buffer_samples /= 2;
    partitions->buffers =
        malloc(partitions->count * partitions->buffer_samples * sizeof *partitions->buffers);
    for (size_t i = 0; i < partitions->count; i++)
        partitions->each[i].done = 0;
    return partitions->buffers || fail_errno(fail, "%s: buffers", partitions->name);
}

static void close_buffers(struct partitions *partitions)
{
    free(partitions->buffers);
    partitions->buffers = NULL;
}

static float *buffer_of(const struct partitions *partitions, const struct partition *partition)
{
    return partitions->buffers +
           (size_t)(partition - partitions->each) * partitions->buffer_samples;
}

/* Writes the last n samples that were done. */
static bool flush(const struct partitions *partitions, const struct partition *partition, size_t n,
                  struct fail *fail)
{
    return partitions_store(partitions, partition->begin + partition->done - n,
                            buffer_of(partitions, partition), n, fail);
}

static bool append_block(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    const struct partitions *partitions = state;
    (void)at;
    for (size_t i = 0; i < n; i++) {
        if (bits_are_nan(bits_of(v[i])))
            continue;
        struct partition *partition = partition_of(partitions, v[i]);
        if (!partition || partition->done == partition->samples)
            return has_changed(partitions, fail);
        size_t filled = (partition->done++ & (partitions->buffer_samples - 1)) + 1;
        buffer_of(partitions, partition)[filled - 1] = v[i];
        if (filled == partitions->buffer_samples && !flush(partitions, partition, filled, fail))
            return false;
    }
    return true;
}

static bool append_all(struct partitions *partitions, struct reader *reader, struct fail *fail)
{
    if (!scan_rewind(reader, fail) || !loop_each_block(append_block, partitions, reader, fail))
        return false;
    for (size_t i = 0; i < partitions->count; i++) {
        const struct partition *partition = &partitions->each[i];
        size_t left = partition->done & (partitions->buffer_samples - 1);
        if (partition->done < partition->samples)
            return has_changed(partitions, fail);
        if (left > 0 && !flush(partitions, partition, left, fail))
            return false;
    }
    return true;
}

bool partitions_init(struct partitions *partitions, const struct summary *summary,
                     struct reader *reader, struct fail *fail)
{
    *partitions = (struct partitions){.name = reader->name, .fd = temporary_file()};
    partitions->used = malloc(BUCKETS * sizeof *partitions->used);
    partitions->place = malloc(BUCKETS * sizeof *partitions->place);
    partitions->number = malloc(BUCKETS * sizeof *partitions->number);
    if (partitions->fd < 0)
        return fail_errno(fail, "%s: samples in %s", partitions->name, temporary_folder());
    if (!partitions->used || !partitions->place || !partitions->number)
        return fail_errno(fail, "%s: partitions", partitions->name);
    bool ok = plan(partitions, summary->high_counts, fail) && open_buffers(partitions, fail) &&
              append_all(partitions, reader, fail);
    close_buffers(partitions);
    return ok;
}

void partitions_free(struct partitions *partitions)
{
    close_buffers(partitions);
    free(partitions->each);
    free(partitions->used);
    free(partitions->place);
    free(partitions->number);
    if (partitions->name && partitions->fd >= 0)
        close(partitions->fd);
    *partitions = (struct partitions){.name = NULL};
}

/* Fills the buffer with the samples from number `done` on. */
static bool refill(const struct partitions *partitions, const struct partition *partition,
                   struct fail *fail)
{
    uint64_t left = partition->samples - partition->done;
    return partitions_load(partitions, partition->begin + partition->done,
                           buffer_of(partitions, partition),
                           min_u64(left, partitions->buffer_samples), fail);
}

bool partitions_begin_replay(struct partitions *partitions, struct fail *fail)
{
    return open_buffers(partitions, fail);
}

bool partitions_replay(struct partitions *partitions, float *v, size_t n, struct fail *fail)
{
    for (size_t i = 0; i < n; i++) {
        if (bits_are_nan(bits_of(v[i])))
            continue;
        struct partition *partition = partition_of(partitions, v[i]);
        if (!partition || partition->done == partition->samples)
            return has_changed(partitions, fail);
        size_t at = partition->done & (partitions->buffer_samples - 1);
        if (at == 0 && !refill(partitions, partition, fail))
            return false;
        v[i] = buffer_of(partitions, partition)[at];
        partition->done++;
    }
    return true;
}
