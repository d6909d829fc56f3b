#include "common/io/scratch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io/descriptor.h"
#include "common/io/temporary.h"

static bool out_of_space(const struct scratch *scratch, uint64_t size, struct fail *fail)
{
    return fail_errno(fail, "%.4g MB of %s must be held in %s (name a roomier folder with TMPDIR)",
                      (double)size / 1e6, scratch->what, temporary_folder());
}

bool scratch_open(struct scratch *scratch, const char *what, uint64_t size, size_t memory,
                  struct fail *fail)
{
    *scratch = (struct scratch){.what = what, .fd = -1};
    if (size <= memory) {
        scratch->memory = calloc(1, size > 0 ? size : 1);
        return scratch->memory || fail_errno(fail, "%.0f bytes of %s", (double)size, what);
    }
    if (size > INT64_MAX) {
        errno = EFBIG;
        return out_of_space(scratch, size, fail);
    }
    scratch->fd = temporary_file();
    if (scratch->fd >= 0 && ftruncate(scratch->fd, (off_t)size) == 0)
        return true;
    out_of_space(scratch, size, fail);
    scratch_close(scratch);
    return false;
}

bool scratch_put(const struct scratch *scratch, uint64_t at, const void *from, size_t n,
                 struct fail *fail)
{
    if (scratch->memory) {
        memcpy(scratch->memory + at, from, n);
        return true;
    }
    return descriptor_write_at(scratch->fd, from, n, at) || out_of_space(scratch, at + n, fail);
}

bool scratch_get(const struct scratch *scratch, uint64_t at, void *to, size_t n, struct fail *fail)
{
    if (scratch->memory) {
        memcpy(to, scratch->memory + at, n);
        return true;
    }
    size_t got;
    errno = EIO; /* for a file that somebody has cut off */
    return (descriptor_read_at(scratch->fd, to, n, at, &got) && got == n) ||
           fail_errno(fail, "%s held in %s can't be read again", scratch->what, temporary_folder());
}

void scratch_close(struct scratch *scratch)
{
    free(scratch->memory);
    if (scratch->fd >= 0)
        close(scratch->fd);
    *scratch = (struct scratch){.fd = -1};
}
