#include "common/io/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/io/descriptor.h"

#define COPY_SIZE (256 << 10)

const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && folder[0] != '\0' ? folder : "/tmp";
}

int temporary_file(void)
{
    const char *folder = temporary_folder();
    int fd = descriptor_open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        char *path;
        if (asprintf(&path, "%s/vol.XXXXXX", folder) < 0)
            return -1;
        fd = mkostemp(path, O_CLOEXEC);
        if (fd >= 0)
            unlink(path);
        free(path);
    }
    return fd;
}

bool temporary_cannot_keep(const char *name, double bytes, const char *other, struct fail *fail)
{
    char size[48] = "a copy";
    if (bytes > 0)
        snprintf(size, sizeof size, "a copy of %.4g MB", bytes / 1e6);
    return fail_errno(fail,
                      "%s must be read twice, and %s can't be kept in %s (name a file instead of a "
                      "pipe, a roomier folder with TMPDIR%s)",
                      name, size, temporary_folder(), other);
}

static bool copy_bytes(struct input *input, int to, char *block, struct fail *fail)
{
    double bytes = 0;
    size_t got;
    while ((got = input_some(input, block, COPY_SIZE, fail)) > 0) {
        bytes += (double)got;
        if (!descriptor_write(to, block, got))
            return temporary_cannot_keep(input->name, bytes, "", fail);
    }
    return fail->text[0] == '\0' &&
           (lseek(to, 0, SEEK_SET) == 0 || fail_errno(fail, "%s: rewinding its copy", input->name));
}

int temporary_copy(struct input *input, struct fail *fail)
{
    char *block = malloc(COPY_SIZE);
    int copy = block ? temporary_file() : -1;
    bool ok = copy >= 0 ? copy_bytes(input, copy, block, fail)
                        : temporary_cannot_keep(input->name, 0, "", fail);
    free(block);
    if (!ok && copy >= 0)
        close(copy);
    return ok ? copy : -1;
}
