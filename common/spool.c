#include "common/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/descriptor.h"

#define COPY_SIZE (256 << 10)

const char *spool_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && folder[0] != '\0' ? folder : "/tmp";
}

int spool_file(void)
{
    const char *folder = spool_folder();
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
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

/* What is kept, and for whom. */
struct kept {
    const char *name;  /* of the input */
    double bytes;      /* of all of it; 0: not known */
    const char *other; /* another way out, for messages */
};

static bool cannot_keep(const struct kept *kept, struct fail *fail)
{
    char size[48] = "a copy";
    if (kept->bytes > 0)
        snprintf(size, sizeof size, "a copy of %.4g MB", kept->bytes / 1e6);
    return fail_errno(fail,
                      "%s must be read twice, and %s can't be kept in %s (name a file instead of a "
                      "pipe, a roomier folder with TMPDIR%s)",
                      kept->name, size, spool_folder(), kept->other);
}

static bool keep(int fd, const void *from, size_t n, const struct kept *kept, struct fail *fail)
{
    return descriptor_write(fd, from, n) || cannot_keep(kept, fail);
}

struct spool {
    struct reader reader;
    struct reader *source;
    struct kept kept;
    int fd;
    bool rewound;
};

static size_t read_kept(struct spool *spool, float *v, size_t n, struct fail *fail)
{
    size_t got = 0, bytes = n * sizeof *v;
    while (got < bytes) {
        ssize_t part = read(spool->fd, (char *)v + got, bytes - got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            fail_errno(fail, "%s: reading it again from %s", spool->reader.name, spool_folder());
        if (part <= 0)
            break;
        got += (size_t)part;
    }
    return got / sizeof *v;
}

static size_t spool_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct spool *spool = (struct spool *)reader;
    if (spool->rewound)
        return read_kept(spool, v, n, fail);
    size_t got = reader_read(spool->source, v, n, fail);
    return keep(spool->fd, v, got * sizeof *v, &spool->kept, fail) ? got : 0;
}

/* What was not read yet must be kept too before the first sample comes again. */
static bool read_the_rest(struct spool *spool, struct fail *fail)
{
    static float v[16384];
    uint64_t left = volume_samples(&spool->reader.volume) - spool->source->at;
    while (left > 0) {
        size_t n = left < 16384 ? (size_t)left : 16384;
        if (spool_read(&spool->reader, v, n, fail) < n)
            return false;
        left -= n;
    }
    return true;
}

static bool spool_rewind(struct reader *reader, struct fail *fail)
{
    struct spool *spool = (struct spool *)reader;
    if (!spool->rewound && !read_the_rest(spool, fail))
        return false;
    spool->rewound = true;
    return lseek(spool->fd, 0, SEEK_SET) == 0 ||
           fail_errno(fail, "%s: rewinding its copy", reader->name);
}

static const struct reader *spool_source(const struct reader *reader, uint64_t *at)
{
    (void)at;
    return ((const struct spool *)reader)->source;
}

static void spool_close(struct reader *reader)
{
    struct spool *spool = (struct spool *)reader;
    reader_close(spool->source);
    close(spool->fd);
    free(spool);
}

struct reader *spool_reader(struct reader *source, struct fail *fail)
{
    static const struct reader_class class = {
        .read = spool_read, .rewind = spool_rewind, .close = spool_close, .source = spool_source};
    if (reader_rewind(source, fail))
        return source;
    if (fail->text[0] != '\0') {
        reader_close(source);
        return NULL;
    }
    struct spool *spool = calloc(1, sizeof *spool);
    if (!spool) {
        fail_errno(fail, "%s", source->name);
        reader_close(source);
        return NULL;
    }
    spool->kept = (struct kept){.name = source->name,
                                .bytes = (double)volume_samples(&source->volume) * sizeof(float),
                                .other = ", or statistics that were made before with --stats"};
    int fd = spool_file();
    if (fd < 0)
        cannot_keep(&spool->kept, fail);
    if (fd < 0 || !volume_copy(&spool->reader.volume, &source->volume, fail)) {
        if (fd >= 0)
            close(fd);
        free(spool);
        reader_close(source);
        return NULL;
    }
    spool->reader.class = &class;
    spool->reader.name = source->name;
    spool->source = source;
    spool->fd = fd;
    return &spool->reader;
}

int spool_bytes(int fd, const char *name, struct fail *fail)
{
    struct kept kept = {.name = name, .other = ""};
    char *block = malloc(COPY_SIZE);
    int copy = block ? spool_file() : -1;
    bool ok = copy >= 0 || cannot_keep(&kept, fail);
    for (ssize_t got = 1; ok && got != 0;) {
        got = read(fd, block, COPY_SIZE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            ok = fail_errno(fail, "%s: read", name);
        kept.bytes += (double)got;
        ok = ok && keep(copy, block, (size_t)got, &kept, fail);
    }
    ok = ok && (lseek(copy, 0, SEEK_SET) == 0 || fail_errno(fail, "%s: rewinding its copy", name));
    free(block);
    if (ok)
        return copy;
    if (copy >= 0)
        close(copy);
    return -1;
}
