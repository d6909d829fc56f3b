/* Bytes from a file or standard input; interrupted and short reads are continued here. */
#ifndef COMMON_IO_INPUT_H
#define COMMON_IO_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

struct input {
    int fd;
    const char *name; /* for messages */
    bool seekable;    /* input_seek() and input_read_at() work */
    uint64_t start;   /* offset in the file where reading began; only when seekable */
    uint64_t offset;  /* of the next byte that input_read() returns, counted from start */
    unsigned char *buffer;
    size_t begin, end; /* the unread part of buffer */
};

/* Opens path; NULL or "-" is standard input. Pipes are enlarged if the system allows it.
 * Directories and terminals are refused. */
MUST_CHECK bool input_open(struct input *input, const char *path, struct fail *fail);
void input_close(struct input *input);

/* Reads n bytes unless the input ends first; returns how many. A failing read sets fail. */
MUST_CHECK size_t input_read(struct input *input, void *to, size_t n, struct fail *fail);
/* One byte, INPUT_END, or INPUT_FAILED (fail set). */
enum { INPUT_END = -1, INPUT_FAILED = -2 };
MUST_CHECK int input_byte(struct input *input, struct fail *fail);
/* As input_read() of at most 4096 bytes, which are read again by what follows. */
MUST_CHECK size_t input_peek(struct input *input, void *to, size_t n, struct fail *fail);
/* Skips n bytes. False when the input ends first (fail not set) or can't be read. */
MUST_CHECK bool input_skip(struct input *input, uint64_t n, struct fail *fail);
/* Sets fail to that the input holds no byte, where there should be what is expected; of a pipe,
 * that the program before it, which has most likely said why, may have failed. Returns false. */
bool input_refuse_empty(const struct input *input, const char *expected, struct fail *fail);
/* Bytes from an offset to the end of the file. Only when seekable. */
uint64_t input_left(const struct input *input, uint64_t offset);
/* Moves to an offset. Only when seekable. */
MUST_CHECK bool input_seek(struct input *input, uint64_t offset, struct fail *fail);
/* As input_read(), but at an offset; input->offset does not change. Several threads may call it.
 * Only when seekable. */
MUST_CHECK size_t input_read_at(const struct input *input, uint64_t offset, void *to, size_t n,
                                struct fail *fail);
/* Reads the bytes that are available, 1 to n; 0 at the end or on failure (fail set). */
MUST_CHECK size_t input_some(struct input *input, void *to, size_t n, struct fail *fail);

#endif
