/* Temporary storage with random access: in memory if it is small, otherwise in an unnamed file, so
 * that memory stays bounded whatever the size of a picture. */
#ifndef COMMON_IO_SCRATCH_H
#define COMMON_IO_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* Up to this many bytes are in memory. */
#define SCRATCH_MEMORY (4 << 20)

struct scratch {
    unsigned char *memory; /* NULL: in the file */
    int fd;
};

/* size bytes, all 0. */
MUST_CHECK bool scratch_open(struct scratch *scratch, uint64_t size, struct fail *fail);
MUST_CHECK bool scratch_put(struct scratch *scratch, uint64_t at, const void *from, size_t n,
                            struct fail *fail);
MUST_CHECK bool scratch_get(struct scratch *scratch, uint64_t at, void *to, size_t n,
                            struct fail *fail);
void scratch_close(struct scratch *scratch);

#endif
