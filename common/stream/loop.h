/* THE loop: for each block of rows of each plane: read, filter or observe, write. No program has
 * one of its own. Where the reader can be cloned, threads read and work on chunks side by side. */
#ifndef COMMON_STREAM_LOOP_H
#define COMMON_STREAM_LOOP_H

#include "common/stream/stream.h"

/* Samples in a block: as many whole rows as fit 256 KiB, or a part of one row. Blocks are reused,
 * so memory does not depend on the volume. */
#define LOOP_BLOCK 65536

/* Changes v[0..n) in place. Returns n, or the index of the first sample that it refuses. It knows
 * neither where the span lies nor how long the others are; state is read-only, several threads may
 * call. */
typedef size_t kernel(const void *state, float *v, size_t n);

/* A point filter. */
struct filter {
    kernel *change; /* NULL: samples pass unchanged */
    const void *state;
    const char *refused; /* names what change refuses: "negative sample" */
    bool by_voxel;       /* spans must begin with a voxel: what a value becomes is not the same for
                            all of them (apart.h) */
};

/* Reads all samples that are left, filters them and writes them. When the input is short or a
 * sample is refused, the samples before it have been written. */
MUST_CHECK bool loop_run(const struct filter *filter, struct reader *reader, struct writer *writer,
                         struct fail *fail);

/* Looks at v[0..n), whose first sample is number `at` of the volume. A span is whole rows, or whole
 * voxels of one row where a row is longer than a block; n is at most LOOP_BLOCK. */
typedef bool observer(void *state, const float *v, size_t n, uint64_t at, struct fail *fail);

/* Reads all samples that are left and shows them to the observer, in order; of a short input, those
 * that there were. */
MUST_CHECK bool loop_each_block(observer *observe, void *state, struct reader *reader,
                                struct fail *fail);

/* The same for an observer that looks at few of the samples: threads read ahead of it. */
MUST_CHECK bool loop_each_block_ahead(observer *observe, void *state, struct reader *reader,
                                      struct fail *fail);

/* The same on `count` threads, each with a state of its own. Each state sees its spans in order,
 * but which state sees a span is left to chance. The failure is that of the first span that fails;
 * spans after it may have been shown. */
MUST_CHECK bool loop_parallel(observer *observe, void *const *states, size_t count,
                              struct reader *reader, struct fail *fail);
/* How many states loop_parallel() has use for, LOOP_MAX_STATES at most. */
#define LOOP_MAX_STATES 3
size_t loop_thread_states(const struct reader *reader);

#endif
