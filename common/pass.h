/* THE loop: for each block of rows of each plane: read, change or look, write. No program has
 * another one. */
#ifndef COMMON_PASS_H
#define COMMON_PASS_H

#include "common/stream.h"

/* Looks at v[0..n), whose first sample is number `at` of the volume; spans come in order. A span is
 * whole rows, or whole voxels of one row where a row is longer than a block. */
typedef bool observer(void *state, const float *v, size_t n, uint64_t at, struct fail *fail);

struct pass {
    kernel *change; /* NULL: samples go through as they are */
    const void *state;
    const char *refused; /* names what change refuses: "negative sample" */
};

/* Samples in a block: as many whole rows as fit 256 KiB, at least a part of one; reused, so that
 * memory does not depend on the volume. */
#define PASS_BLOCK 65536

/* Reads every sample that is left, for the last time, changes it, writes it. When the input is
 * short or a sample is refused, the samples before it have been written. */
bool pass_run(const struct pass *pass, struct reader *reader, struct writer *writer,
              struct fail *fail);

/* Reads every sample that is left and shows it to an observer; of a short input, what was there. */
bool pass_look(observer *look, void *state, struct reader *reader, struct fail *fail);

#endif
