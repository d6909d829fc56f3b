/* Bytes held for a while at places of one's choice: in memory while they are few, else in a file
 * without a name, so that memory stays small however large a picture is. */
#ifndef COMMON_BASE_SCRATCH_H
#define COMMON_BASE_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* What is held in memory, at most. */
#define SCRATCH_MEMORY (4 << 20)

struct scratch {
    unsigned char *memory; /* NULL: in the file */
    int fd;
};

/* Room for size bytes, all 0. */
bool scratch_open(struct scratch *scratch, uint64_t size, struct fail *fail);
bool scratch_put(struct scratch *scratch, uint64_t at, const void *from, size_t n,
                 struct fail *fail);
bool scratch_get(struct scratch *scratch, uint64_t at, void *to, size_t n, struct fail *fail);
void scratch_close(struct scratch *scratch);

#endif
