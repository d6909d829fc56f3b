#include "common/base/descriptor.h"

#include <errno.h>
#include <unistd.h>

#define NO_OFFSET UINT64_MAX

static bool write_all(int fd, const char *next, size_t n, uint64_t at)
{
    while (n > 0) {
        ssize_t part = at == NO_OFFSET ? write(fd, next, n) : pwrite(fd, next, n, (off_t)at);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return false;
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

bool descriptor_write_at(int fd, const void *from, size_t n, uint64_t at)
{
    return write_all(fd, from, n, at);
}

bool descriptor_read_at(int fd, void *to, size_t n, uint64_t at, size_t *got)
{
    *got = 0;
    while (*got < n) {
        ssize_t part = pread(fd, (char *)to + *got, n - *got, (off_t)(at + *got));
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            return part == 0;
        *got += (size_t)part;
    }
    return true;
}
