/* Temporary storage with random access: in memory if it is small, otherwise in an unnamed file, so
 * that memory stays bounded whatever the size of what is stored. Several threads may use it, each
 * another part. */
#ifndef COMMON_IO_SCRATCH_H
#define COMMON_IO_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

#define SCRATCH_MEMORY (4 << 20) /* bytes in memory, where there is no reason for others */

struct scratch {
    const char *what;      /* it holds, for messages: "a picture" */
    unsigned char *memory; /* NULL: in the file */
    int fd;
};

/* size bytes, all 0; up to `memory` bytes are in memory. */
MUST_CHECK bool scratch_open(struct scratch *scratch, const char *what, uint64_t size,
                             size_t memory, struct fail *fail);
MUST_CHECK bool scratch_put(const struct scratch *scratch, uint64_t at, const void *from, size_t n,
                            struct fail *fail);
MUST_CHECK bool scratch_get(const struct scratch *scratch, uint64_t at, void *to, size_t n,
                            struct fail *fail);
void scratch_close(struct scratch *scratch);

#endif
