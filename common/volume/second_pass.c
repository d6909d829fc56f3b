#include "common/volume/second_pass.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/descriptor.h"
#include "common/base/progress.h"
#include "common/base/temporary.h"
#include "common/volume/loop.h"
#include "common/volume/sample_file.h"

#define COPY_SIZE (256 << 10)

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
                      kept->name, size, temporary_folder(), kept->other);
}

struct spool {
    struct reader reader;
    struct reader *source; /* its next sample is the first that is not in the file */
    struct kept kept;
    struct sample_file file;
    bool last_time;
};

static bool read_kept(struct spool *spool, float *v, size_t n, struct fail *fail)
{
    uint64_t at = spool->reader.at;
    if (spool->last_time)
        sample_file_drop(&spool->file, at);
    return sample_file_read(&spool->file, at, v, n) ||
           fail_errno(fail, "%s: reading it again from %s", spool->reader.name, temporary_folder());
}

/* From the source, which may hold less. */
static size_t read_on(struct spool *spool, float *v, size_t n, struct fail *fail)
{
    size_t got = reader_read(spool->source, v, n, fail);
    return sample_file_append(&spool->file, v, got) || cannot_keep(&spool->kept, fail) ? got : 0;
}

static size_t spool_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct spool *spool = (struct spool *)reader;
    uint64_t kept = reader->at < spool->file.count ? spool->file.count - reader->at : 0;
    size_t again = kept < n ? (size_t)kept : n;
    if (again > 0 && !read_kept(spool, v, again, fail))
        return 0;
    return again < n ? again + read_on(spool, v + again, n - again, fail) : n;
}

/* Samples that were kept are there to be read again; behind them the source goes on. */
static bool spool_rewind(struct reader *reader, struct fail *fail)
{
    (void)reader;
    (void)fail;
    return true;
}

static bool is_whole(const struct spool *spool)
{
    return spool->file.count == volume_samples(&spool->reader.volume);
}

/* Keeps all of the source, unless it has too many values, or seems to. */
static const struct dictionary *spool_values(struct reader *reader, struct fail *fail)
{
    struct spool *spool = (struct spool *)reader;
    const struct volume *volume = &reader->volume;
    float *v = malloc(LOOP_BLOCK * sizeof *v);
    bool ok = v || fail_errno(fail, "%s", reader->name);
    while (ok && spool->file.coding && !is_whole(spool)) {
        uint64_t left = volume_samples(volume) - spool->file.count;
        size_t n = left < LOOP_BLOCK ? (size_t)left : LOOP_BLOCK;
        ok = read_on(spool, v, n, fail) == n;
        progress_show(spool->file.count / volume_plane_samples(volume), volume->size[AXIS_PLANE]);
    }
    free(v);
    return ok && spool->file.coding ? &spool->file.dictionary : NULL;
}

static bool spool_last_time(struct reader *reader, kernel *change, const void *state)
{
    struct spool *spool = (struct spool *)reader;
    spool->last_time = true;
    return change && is_whole(spool) && sample_file_change(&spool->file, change, state);
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
    sample_file_close(&spool->file);
    free(spool);
}

struct reader *second_pass_reader(struct reader *source, struct fail *fail)
{
    static const struct reader_class class = {.read = spool_read,
                                              .rewind = spool_rewind,
                                              .close = spool_close,
                                              .source = spool_source,
                                              .values = spool_values,
                                              .last_time = spool_last_time};
    if (reader_rewind(source, fail))
        return source;
    struct spool *spool = fail->text[0] == '\0' ? calloc(1, sizeof *spool) : NULL;
    if (!spool) {
        fail_errno(fail, "%s", source->name);
        reader_close(source);
        return NULL;
    }
    spool->reader = (struct reader){.class = &class, .name = source->name};
    spool->source = source;
    spool->kept = (struct kept){.name = source->name,
                                .bytes = (double)volume_samples(&source->volume) * sizeof(float),
                                .other = ", or statistics that were made before with --stats"};
    if (!sample_file_open(&spool->file))
        cannot_keep(&spool->kept, fail);
    else if (volume_copy(&spool->reader.volume, &source->volume, fail))
        return &spool->reader;
    reader_close(&spool->reader);
    return NULL;
}

int temporary_copy(int fd, const char *name, struct fail *fail)
{
    struct kept kept = {.name = name, .other = ""};
    char *block = malloc(COPY_SIZE);
    int copy = block ? temporary_file() : -1;
    bool ok = copy >= 0 || cannot_keep(&kept, fail);
    for (ssize_t got = 1; ok && got != 0;) {
        got = read(fd, block, COPY_SIZE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            ok = fail_errno(fail, "%s: read", name);
        kept.bytes += (double)got;
        ok = ok && (descriptor_write(copy, block, (size_t)got) || cannot_keep(&kept, fail));
    }
    ok = ok && (lseek(copy, 0, SEEK_SET) == 0 || fail_errno(fail, "%s: rewinding its copy", name));
    free(block);
    if (ok)
        return copy;
    if (copy >= 0)
        close(copy);
    return -1;
}
