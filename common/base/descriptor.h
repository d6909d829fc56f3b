/* Reads and writes of a whole span at a file descriptor: interrupted and short ones are continued
 * here. */
#ifndef COMMON_BASE_DESCRIPTOR_H
#define COMMON_BASE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* False, with errno set, when not all n bytes could be written. */
MUST_CHECK bool descriptor_write(int fd, const void *from, size_t n);
/* The same at an offset; the descriptor's own offset does not change. */
MUST_CHECK bool descriptor_write_at(int fd, const void *from, size_t n, uint64_t at);
/* Reads n bytes at an offset; *got is fewer only where the file ends. False, with errno set, when a
 * read fails. */
bool descriptor_read_at(int fd, void *to, size_t n, uint64_t at, size_t *got);

#endif
