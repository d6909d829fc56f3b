#include "common/base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_TRIES 1000
#define NO_OFFSET UINT64_MAX

bool descriptor_interrupted(unsigned *tries)
{
    return errno == EINTR && ++*tries < MAX_TRIES;
}

int descriptor_open(const char *path, int flags, unsigned mode)
{
    unsigned tries = 0;
    int fd;
    do
        fd = open(path, flags, mode);
    while (fd < 0 && descriptor_interrupted(&tries));
    return fd;
}

bool descriptor_sync(int fd)
{
    unsigned tries = 0;
    while (fsync(fd) != 0)
        if (!descriptor_interrupted(&tries))
            return descriptor_is_unsupported(errno);
    return true;
}

ptrdiff_t descriptor_read(int fd, void *to, size_t n)
{
    unsigned tries = 0;
    ptrdiff_t got;
    do
        got = read(fd, to, n);
    while (got < 0 && descriptor_interrupted(&tries));
    return got;
}

static bool write_all(int fd, const char *next, size_t n, uint64_t at)
{
    unsigned tries = 0;
    while (n > 0) {
        ssize_t part = at == NO_OFFSET ? write(fd, next, n) : pwrite(fd, next, n, (off_t)at);
        if (part < 0 && descriptor_interrupted(&tries))
            continue;
        if (part <= 0)
            return false;
        tries = 0;
        next += part;
        n -= (size_t)part;
        at += at == NO_OFFSET ? 0 : (uint64_t)part;
    }
    return true;
}

bool descriptor_write(int fd, const void *from, size_t n)
{
    return write_all(fd, from, n, NO_OFFSET);
}

bool descriptor_give(int fd, const void *from, size_t n)
{
#ifdef SPLICE_F_MOVE
    unsigned tries = 0;
    while (n > 0) {
        struct iovec span = {(void *)(uintptr_t)from, n};
        ssize_t part = vmsplice(fd, &span, 1, 0);
        if (part < 0 && descriptor_interrupted(&tries))
            continue;
        if (part <= 0)
            break;
        tries = 0;
        from = (const char *)from + part;
        n -= (size_t)part;
    }
    if (n > 0 && !descriptor_is_unsupported(errno))
        return false;
#endif
    return descriptor_write(fd, from, n);
}

bool descriptor_write_at(int fd, const void *from, size_t n, uint64_t at)
{
    return write_all(fd, from, n, at);
}

bool descriptor_read_at(int fd, void *to, size_t n, uint64_t at, size_t *got)
{
    unsigned tries = 0;
    *got = 0;
    while (*got < n) {
        ssize_t part = pread(fd, (char *)to + *got, n - *got, (off_t)(at + *got));
        if (part < 0 && descriptor_interrupted(&tries))
            continue;
        if (part <= 0)
            return part == 0;
        tries = 0;
        *got += (size_t)part;
    }
    return true;
}

bool descriptor_is_unsupported(int number)
{
    return number == ENOSYS || number == ENOTSUP || number == EOPNOTSUPP || number == EINVAL ||
           number == EPERM;
}
