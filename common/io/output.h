/* Bytes to standard output, or to a file that appears when it is whole (new_file.h). Interrupted
 * and short writes are continued, and every failure is found. */
#ifndef COMMON_IO_OUTPUT_H
#define COMMON_IO_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"
#include "common/io/new_file.h"

struct output {
    int fd;
    char *name;           /* for messages */
    struct new_file file; /* that fd belongs to where is_new; else fd is written directly */
    bool is_new;
    unsigned char *buffer;
    size_t used;
};

/* Opens path for output; NULL or "-" is standard output. An existing file is left alone until
 * output_close(). Devices, pipes and paths that name a descriptor (/dev/stdout, /dev/fd/3) are
 * written directly. Terminals are refused. */
MUST_CHECK bool output_open(struct output *output, const char *path, struct fail *fail);
/* As output_open(), but output may be a terminal: for text. */
MUST_CHECK bool output_open_text(struct output *output, const char *path, struct fail *fail);

/* Whether output_give() spares copies: output is a pipe. */
bool output_takes_pages(const struct output *output);
/* As output_write(), of memory from pages.h, which must not be changed from here on. */
MUST_CHECK bool output_give(struct output *output, const void *from, size_t n, struct fail *fail);

/* Small pieces are buffered. */
MUST_CHECK bool output_write(struct output *output, const void *from, size_t n, struct fail *fail);
MUST_CHECK __attribute__((format(printf, 3, 4))) bool
output_print(struct output *output, struct fail *fail, const char *format, ...);

/* Whether output_write_at() works: output is a file, at its beginning and not in append mode. */
MUST_CHECK enum outcome output_check_seek(const struct output *output, struct fail *fail);
/* Writes bytes at an offset, unbuffered. Only if output_check_seek(), and not together with
 * output_write(). */
MUST_CHECK bool output_write_at(struct output *output, uint64_t at, const void *from, size_t n,
                                struct fail *fail);

/* Closes the output. If whole, it is flushed, synced, closed and renamed, and each step is checked.
 * Otherwise a pipe still gets what was written, but no file appears. Returns whole, or false on
 * failure. */
bool output_close(struct output *output, bool whole, struct fail *fail);

#endif
