#include "tests/fuzz/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_SAMPLES (1 << 18)

const char *fuzz_file(const void *bytes, size_t n)
{
    static char path[40];
    static int fd = -1;
    if (fd < 0)
        fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, bytes, n, 0) != (ssize_t)n)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return path;
}

static void read_some(struct reader *reader)
{
    static float v[4096];
    struct fail fail = {.text = ""};
    const size_t count = sizeof v / sizeof *v;
    uint64_t total = volume_samples(&reader->volume);
    while (reader->at < total && reader->at < MAX_SAMPLES) {
        uint64_t left = total - reader->at;
        size_t n = left < count ? left : count;
        if (reader_read(reader, v, n, &fail) < n)
            return;
    }
}

void fuzz_read(struct reader *reader)
{
    struct fail fail = {.text = ""};
    if (!reader)
        return;
    read_some(reader);
    if (reader_rewind(reader, &fail) == OUTCOME_DONE)
        read_some(reader);
    reader_close(reader);
}
