/* Bytes to and from a file descriptor, all of them: interrupted and short ones are handled here,
 * once. */
#ifndef COMMON_BASE_DESCRIPTOR_H
#define COMMON_BASE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False, with errno set, when not all n bytes could be written. */
bool descriptor_write(int fd, const void *from, size_t n);
/* The same at an offset, whatever the descriptor's own. */
bool descriptor_write_at(int fd, const void *from, size_t n, uint64_t at);
/* n bytes from an offset unless the file ends first. False, with errno set, when it can't be read.
 */
bool descriptor_read_at(int fd, void *to, size_t n, uint64_t at, size_t *got);

#endif
