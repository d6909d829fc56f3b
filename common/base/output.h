/* Bytes out: standard output, or a temporary file beside its destination that is renamed when
 * whole. Interrupted and short writes, full disks and failing closes are handled here, once. */
#ifndef COMMON_BASE_OUTPUT_H
#define COMMON_BASE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

struct output {
    int fd;
    char *name;      /* for messages */
    char *path;      /* what the temporary file will be renamed to; NULL when written directly */
    char *temporary; /* NULL when written directly */
    unsigned char *buffer;
    size_t used;
};

/* Begins output to path; NULL or "-" is standard output, which must not be a terminal. An existing
 * file stays untouched until output_close(). Devices and pipes are written directly. */
bool output_open(struct output *output, const char *path, struct fail *fail);
/* As output_open(), but standard output may be a terminal: for text. */
bool output_open_text(struct output *output, const char *path, struct fail *fail);

/* Large pieces go straight out, small ones are gathered. */
bool output_write(struct output *output, const void *from, size_t n, struct fail *fail);
__attribute__((format(printf, 3, 4))) bool output_print(struct output *output, struct fail *fail,
                                                        const char *format, ...);

/* Whether bytes can be written in any order: to a file that is not appended to. */
bool output_can_seek(const struct output *output);
/* Bytes at an offset, straight out; only where output_can_seek(), and not beside output_write(). */
bool output_write_at(struct output *output, uint64_t at, const void *from, size_t n,
                     struct fail *fail);

/* Ends the output. whole: flushed, synced, closed and renamed, each step checked. Else what was
 * written goes down a pipe, but a file never appears. Returns whole, or false on failure. */
bool output_close(struct output *output, bool whole, struct fail *fail);

#endif
