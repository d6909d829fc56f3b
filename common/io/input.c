#include "common/io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io/descriptor.h"

#define BUFFER_SIZE 65536
#define PIPE_SIZE (1 << 20)

bool input_open(struct input *input, const char *path, struct fail *fail)
{
    bool standard = !path || strcmp(path, "-") == 0;
    *input = (struct input){.fd = STDIN_FILENO, .name = standard ? "standard input" : path};
    if (!standard) {
        input->fd = descriptor_open(path, O_RDONLY | O_CLOEXEC, 0);
        if (input->fd < 0)
            return fail_errno(fail, "%s", path);
    }
    struct stat status;
    if (fstat(input->fd, &status) != 0) {
        fail_errno(fail, "%s", input->name);
    } else if (S_ISDIR(status.st_mode)) {
        fail_set(fail, "%s: is a directory", input->name);
    } else if (isatty(input->fd)) {
        fail_set(fail, "%s: is a terminal; a volume comes from a pipe or a file", input->name);
    } else if (!(input->buffer = malloc(BUFFER_SIZE))) {
        fail_errno(fail, "%s: read buffer", input->name);
    } else {
        off_t start = lseek(input->fd, 0, SEEK_CUR);
        input->seekable = S_ISREG(status.st_mode) && start >= 0;
        input->start = input->seekable ? (uint64_t)start : 0;
        if (S_ISFIFO(status.st_mode))
            fcntl(input->fd, F_SETPIPE_SZ, PIPE_SIZE); /* may fail: a small pipe is only slower */
        return true;
    }
    input_close(input);
    return false;
}

void input_close(struct input *input)
{
    if (input->fd > STDIN_FILENO)
        close(input->fd);
    free(input->buffer);
    *input = (struct input){.fd = -1};
}

/* One read() of 1 to n bytes. OUTCOME_CANNOT: the input has ended. *got is 0 unless it is done. */
static enum outcome read_once(struct input *input, void *to, size_t n, size_t *got,
                              struct fail *fail)
{
    ptrdiff_t result = descriptor_read(input->fd, to, n);
    *got = result > 0 ? (size_t)result : 0;
    if (result < 0)
        fail_errno(fail, "%s: read", input->name);
    return result < 0 ? OUTCOME_FAILED : result == 0 ? OUTCOME_CANNOT : OUTCOME_DONE;
}

static enum outcome fill_buffer(struct input *input, struct fail *fail)
{
    input->begin = 0;
    return read_once(input, input->buffer, BUFFER_SIZE, &input->end, fail);
}

static size_t read_buffered(struct input *input, void *to, size_t n)
{
    size_t left = input->end - input->begin;
    size_t part = n < left ? n : left;
    memcpy(to, input->buffer + input->begin, part);
    input->begin += part;
    input->offset += part;
    return part;
}

size_t input_read(struct input *input, void *to, size_t n, struct fail *fail)
{
    size_t got = read_buffered(input, to, n);
    while (got < n) {
        size_t part;
        if (read_once(input, (char *)to + got, n - got, &part, fail) != OUTCOME_DONE)
            break;
        got += part;
        input->offset += part;
    }
    return got;
}

size_t input_peek(struct input *input, void *to, size_t n, struct fail *fail)
{
    if (input->seekable)
        return input_read_at(input, input->offset, to, n, fail);
    memmove(input->buffer, input->buffer + input->begin, input->end - input->begin);
    input->end -= input->begin;
    input->begin = 0;
    size_t got = 1;
    for (; input->end < n && got > 0; input->end += got)
        if (read_once(input, input->buffer + input->end, BUFFER_SIZE - input->end, &got, fail) ==
            OUTCOME_FAILED)
            return 0;
    n = n < input->end ? n : input->end;
    memcpy(to, input->buffer, n);
    return n;
}

size_t input_read_at(const struct input *input, uint64_t offset, void *to, size_t n,
                     struct fail *fail)
{
    size_t got;
    if (!descriptor_read_at(input->fd, to, n, input->start + offset, &got))
        fail_errno(fail, "%s: read", input->name);
    return got;
}

size_t input_some(struct input *input, void *to, size_t n, struct fail *fail)
{
    if (input->begin < input->end)
        return read_buffered(input, to, n);
    size_t got;
    (void)read_once(input, to, n, &got, fail);
    input->offset += got;
    return got;
}

int input_byte(struct input *input, struct fail *fail)
{
    enum outcome filled = input->begin < input->end ? OUTCOME_DONE : fill_buffer(input, fail);
    if (filled != OUTCOME_DONE)
        return filled == OUTCOME_CANNOT ? INPUT_END : INPUT_FAILED;
    input->offset++;
    return input->buffer[input->begin++];
}

uint64_t input_left(const struct input *input, uint64_t offset)
{
    struct stat status;
    uint64_t from = input->start + offset;
    bool known = fstat(input->fd, &status) == 0 && (uint64_t)status.st_size > from;
    return known ? (uint64_t)status.st_size - from : 0;
}

bool input_skip(struct input *input, uint64_t n, struct fail *fail)
{
    /* Seeking beyond the end does not fail, so check that the skipped bytes exist. */
    if (input->seekable)
        return input_left(input, input->offset) >= n && input_seek(input, input->offset + n, fail);
    while (n > 0) {
        if (input->begin == input->end && fill_buffer(input, fail) != OUTCOME_DONE)
            return false;
        uint64_t left = input->end - input->begin;
        size_t part = n < left ? n : left;
        input->begin += part;
        input->offset += part;
        n -= part;
    }
    return true;
}

bool input_seek(struct input *input, uint64_t offset, struct fail *fail)
{
    if (lseek(input->fd, (off_t)(input->start + offset), SEEK_SET) < 0)
        return fail_errno(fail, "%s: seek", input->name);
    input->begin = input->end = 0;
    input->offset = offset;
    return true;
}

bool input_refuse_empty(const struct input *input, const char *expected, struct fail *fail)
{
    struct stat status;
    bool is_pipe = fstat(input->fd, &status) == 0 && S_ISFIFO(status.st_mode);
    if (is_pipe && input->fd == STDIN_FILENO)
        return fail_set(fail, "%s is empty: the program before it failed?", input->name);
    return fail_set(fail, "%s: is empty, expected %s", input->name, expected);
}
