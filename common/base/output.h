/* Bytes to standard output, or to a temporary file in the folder of its destination that is renamed
 * when it is complete. Interrupted and short writes are continued, and every failure is found. */
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

/* Opens path for output; NULL or "-" is standard output, which must not be a terminal. An
 * existing file is left alone until output_close(). Devices and pipes are written directly. */
MUST_CHECK bool output_open(struct output *output, const char *path, struct fail *fail);
/* As output_open(), but standard output may be a terminal: for text. */
MUST_CHECK bool output_open_text(struct output *output, const char *path, struct fail *fail);

/* Small pieces are buffered. */
MUST_CHECK bool output_write(struct output *output, const void *from, size_t n, struct fail *fail);
MUST_CHECK __attribute__((format(printf, 3, 4))) bool
output_print(struct output *output, struct fail *fail, const char *format, ...);

/* Whether output_write_at() works: output is a file, at its beginning and not in append mode. */
bool output_can_seek(const struct output *output);
/* Writes bytes at an offset, unbuffered. Only if output_can_seek(), and not together with
 * output_write(). */
MUST_CHECK bool output_write_at(struct output *output, uint64_t at, const void *from, size_t n,
                                struct fail *fail);

/* Closes the output. If whole, it is flushed, synced, closed and renamed, and each step is checked.
 * Otherwise a pipe still gets what was written, but no file appears. Returns whole, or false on
 * failure. */
bool output_close(struct output *output, bool whole, struct fail *fail);

#endif
