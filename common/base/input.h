/* Bytes in: a file or standard input, with interrupted and short reads handled here, once. */
#ifndef COMMON_BASE_INPUT_H
#define COMMON_BASE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

struct input {
    int fd;
    const char *name; /* for messages */
    bool seekable;    /* can input_seek() and input_read_at() */
    uint64_t begun;   /* where we began to read; only when seekable */
    uint64_t offset;  /* of the next byte that input_read() gives, counted from where we began */
    unsigned char *buffer;
    size_t begin, end; /* what is left in buffer */
};

/* Opens path; NULL or "-" is standard input. Pipes are made large where the system grants it. A
 * directory, or a terminal as input, is refused. */
bool input_open(struct input *input, const char *path, struct fail *fail);
void input_close(struct input *input);

/* Reads n bytes unless the input ends first; returns how many. A failing read sets fail. */
size_t input_read(struct input *input, void *to, size_t n, struct fail *fail);
/* One byte, or -1 at the end (or on failure, fail set). */
int input_byte(struct input *input, struct fail *fail);
/* Passes over n bytes. False when the input ends first (fail not set) or can't be read. */
bool input_skip(struct input *input, uint64_t n, struct fail *fail);
/* How many bytes there are from an offset on; only when seekable. */
uint64_t input_left(const struct input *input, uint64_t offset);
/* Back (or on) to an offset. Only when seekable. */
bool input_seek(struct input *input, uint64_t offset, struct fail *fail);
/* Reads n bytes from an offset unless the input ends first, whatever else is read; returns how
 * many. Several threads may call. Only when seekable. */
size_t input_read_at(const struct input *input, uint64_t offset, void *to, size_t n,
                     struct fail *fail);
/* Reads whatever is there, 1 to n bytes; 0 at the end or on failure (fail set). */
size_t input_some(struct input *input, void *to, size_t n, struct fail *fail);

#endif
