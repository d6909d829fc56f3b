#include "common/stream/second_pass.h"

#include <stdlib.h>

#include "common/base/count.h"
#include "common/io/progress.h"
#include "common/io/temporary.h"
#include "common/stream/sample_file.h"
#include "common/thread/pipeline.h"

struct spool {
    struct reader reader; /* its source's next sample is the first that is not in the file */
    struct sample_file file;
    bool is_last_pass;
    const char *other; /* another remedy where there is no room (temporary.h) */
};

static bool cannot_keep(const struct spool *spool, struct fail *fail)
{
    double bytes = (double)volume_samples(&spool->reader.volume) * sizeof(float);
    return temporary_cannot_keep(spool->reader.name, bytes, spool->other, fail);
}

/* For the spool and its clones. */
static bool read_kept(const struct spool *spool, const struct reader *reader, float *v, size_t n,
                      struct fail *fail)
{
    return sample_file_read(&spool->file, reader->at, v, n) ||
           fail_errno(fail, "%s: reading it again from %s", reader->name, temporary_folder());
}

/* Reads from the source, which may hold less, and keeps what was read. Kept samples can be read
 * again; after them the source continues. */
static size_t read_and_keep(struct spool *spool, float *v, size_t n, struct fail *fail)
{
    struct reader *source = spool->reader.source;
    size_t got = reader_read(source, v, n, fail);
    return sample_file_append(&spool->file, v, got) || cannot_keep(spool, fail) ? got : 0;
}

/* How many samples from the next one on are in the file. */
static uint64_t kept_ahead(const struct spool *spool)
{
    uint64_t at = spool->reader.at;
    return at < spool->file.count ? spool->file.count - at : 0;
}

static size_t spool_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct spool *spool = (struct spool *)reader;
    uint64_t kept = kept_ahead(spool);
    size_t again = kept < n ? kept : n;
    if (spool->is_last_pass)
        sample_file_discard(&spool->file, reader->at);
    if (again > 0 && !read_kept(spool, reader, v, again, fail))
        return 0;
    return again < n ? again + read_and_keep(spool, v + again, n - again, fail) : n;
}

/* Samples that were not kept yet are read, so that they are. */
static bool spool_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    uint64_t start = reader->at, kept = kept_ahead((struct spool *)reader);
    if (n <= kept)
        return true;
    reader->at += kept;
    if (!reader_drop(reader, n - kept, fail))
        return false;
    reader->at = start;
    return true;
}

static void spool_close(struct reader *reader)
{
    sample_file_close(&((struct spool *)reader)->file);
    reader_stack_close(reader);
}

/* ---- clones, which only read what was kept ---- */

static size_t clone_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    return read_kept((const struct spool *)reader->original, reader, v, n, fail) ? n : 0;
}

static void clone_close(struct reader *reader)
{
    free(reader);
}

/* Of the spool, or of another clone. */
static struct reader *spool_clone(struct reader *reader, struct fail *fail)
{
    static const struct reader_class class = {.read = clone_read,
                                              .skip = reader_at_skip,
                                              .rewind = reader_at_rewind,
                                              .clone = spool_clone,
                                              .close = clone_close};
    struct reader *clone = reader_copy(reader, sizeof *clone, fail);
    if (clone)
        clone->class = &class;
    return clone;
}

/* ---- opening ---- */

static const struct reader_class spool_class = {.read = spool_read,
                                                .skip = spool_skip,
                                                .rewind = reader_at_rewind,
                                                .clone = spool_clone,
                                                .close = spool_close,
                                                .place = reader_stack_place};

static struct reader *spool_open(struct reader *source, const char *other, struct fail *fail)
{
    struct spool *spool = reader_stack_create(sizeof *spool, &spool_class, source, fail);
    if (!spool)
        return NULL;
    spool->other = other;
    if (sample_file_open(&spool->file))
        return &spool->reader;
    cannot_keep(spool, fail);
    reader_close(&spool->reader);
    return NULL;
}

struct reader *second_pass_reader(struct reader *source, struct fail *fail)
{
    enum outcome outcome = reader_rewind(source, fail);
    if (outcome == OUTCOME_DONE)
        return source;
    if (outcome == OUTCOME_CANNOT)
        return spool_open(source, ", or statistics that were made before with --stats", fail);
    reader_close(source);
    return NULL;
}

/* The spool below readers that only look at its samples while they go by; NULL: there is none. */
static struct spool *spool_below(struct reader *reader)
{
    while (reader->class != &spool_class && reader->class->place == reader_stack_place)
        reader = reader->source;
    return reader->class == &spool_class ? (struct spool *)reader : NULL;
}

static bool is_whole(const struct spool *spool)
{
    return spool->file.count == volume_samples(&spool->reader.volume);
}

/* ---- keeping all ---------------------------------------------------------------------------- */

#define SPARE_BLOCKS 2 /* beyond those that threads encode: one is read, one waits */

struct keeping {
    struct spool *spool;
    struct pipeline *pipeline;
    uint64_t at;  /* samples read */
    bool encoded; /* keep only while samples get codes */
    struct fail *fail;
};

struct block {
    uint64_t at;
    size_t n, thread;
    bool coded;
    float *v;
};

struct encoder {
    struct sample_file *file;
    size_t thread;
};

static bool read_block(void *state, void *job)
{
    struct keeping *keeping = state;
    struct block *block = job;
    const struct spool *spool = keeping->spool;
    uint64_t left = volume_samples(&spool->reader.volume) - keeping->at;
    size_t n = left < LOOP_BLOCK ? left : LOOP_BLOCK;
    if (n == 0 || keeping->fail->text[0] != '\0' || (keeping->encoded && !spool->file.coding))
        return false;
    block->at = keeping->at;
    block->coded = spool->file.coding;
    block->n = reader_read(spool->reader.source, block->v, n, keeping->fail);
    keeping->at += block->n;
    return block->n == n;
}

static void encode_block(void *worker, void *job)
{
    struct encoder *encoder = worker;
    struct block *block = job;
    block->thread = encoder->thread;
    block->coded = block->coded &&
                   sample_file_encode(encoder->file, block->thread, block->at, block->v, block->n);
}

/* Where a block can't be encoded, it and all that follow are stored as they are. What threads are
 * encoding is waited for, since it would lie there. */
static bool keep_block(struct keeping *keeping, struct block *block, struct fail *fail)
{
    struct sample_file *file = &keeping->spool->file;
    if (block->coded && file->coding) {
        sample_file_add_block(file, block->thread, block->n);
        return true;
    }
    struct block *blocks[LOOP_MAX_STATES + SPARE_BLOCKS];
    size_t count = 0;
    for (file->coding = false; block; block = pipeline_take(keeping->pipeline))
        blocks[count++] = block;
    for (size_t i = 0; i < count; i++)
        if (!sample_file_append(file, blocks[i]->v, blocks[i]->n))
            return cannot_keep(keeping->spool, fail);
    return true;
}

static bool keep_blocks(struct keeping *keeping, float *v, size_t threads, struct fail *fail)
{
    struct spool *spool = keeping->spool;
    const struct volume *volume = &spool->reader.volume;
    struct encoder encoders[LOOP_MAX_STATES];
    struct block blocks[LOOP_MAX_STATES + SPARE_BLOCKS], *block;
    size_t count = threads > 1 ? threads + SPARE_BLOCKS : 1;
    for (size_t i = 0; i < threads; i++)
        encoders[i] = (struct encoder){&spool->file, i};
    for (size_t i = 0; i < count; i++)
        blocks[i].v = v + i * LOOP_BLOCK;
    keeping->pipeline = pipeline_start(encode_block, PIPELINE_ARRAY(encoders, threads),
                                       PIPELINE_ARRAY(blocks, count));
    bool ok = keeping->pipeline || fail_errno(fail, "%s: threads", spool->reader.name);
    while (ok && (block = pipeline_next(keeping->pipeline, read_block, keeping))) {
        ok = keep_block(keeping, block, fail);
        progress_show(spool->file.count / volume_plane_samples(volume), volume->size[AXIS_PLANE]);
    }
    pipeline_finish(keeping->pipeline);
    return ok && fail->text[0] == '\0';
}

/* Until all is kept, or, with `encoded`, there are too many values for codes. The first block is
 * one thread's: whether there seem to be too many is decided there, whatever their number. */
static bool keep(struct spool *spool, bool encoded, struct fail *fail)
{
    uint64_t total = volume_samples(&spool->reader.volume), left = total - spool->file.count;
    size_t threads = loop_thread_states(spool->reader.source), first = min_u64(left, LOOP_BLOCK);
    if (left == 0 || (encoded && !spool->file.coding))
        return true;
    float *v = malloc((threads + SPARE_BLOCKS) * LOOP_BLOCK * sizeof *v);
    if (!v)
        return fail_errno(fail, "%s", spool->reader.name);
    bool ok = read_and_keep(spool, v, first, fail) == first;
    struct keeping keeping = {spool, NULL, spool->file.count, encoded, fail};
    threads = ok ? sample_file_share(&spool->file, threads, total) : 1;
    ok = ok && keep_blocks(&keeping, v, threads, fail);
    free(v);
    return ok;
}

struct reader *second_pass_cloneable(struct reader *source, struct fail *fail)
{
    struct reader *reader = reader_has_clones(source) ? source : spool_open(source, "", fail);
    if (!reader || reader == source)
        return reader;
    reader->access = ACCESS_ANY;
    if (keep((struct spool *)reader, false, fail))
        return reader;
    reader_close(reader);
    return NULL;
}

struct reader *second_pass_for_clones(struct reader *source, struct fail *fail)
{
    struct reader *reader = second_pass_cloneable(source, fail);
    uint64_t left = reader ? volume_samples(&reader->volume) - reader->at : 0;
    if (!reader || reader_skip(reader, left, fail))
        return reader;
    reader_close(reader);
    return NULL;
}

struct reader *second_pass_clone(struct reader **source, struct fail *fail)
{
    *source = second_pass_cloneable(*source, fail);
    return *source ? reader_clone(*source, fail) : NULL;
}

enum outcome second_pass_count(struct reader *reader, const struct dictionary **values,
                               struct fail *fail)
{
    struct spool *spool = spool_below(reader);
    if (!spool)
        return OUTCOME_CANNOT;
    if (!keep(spool, true, fail))
        return OUTCOME_FAILED;
    *values = sample_file_counts(&spool->file);
    return *values ? OUTCOME_DONE : OUTCOME_CANNOT;
}

bool second_pass_run(const struct filter *filter, struct reader *reader, struct writer *writer,
                     struct fail *fail)
{
    struct spool *spool = spool_below(reader);
    struct filter rest = *filter;
    if (spool)
        spool->is_last_pass = true;
    /* Who looks at samples sees them as they were. */
    if (spool && reader == &spool->reader && filter->change && !filter->by_voxel &&
        is_whole(spool) && sample_file_remap(&spool->file, filter->change, filter->state))
        rest.change = NULL;
    return loop_run(&rest, reader, writer, fail);
}
