/* THE loop: for each block of rows of each plane: read, change or look, write. No program has
 * another one. Of a file, threads read blocks side by side. */
#ifndef COMMON_VOLUME_LOOP_H
#define COMMON_VOLUME_LOOP_H

#include "common/volume/stream.h"

/* Looks at v[0..n), whose first sample is number `at` of the volume. A span is whole rows, or whole
 * voxels of one row where a row is longer than a block. */
typedef bool observer(void *state, const float *v, size_t n, uint64_t at, struct fail *fail);

struct pass {
    kernel *change; /* NULL: samples go through as they are */
    const void *state;
    const char *refused; /* names what change refuses: "negative sample" */
};

/* Samples in a block: as many whole rows as fit 256 KiB, at least a part of one; reused, so that
 * memory does not depend on the volume. */
#define LOOP_BLOCK 65536

/* Observers that loop_parallel() has use for at most. */
#define LOOP_MAX_STATES 3

/* Reads every sample that is left, for the last time, changes it, writes it. When the input is
 * short or a sample is refused, the samples before it have been written. */
bool loop_run(const struct pass *pass, struct reader *reader, struct writer *writer,
              struct fail *fail);

/* Reads every sample that is left and shows it to an observer, in order; of a short input, what was
 * there. */
bool loop_each_block(observer *look, void *state, struct reader *reader, struct fail *fail);

/* The same for an observer that has `count` states: several threads call it, each with a state of
 * its own and spans in order, and who sees which span depends on the time. The failure is that of
 * the first span that fails; spans behind it may have been shown. */
bool loop_parallel(observer *look, void *const *states, size_t count, struct reader *reader,
                   struct fail *fail);
/* How many states are of use: one for each thread. */
size_t loop_thread_states(const struct reader *reader);

#endif
