#include "common/volume/second_pass.h"

#include <stdlib.h>

#include "common/base/progress.h"
#include "common/base/temporary.h"
#include "common/volume/sample_file.h"

struct spool {
    struct stacked_reader
        stacked; /* the source's next sample is the first that is not in the file */
    struct sample_file file;
    bool is_last_pass;
};

static bool cannot_keep(const struct reader *source, struct fail *fail)
{
    double bytes = (double)volume_samples(&source->volume) * sizeof(float);
    return temporary_cannot_keep(source->name, bytes,
                                 ", or statistics that were made before with --stats", fail);
}

static bool read_kept(struct spool *spool, float *v, size_t n, struct fail *fail)
{
    const struct reader *reader = &spool->stacked.reader;
    if (spool->is_last_pass)
        sample_file_discard(&spool->file, reader->at);
    return sample_file_read(&spool->file, reader->at, v, n) ||
           fail_errno(fail, "%s: reading it again from %s", reader->name, temporary_folder());
}

/* Reads from the source, which may hold less, and keeps what was read. */
static size_t read_and_keep(struct spool *spool, float *v, size_t n, struct fail *fail)
{
    struct reader *source = spool->stacked.source;
    size_t got = reader_read(source, v, n, fail);
    return sample_file_append(&spool->file, v, got) || cannot_keep(source, fail) ? got : 0;
}

static size_t spool_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct spool *spool = (struct spool *)reader;
    uint64_t kept = reader->at < spool->file.count ? spool->file.count - reader->at : 0;
    size_t again = kept < n ? kept : n;
    if (again > 0 && !read_kept(spool, v, again, fail))
        return 0;
    return again < n ? again + read_and_keep(spool, v + again, n - again, fail) : n;
}

/* Samples that were kept can be read again; after them the source continues. */
static enum outcome spool_rewind(struct reader *reader, struct fail *fail)
{
    (void)reader;
    (void)fail;
    return OUTCOME_DONE;
}

static const struct reader *spool_place(const struct reader *reader, uint64_t *at)
{
    (void)at;
    return ((const struct spool *)reader)->stacked.source;
}

static void spool_close(struct reader *reader)
{
    sample_file_close(&((struct spool *)reader)->file);
    stacked_reader_close(reader);
}

static const struct reader_class spool_class = {
    .read = spool_read, .rewind = spool_rewind, .close = spool_close, .place = spool_place};

struct reader *second_pass_reader(struct reader *source, struct fail *fail)
{
    enum outcome outcome = reader_rewind(source, fail);
    if (outcome == OUTCOME_DONE)
        return source;
    if (outcome == OUTCOME_FAILED) {
        reader_close(source);
        return NULL;
    }
    struct spool *spool = stacked_reader_create(sizeof *spool, &spool_class, source, fail);
    if (!spool)
        return NULL;
    if (sample_file_open(&spool->file))
        return &spool->stacked.reader;
    cannot_keep(source, fail);
    reader_close(&spool->stacked.reader);
    return NULL;
}

static bool is_whole(const struct spool *spool)
{
    return spool->file.count == volume_samples(&spool->stacked.reader.volume);
}

/* Until all is kept, or there are too many values. */
static bool keep_all(struct spool *spool, float *v, struct fail *fail)
{
    const struct volume *volume = &spool->stacked.reader.volume;
    while (spool->file.coding && !is_whole(spool)) {
        uint64_t left = volume_samples(volume) - spool->file.count;
        size_t n = left < LOOP_BLOCK ? left : LOOP_BLOCK;
        if (read_and_keep(spool, v, n, fail) < n)
            return false;
        progress_show(spool->file.count / volume_plane_samples(volume), volume->size[AXIS_PLANE]);
    }
    return true;
}

enum outcome second_pass_count(struct reader *reader, const struct dictionary **values,
                               struct fail *fail)
{
    struct spool *spool = (struct spool *)reader;
    if (reader->class != &spool_class)
        return OUTCOME_CANNOT;
    float *v = malloc(LOOP_BLOCK * sizeof *v);
    bool ok = v ? keep_all(spool, v, fail) : fail_errno(fail, "%s", reader->name);
    free(v);
    *values = &spool->file.dictionary;
    return !ok ? OUTCOME_FAILED : spool->file.coding ? OUTCOME_DONE : OUTCOME_CANNOT;
}

bool second_pass_run(const struct filter *filter, struct reader *reader, struct writer *writer,
                     struct fail *fail)
{
    struct spool *spool = (struct spool *)reader;
    struct filter rest = *filter;
    if (reader->class == &spool_class) {
        spool->is_last_pass = true;
        if (filter->change && is_whole(spool) &&
            sample_file_remap(&spool->file, filter->change, filter->state))
            rest.change = NULL;
    }
    return loop_run(&rest, reader, writer, fail);
}
