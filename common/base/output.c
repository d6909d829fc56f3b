#include "common/base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/descriptor.h"

#define BUFFER_SIZE 65536
#define PIPE_SIZE (1 << 20)

/* Temporary files that the signal handler must remove; no program has as many open at once. Only
 * the thread that opens and closes outputs sets and clears slots; the handler reads them. */
#define TEMPORARIES 32
static char *volatile temporaries[TEMPORARIES];

static void remove_temporaries(int number)
{
    for (size_t i = 0; i < TEMPORARIES; i++)
        if (temporaries[i])
            unlink(temporaries[i]);
    signal(number, SIG_DFL);
    raise(number);
}

static void catch_signals(void)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGXFSZ, SIGXCPU};
    static bool caught;
    for (size_t i = 0; !caught && i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction action, before;
        if (sigaction(numbers[i], NULL, &before) != 0 || before.sa_handler != SIG_DFL)
            continue; /* ignored ones (nohup) stay ignored */
        memset(&action, 0, sizeof action);
        sigemptyset(&action.sa_mask);
        action.sa_handler = remove_temporaries;
        sigaction(numbers[i], &action, NULL);
    }
    caught = true;
}

static void register_temporary(char *temporary)
{
    catch_signals();
    for (size_t i = 0; i < TEMPORARIES; i++) {
        if (!temporaries[i]) {
            temporaries[i] = temporary;
            return;
        }
    }
}

/* Signals are blocked, since one between the two steps would leave the file behind. */
static int create_temporary(char *temporary)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd >= 0)
        register_temporary(temporary);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return fd;
}

static void unregister_temporary(const char *temporary)
{
    for (size_t i = 0; i < TEMPORARIES; i++)
        if (temporaries[i] == temporary)
            temporaries[i] = NULL;
}

static void free_output(struct output *output)
{
    free(output->buffer);
    free(output->name);
    free(output->path);
    free(output->temporary);
    *output = (struct output){.fd = -1};
}

/* "dir/.name.XXXXXX" beside path. */
static char *temporary_beside(const char *path)
{
    size_t size = strlen(path) + sizeof "..XXXXXX";
    char *temporary = malloc(size);
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    if (temporary)
        snprintf(temporary, size, "%.*s.%s.XXXXXX", folder, path, path + folder);
    return temporary;
}

static mode_t new_file_mode(const struct stat *existing)
{
    if (existing)
        return existing->st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool open_temporary(struct output *output, const char *path, const struct stat *existing,
                           struct fail *fail)
{
    /* A link's target is replaced, not the link. */
    output->path = existing ? realpath(path, NULL) : strdup(path);
    output->temporary = output->path ? temporary_beside(output->path) : NULL;
    if (!output->temporary)
        return fail_errno(fail, "%s", path);
    output->fd = create_temporary(output->temporary);
    if (output->fd < 0) {
        fail_errno(fail, "%s: temporary file beside it", path);
        free(output->temporary);
        output->temporary = NULL;
        return false;
    }
    return fchmod(output->fd, new_file_mode(existing)) == 0 || fail_errno(fail, "%s", path);
}

static bool open_path(struct output *output, const char *path, struct fail *fail)
{
    struct stat status;
    bool exists = stat(path, &status) == 0;
    if (!exists && lstat(path, &status) == 0)
        return fail_set(fail, "%s: is a link to a file that is not there", path);
    if (exists && S_ISDIR(status.st_mode))
        return fail_set(fail, "%s: is a directory", path);
    if (!exists || S_ISREG(status.st_mode))
        return open_temporary(output, path, exists ? &status : NULL, fail);
    output->fd = open(path, O_WRONLY | O_CLOEXEC);
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
    if (output->fd == STDOUT_FILENO && isatty(STDOUT_FILENO)) {
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

bool output_can_seek(const struct output *output)
{
    int flags = fcntl(output->fd, F_GETFL);
    return flags >= 0 && !(flags & O_APPEND) && lseek(output->fd, 0, SEEK_CUR) == 0;
}

bool output_write_at(struct output *output, uint64_t at, const void *from, size_t n,
                     struct fail *fail)
{
    return descriptor_write_at(output->fd, from, n, at) ||
           fail_errno(fail, "%s: write", output->name);
}

/* The steps that can still fail after the last write, for example on a full disk. */
static bool commit(struct output *output, struct fail *fail)
{
    if (output->temporary && fsync(output->fd) != 0)
        return fail_errno(fail, "%s: fsync", output->name);
    int closed = close(output->fd);
    output->fd = -1;
    if (closed != 0 && errno != EINTR)
        return fail_errno(fail, "%s: close", output->name);
    if (output->temporary && rename(output->temporary, output->path) != 0)
        return fail_errno(fail, "%s: rename", output->name);
    return true;
}

bool output_close(struct output *output, bool whole, struct fail *fail)
{
    if (output->used > 0 && (whole || !output->temporary))
        whole = flush(output, fail) && whole;
    whole = whole && commit(output, fail);
    if (output->temporary) {
        if (!whole)
            unlink(output->temporary);
        unregister_temporary(output->temporary);
    }
    if (output->fd >= 0)
        close(output->fd);
    free_output(output);
    return whole;
}
