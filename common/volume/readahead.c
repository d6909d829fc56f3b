#include "common/volume/readahead.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/pool.h"

enum {
    PART = 65536,         /* samples of a part, where the unit leaves a choice */
    SPARE_PARTS = 1,      /* beside those that threads are at: the one that is read from */
    MEMORY = 12 << 20,    /* bytes, at most, of parts and twins */
    WORTHWHILE = 8 * PART /* samples that threads are started for unless told to */
};

struct part {
    uint64_t first;
    size_t count;
    bool whole;
    float *samples;
};

struct ahead {
    struct reader reader;
    struct reader *source;         /* stands at the first sample until it reads alone */
    void *twins[POOL_MAX_THREADS]; /* struct reader * */
    size_t twin_count;
    struct pool *pool; /* NULL: source reads alone */
    size_t part_size;  /* samples */
    struct part parts[POOL_MAX_JOBS];
    size_t part_count;
    float *samples;    /* of all parts */
    struct part *held; /* that samples are taken from */
    uint64_t given;    /* samples before this one are some part's */
};

/* Why it fails, the source finds out itself. */
static void read_part(void *worker, void *job)
{
    struct reader *twin = worker;
    struct part *part = job;
    struct fail ignored = {{0}};
    part->whole = reader_skip(twin, part->first - twin->at, &ignored) &&
                  reader_read(twin, part->samples, part->count, &ignored) == part->count;
}

/* Whole planes, or whole units of one plane: what is decoded at once belongs to one part. */
static size_t part_size(const struct reader *source, size_t threads)
{
    const struct volume *volume = &source->volume;
    uint64_t plane = volume_plane_samples(volume), unit = source->unit;
    uint64_t share = volume_samples(volume) / (2 * threads), size = share < PART ? share : PART;
    if (plane <= size)
        return (size_t)(size - size % plane);
    return (size_t)(unit <= size ? size - size % unit : unit);
}

static void give_part(struct ahead *ahead, struct part *part)
{
    const struct volume *volume = &ahead->reader.volume;
    uint64_t plane = volume_plane_samples(volume), left = volume_samples(volume) - ahead->given;
    if (plane > ahead->part_size && plane - ahead->given % plane < left)
        left = plane - ahead->given % plane;
    if (left == 0)
        return;
    part->first = ahead->given;
    part->count = left < ahead->part_size ? (size_t)left : ahead->part_size;
    ahead->given += part->count;
    pool_submit(ahead->pool, part);
}

static void dismiss(struct ahead *ahead)
{
    pool_finish(ahead->pool);
    ahead->pool = NULL;
    for (size_t i = 0; i < ahead->twin_count; i++)
        reader_close(ahead->twins[i]);
    ahead->twin_count = 0;
    free(ahead->samples);
    ahead->samples = NULL;
    ahead->held = NULL;
}

/* The source begins with the plane, as decoders may need what is before a sample, and what they say
 * of damage may depend on it. v has room for n samples. */
static bool go_on_alone(struct ahead *ahead, uint64_t at, float *v, size_t n, struct fail *fail)
{
    struct reader *source = ahead->source;
    dismiss(ahead);
    if (!reader_skip(source, at - at % volume_plane_samples(&source->volume), fail))
        return false;
    while (source->at < at) {
        uint64_t left = at - source->at;
        size_t part = left < n ? (size_t)left : n;
        if (reader_read(source, v, part, fail) < part)
            return false;
    }
    return true;
}

/* Holds the part that sample `at` is in; false when a twin could not read it. */
static bool hold(struct ahead *ahead, uint64_t at)
{
    struct part *part = ahead->held;
    if (part && at < part->first + part->count)
        return true;
    if (part)
        give_part(ahead, part);
    ahead->held = part = pool_next(ahead->pool);
    return part->whole;
}

static size_t read_ahead(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct ahead *ahead = (struct ahead *)reader;
    for (size_t done = 0; done < n;) {
        uint64_t at = reader->at + done;
        if (ahead->pool && !hold(ahead, at) && !go_on_alone(ahead, at, v + done, n - done, fail))
            return done;
        if (!ahead->pool)
            return done + reader_read(ahead->source, v + done, n - done, fail);
        const struct part *part = ahead->held;
        uint64_t left = part->first + part->count - at;
        size_t count = left < n - done ? (size_t)left : n - done;
        memcpy(v + done, part->samples + (at - part->first), count * sizeof *v);
        done += count;
    }
    return n;
}

static const struct reader *find_source(const struct reader *reader, uint64_t *at)
{
    (void)at;
    return ((const struct ahead *)reader)->source;
}

static void close_ahead(struct reader *reader)
{
    struct ahead *ahead = (struct ahead *)reader;
    dismiss(ahead);
    reader_close(ahead->source);
    free(ahead);
}

static bool start(struct ahead *ahead, size_t threads, struct fail *fail)
{
    ahead->part_count = threads + SPARE_PARTS;
    ahead->samples = malloc(ahead->part_count * ahead->part_size * sizeof *ahead->samples);
    if (!ahead->samples)
        return fail_errno(fail, "%s: %zu parts to read ahead", ahead->reader.name,
                          ahead->part_count);
    for (; ahead->twin_count < threads; ahead->twin_count++)
        if (!(ahead->twins[ahead->twin_count] = reader_twin(ahead->source, fail)))
            return false;
    ahead->pool = pool_start(read_part, ahead->twins, threads);
    if (!ahead->pool)
        return fail_errno(fail, "%s: threads to read ahead", ahead->reader.name);
    for (size_t i = 0; i < ahead->part_count; i++) {
        ahead->parts[i].samples = ahead->samples + i * ahead->part_size;
        give_part(ahead, &ahead->parts[i]);
    }
    return true;
}

/* As many as there is memory for. */
static size_t count_threads(const struct reader *source)
{
    size_t threads = pool_threads(volume_samples(&source->volume) >= WORTHWHILE);
    if (source->unit == 0 || source->unit > MEMORY / sizeof(float))
        return 1;
    uint64_t part = part_size(source, threads) * sizeof(float);
    uint64_t most = (MEMORY - SPARE_PARTS * part) / (part + source->twin_size);
    return threads < most ? threads : (size_t)most;
}

struct reader *ahead_reader(struct reader *source, struct fail *fail)
{
    static const struct reader_class class = {
        .read = read_ahead, .close = close_ahead, .source = find_source};
    size_t threads = count_threads(source);
    if (threads < 2)
        return source;
    struct ahead *ahead = calloc(1, sizeof *ahead);
    if (!ahead) {
        fail_errno(fail, "%s", source->name);
        reader_close(source);
        return NULL;
    }
    ahead->source = source;
    ahead->reader.class = &class;
    ahead->reader.name = source->name;
    ahead->part_size = part_size(source, threads);
    if (volume_copy(&ahead->reader.volume, &source->volume, fail) && start(ahead, threads, fail))
        return &ahead->reader;
    reader_close(&ahead->reader);
    return NULL;
}
