#include "common/io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io/descriptor.h"

#define BUFFER_SIZE 65536
#define PIPE_SIZE (1 << 20)

/* N where path names descriptor N of this process, or is a link to such a name; else -1. What such
 * a path names is written to as it is: its file must not be replaced. */
static int named_descriptor(const char *path)
{
    char name[PATH_MAX], target[PATH_MAX];
    snprintf(name, sizeof name, "%s", path);
    for (int links = 0; links < 8; links++) {
        int fd, end = 0;
        long process = getpid();
        if ((sscanf(name, "/dev/fd/%d%n", &fd, &end) == 1 ||
             sscanf(name, "/proc/self/fd/%d%n", &fd, &end) == 1 ||
             (sscanf(name, "/proc/%ld/fd/%d%n", &process, &fd, &end) == 2 &&
              process == (long)getpid())) &&
            name[end] == '\0' && fd >= 0)
            return fd;
        ssize_t length = readlink(name, target, sizeof target - 1);
        if (length < 0)
            return -1;
        target[length] = '\0';
        if (target[0] != '/')
            return -1;
        memcpy(name, target, (size_t)length + 1);
    }
    return -1;
}

static bool open_path(struct output *output, const char *path, struct fail *fail)
{
    struct stat status;
    int descriptor = named_descriptor(path);
    if (descriptor >= 0)
        output->fd = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    else if (stat(path, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) {
        output->is_new = new_file_open(&output->file, path, fail);
        output->fd = output->file.fd;
        return output->is_new;
    } else
        output->fd = descriptor_open(path, O_WRONLY | O_CLOEXEC, 0);
    return output->fd >= 0 || fail_errno(fail, "%s", path);
}

bool output_open_text(struct output *output, const char *path, struct fail *fail)
{
    bool standard = !path || strcmp(path, "-") == 0;
    *output = (struct output){.fd = standard ? STDOUT_FILENO : -1};
    output->name = strdup(standard ? "standard output" : path);
    output->buffer = malloc(BUFFER_SIZE);
    if (!output->name || !output->buffer)
        fail_errno(fail, "write buffer");
    else if (standard || open_path(output, path, fail))
        return true;
    output_close(output, false, fail);
    return false;
}

bool output_open(struct output *output, const char *path, struct fail *fail)
{
    if (!output_open_text(output, path, fail))
        return false;
    if (isatty(output->fd)) {
        fail_set(fail,
                 "standard output is a terminal: send it to a pipe or a file, or name one with -o");
        return output_close(output, false, fail);
    }
    fcntl(output->fd, F_SETPIPE_SZ, PIPE_SIZE); /* fails for other files, and may for pipes */
    return true;
}

static bool write_all(struct output *output, const void *from, size_t n, struct fail *fail)
{
    return descriptor_write(output->fd, from, n) || fail_errno(fail, "%s: write", output->name);
}

static bool flush(struct output *output, struct fail *fail)
{
    size_t n = output->used;
    output->used = 0;
    return write_all(output, output->buffer, n, fail);
}

bool output_write(struct output *output, const void *from, size_t n, struct fail *fail)
{
    if (n > BUFFER_SIZE - output->used && !flush(output, fail))
        return false;
    if (n >= BUFFER_SIZE)
        return write_all(output, from, n, fail);
    memcpy(output->buffer + output->used, from, n);
    output->used += n;
    return true;
}

bool output_takes_pages(const struct output *output)
{
    struct stat status;
    return fstat(output->fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

bool output_give(struct output *output, const void *from, size_t n, struct fail *fail)
{
    return flush(output, fail) &&
           (descriptor_give(output->fd, from, n) || fail_errno(fail, "%s: write", output->name));
}

bool output_print(struct output *output, struct fail *fail, const char *format, ...)
{
    char small[512], *text = small;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof small) {
        va_start(arguments, format);
        length = vasprintf(&text, format, arguments);
        va_end(arguments);
    }
    if (length < 0)
        return fail_errno(fail, "%s", output->name);
    bool ok = output_write(output, text, (size_t)length, fail);
    if (text != small)
        free(text);
    return ok;
}

enum outcome output_check_seek(const struct output *output, struct fail *fail)
{
    int flags = fcntl(output->fd, F_GETFL);
    off_t at = flags >= 0 && !(flags & O_APPEND) ? lseek(output->fd, 0, SEEK_CUR) : -1;
    if (flags < 0 || (at < 0 && !(flags & O_APPEND) && errno != ESPIPE)) {
        fail_errno(fail, "%s", output->name);
        return OUTCOME_FAILED;
    }
    return at == 0 ? OUTCOME_DONE : OUTCOME_CANNOT;
}

bool output_write_at(struct output *output, uint64_t at, const void *from, size_t n,
                     struct fail *fail)
{
    return descriptor_write_at(output->fd, from, n, at) ||
           fail_errno(fail, "%s: write", output->name);
}

static bool close_directly(struct output *output, struct fail *fail)
{
    int fd = output->fd;
    output->fd = -1;
    return fd < 0 || close(fd) == 0 || errno == EINTR ||
           fail_errno(fail, "%s: close", output->name);
}

bool output_close(struct output *output, bool whole, struct fail *fail)
{
    if (output->used > 0 && (whole || !output->is_new))
        whole = flush(output, fail) && whole;
    if (!output->is_new)
        whole = close_directly(output, fail) && whole;
    else if (whole)
        whole = new_file_commit(&output->file, fail);
    else
        new_file_discard(&output->file);
    free(output->buffer);
    free(output->name);
    *output = (struct output){.fd = -1};
    return whole;
}
