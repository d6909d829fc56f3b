/* A library to be preloaded (LD_PRELOAD), which makes calls of the C library fail.
 *
 *   FAULT_CALL=read FAULT_AT=3 FAULT_ERROR=5   the third read() fails with errno 5,
 *   FAULT_ERROR=short                          or transfers half of what was asked,
 *   FAULT_ERROR=end                            or ends, as all reads after it;
 *   FAULT_REPEAT=1                             and so do all calls of that kind after it.
 *   FAULT_COUNTS=FILE                          at exit, writes how often each was called.
 *
 * Calls that the C library makes inside itself (printf, opendir) are not seen. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <ucontext.h>
#include <unistd.h>

enum call {
    READ,
    PREAD,
    WRITE,
    PWRITE,
    OPEN,
    CLOSE,
    FSYNC,
    RENAME,
    LINK,
    UNLINK,
    LSEEK,
    FTRUNCATE,
    FCNTL,
    FCHMOD,
    MEMORY,
    THREAD,
    CALLS
};
static const char *const names[CALLS] = {
    "read", "pread",  "write", "pwrite",    "open",  "close",  "fsync",  "rename",
    "link", "unlink", "lseek", "ftruncate", "fcntl", "fchmod", "memory", "thread"};

enum { SHORT_COUNT = -1, EARLY_END = -2, NO_FAULT = 0 };

static atomic_ulong counts[CALLS];
static int faulty_call = -1, fault;
static unsigned long fault_at;
static bool repeated;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

#define REAL(name) (__extension__(__typeof__(&name)) dlsym(RTLD_NEXT, #name))

/* Names the library that a crash happens in. */
static void on_crash(int number, siginfo_t *info, void *context)
{
    Dl_info where = {0};
    char line[300];
    (void)number, (void)info;
    dladdr((void *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP], &where);
    const char *slash = where.dli_fname ? strrchr(where.dli_fname, '/') : NULL;
    int length =
        snprintf(line, sizeof line, "crash in %s\n", slash ? slash + 1 : "an unknown place");
    (void)!REAL(write)(STDERR_FILENO, line, (size_t)length);
    _exit(99);
}

__attribute__((constructor)) static void read_environment(void)
{
    const char *call = getenv("FAULT_CALL"), *at = getenv("FAULT_AT");
    const char *error = getenv("FAULT_ERROR");
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    if (!call || !at || !error)
        return;
    repeated = getenv("FAULT_REPEAT") != NULL;
    fault = strcmp(error, "short") == 0 ? SHORT_COUNT
            : strcmp(error, "end") == 0 ? EARLY_END
                                        : atoi(error);
    fault_at = strtoul(at, NULL, 10);
    for (int i = 0; i < CALLS; i++) {
        counts[i] = 0;
        if (strcmp(call, names[i]) == 0)
            faulty_call = i;
    }
}

__attribute__((destructor)) static void write_counts(void)
{
    const char *path = getenv("FAULT_COUNTS");
    faulty_call = -1;
    FILE *file = path ? fopen(path, "w") : NULL;
    for (int i = 0; file && i < CALLS; i++)
        fprintf(file, "%s %lu\n", names[i], (unsigned long)counts[i]);
    if (file)
        fclose(file);
}

/* Counts a call; what it must do: NO_FAULT, SHORT_COUNT, EARLY_END, or an errno, which is set. */
static int meet(enum call call)
{
    unsigned long number = ++counts[call];
    if ((int)call != faulty_call ||
        !(number == fault_at || (number > fault_at && (repeated || fault == EARLY_END))))
        return NO_FAULT;
    if (fault > 0)
        errno = fault;
    return fault;
}

/* ---- reading and writing ---- */

static size_t half(size_t n)
{
    return n > 1 ? n / 2 : n;
}

#define TRANSFER(call, end, n, ...)                                                                \
    do {                                                                                           \
        int met = meet(call);                                                                      \
        if (met > 0)                                                                               \
            return -1;                                                                             \
        if (met == EARLY_END && (end))                                                             \
            return 0;                                                                              \
        if (met == SHORT_COUNT)                                                                    \
            (n) = half(n);                                                                         \
        return __VA_ARGS__;                                                                        \
    } while (0)

ssize_t read(int fd, void *to, size_t n)
{
    TRANSFER(READ, true, n, REAL(read)(fd, to, n));
}

ssize_t pread64(int fd, void *to, size_t n, off64_t at)
{
    TRANSFER(PREAD, true, n, REAL(pread64)(fd, to, n, at));
}

ssize_t pread(int fd, void *to, size_t n, off_t at)
{
    return pread64(fd, to, n, at);
}

ssize_t write(int fd, const void *from, size_t n)
{
    TRANSFER(WRITE, false, n, REAL(write)(fd, from, n));
}

ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at)
{
    TRANSFER(PWRITE, false, n, REAL(pwrite64)(fd, from, n, at));
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
{
    return pwrite64(fd, from, n, at);
}

/* ---- files ---- */

#define OR_FAIL(call, ...) (meet(call) > 0 ? -1 : __VA_ARGS__)

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode =
        (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return OR_FAIL(OPEN, REAL(open64)(path, flags, mode));
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode =
        (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open64(path, flags, mode);
}

/* The descriptor is closed all the same, as Linux does. */
int close(int fd)
{
    int met = meet(CLOSE), number = errno, result = REAL(close)(fd);
    if (met > 0)
        errno = number;
    return met > 0 ? -1 : result;
}

int fsync(int fd)
{
    return OR_FAIL(FSYNC, REAL(fsync)(fd));
}

int rename(const char *from, const char *to)
{
    return OR_FAIL(RENAME, REAL(rename)(from, to));
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    return OR_FAIL(LINK, REAL(linkat)(from_folder, from, to_folder, to, flags));
}

int unlink(const char *path)
{
    return OR_FAIL(UNLINK, REAL(unlink)(path));
}

off64_t lseek64(int fd, off64_t offset, int whence)
{
    return OR_FAIL(LSEEK, REAL(lseek64)(fd, offset, whence));
}

off_t lseek(int fd, off_t offset, int whence)
{
    return lseek64(fd, offset, whence);
}

int ftruncate64(int fd, off64_t size)
{
    return OR_FAIL(FTRUNCATE, REAL(ftruncate64)(fd, size));
}

int ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}

int fcntl64(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return OR_FAIL(FCNTL, REAL(fcntl64)(fd, command, argument));
}

int fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return fcntl64(fd, command, argument);
}

int fchmod(int fd, mode_t mode)
{
    return OR_FAIL(FCHMOD, REAL(fchmod)(fd, mode));
}

/* ---- memory and threads ---- */

void *malloc(size_t size)
{
    return meet(MEMORY) > 0 ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return meet(MEMORY) > 0 ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return meet(MEMORY) > 0 ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return meet(MEMORY) > 0 ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **to, size_t alignment, size_t size)
{
    *to = aligned_alloc(alignment, size);
    return *to ? 0 : ENOMEM;
}

int pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *argument)
{
    int met = meet(THREAD);
    return met > 0 ? met : REAL(pthread_create)(id, attributes, start, argument);
}
