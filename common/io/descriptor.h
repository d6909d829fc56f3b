/* Reads and writes of a whole span at a file descriptor: interrupted and short ones are continued
 * here. */
#ifndef COMMON_IO_DESCRIPTOR_H
#define COMMON_IO_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* Whether a call that has just failed was only interrupted, so that it is to be made again. `tries`
 * begins as 0: a call that is interrupted again and again has failed. */
bool descriptor_interrupted(unsigned *tries);

/* open(), continued when interrupted. */
MUST_CHECK int descriptor_open(const char *path, int flags, unsigned mode);
/* fsync(), likewise; true also where the file system can't. False, with errno set, on failure. */
MUST_CHECK bool descriptor_sync(int fd);
/* One read() of up to n bytes, likewise: how many, 0 at the end, -1 on failure with errno set. */
MUST_CHECK ptrdiff_t descriptor_read(int fd, void *to, size_t n);
/* False, with errno set, when not all n bytes could be written. */
MUST_CHECK bool descriptor_write(int fd, const void *from, size_t n);
/* The same into a pipe, of memory from pages.h, whose pages are handed over rather than copied
 * where the system knows how. */
MUST_CHECK bool descriptor_give(int fd, const void *from, size_t n);
/* The same at an offset; the descriptor's own offset does not change. */
MUST_CHECK bool descriptor_write_at(int fd, const void *from, size_t n, uint64_t at);
/* Reads n bytes at an offset; *got is fewer only where the file ends. False, with errno set, when a
 * read fails. */
bool descriptor_read_at(int fd, void *to, size_t n, uint64_t at, size_t *got);

/* What file systems answer that do not know an operation: the file is as good as it gets there. */
bool descriptor_is_unsupported(int number);

#endif
