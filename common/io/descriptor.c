#include "common/io/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_TRIES 1000

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

/* What is still to be written. */
struct rest {
    const char *next;
    size_t n;
    uint64_t at; /* offset in the file, for write_part_at() */
};

typedef ssize_t part_writer(int fd, const struct rest *rest);

static ssize_t write_part(int fd, const struct rest *rest)
{
    return write(fd, rest->next, rest->n);
}

static ssize_t write_part_at(int fd, const struct rest *rest)
{
    return pwrite(fd, rest->next, rest->n, (off_t)rest->at);
}

/* On failure *rest is what was not written. */
static bool write_all(part_writer *write_some, int fd, struct rest *rest)
{
    unsigned tries = 0;
    while (rest->n > 0) {
        ssize_t part = write_some(fd, rest);
        if (part < 0 && descriptor_interrupted(&tries))
            continue;
        if (part <= 0)
            return false;
        tries = 0;
        rest->next += part;
        rest->n -= (size_t)part;
        rest->at += (uint64_t)part;
    }
    return true;
}

bool descriptor_write(int fd, const void *from, size_t n)
{
    return write_all(write_part, fd, &(struct rest){.next = from, .n = n});
}

static ssize_t give_part(int fd, const struct rest *rest)
{
#ifdef SPLICE_F_MOVE
    return vmsplice(fd, &(struct iovec){(void *)(uintptr_t)rest->next, rest->n}, 1, 0);
#else
    return write_part(fd, rest);
#endif
}

bool descriptor_give(int fd, const void *from, size_t n)
{
    struct rest rest = {.next = from, .n = n};
    return write_all(give_part, fd, &rest) ||
           (descriptor_is_unsupported(errno) && write_all(write_part, fd, &rest));
}

bool descriptor_write_at(int fd, const void *from, size_t n, uint64_t at)
{
    return write_all(write_part_at, fd, &(struct rest){.next = from, .n = n, .at = at});
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
