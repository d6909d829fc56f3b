/* Samples go through in chunks, which are a pipeline (pipeline.h): begun in order, read and worked
 * on side by side, and written or shown in order, by the caller alone.
 *
 * Who reads depends on the reader (enum access). One that has no clones is read by the caller,
 * which fills chunks ahead of the threads that work on them; loop_run() and loop_each_block() then
 * need no thread, since what one thread reads and another works on goes from cache to cache. Where
 * there are clones, each thread has one, skips to the chunk, reads it and works on it while it is
 * in its cache. Blocks that are decoded at once are never cut, so such chunks may be large, and
 * their memory says how many threads there are.
 *
 * Who may touch what: the reader is the caller's, a clone is its thread's, a chunk belongs to the
 * thread that works on it until the caller takes it. What the work needs is read-only, or there is
 * one state for each thread.
 *
 * A clone that can't read something only says so, by a chunk that has too few samples: the reader
 * itself then reads these chunks again, one after the other. So what is wrong is told once, by the
 * reader that knows what came before, after all samples before it have gone out. */
#include "common/stream/loop.h"

#include <stdlib.h>

#include "common/io/progress.h"
#include "common/thread/pipeline.h"
#include "common/thread/processors.h"

/* A smaller volume is not worth a thread. */
#define THREADED_SAMPLES (8 * (uint64_t)LOOP_BLOCK)
/* A pipe is read by the caller alone; with it, two threads that count keep up with the pipe. */
#define PIPE_THREADS 2
/* Bytes that chunks and clones may take, where decoders need large ones. */
#define MEMORY (12u << 20)
/* Chunks beyond those that threads work on: one is being written or shown, the others wait, so that
 * no thread has to. Chunks that are decoded may be large: only the first. */
enum { SPARE_CHUNKS = 4, SPARE_DECODED = 1 };
/* Chunks begin with a page of memory, to which the system copies faster. */
#define PAGE 4096

/* Samples that a thread reads and works on at once: a block, or several that are decoded at once.
 */
struct chunk {
    float *own;                 /* memory that is used again and again */
    float *v;                   /* the samples: in own, or in memory that the writer lends */
    uint64_t at;                /* number of the first sample */
    size_t n, got;              /* samples wanted, and read */
    size_t accepted;            /* samples before the first that the filter refused */
    bool ok;                    /* the observer did not object */
    struct fail reading, fault; /* why got < n; why not ok */
};

/* What a thread does with the samples of a chunk. */
typedef void chunk_work(const struct reader *reader, void *state, struct chunk *chunk);
/* What is done with each chunk afterwards, in order. */
typedef bool chunk_visit(const struct reader *reader, void *state, struct chunk *chunk,
                         struct fail *fail);

struct loop_worker;

struct loop {
    struct reader *reader;
    size_t threads;
    chunk_work *work;      /* NULL: threads only read */
    chunk_visit *visit;    /* NULL: nothing is left to do */
    void *state;           /* of both, */
    void *const *states;   /* unless each thread has its own */
    struct writer *writer; /* may lend memory for chunks; NULL: there is none */

    /* While it runs. */
    struct loop_worker *workers;
    struct pipeline *pipeline;
    uint64_t at, total; /* the first sample of the next chunk; all of them */
};

struct loop_worker {
    const struct loop *loop;
    void *state;
    struct reader *clone; /* NULL: the caller reads the chunks */
};

static bool is_decoded(const struct reader *reader)
{
    return reader->access == ACCESS_BLOCKS;
}

/* ---- sizes ---------------------------------------------------------------------------------- */

/* Whole rows where a row fits a block; otherwise whole voxels of one row. */
static size_t block_samples(const struct volume *volume, uint64_t at)
{
    uint64_t row = volume_row_samples(volume);
    uint64_t left = volume_samples(volume) - at;
    uint64_t block = LOOP_BLOCK;
    if (row <= LOOP_BLOCK)
        block -= LOOP_BLOCK % row;
    else if (volume->channels <= LOOP_BLOCK)
        block -= LOOP_BLOCK % volume->channels;
    if (row > LOOP_BLOCK && row - at % row < block)
        block = row - at % row;
    return left < block ? left : block;
}

/* Whole planes, or whole decode blocks of one plane, and enough chunks for all threads. */
static size_t decoded_samples(const struct reader *reader, size_t threads)
{
    uint64_t plane = volume_plane_samples(&reader->volume), block = reader->decode_block;
    uint64_t share = volume_samples(&reader->volume) / (2 * threads);
    uint64_t size = share < LOOP_BLOCK ? share : LOOP_BLOCK;
    if (plane <= size)
        return size - size % plane;
    return block <= size ? size - size % block : block;
}

/* At most this many samples are in a chunk. */
static size_t chunk_capacity(const struct loop *loop)
{
    size_t samples = loop->threads > 1 && is_decoded(loop->reader)
                         ? decoded_samples(loop->reader, loop->threads)
                         : LOOP_BLOCK;
    size_t page = PAGE / sizeof(float);
    return (samples + page - 1) / page * page;
}

static size_t chunk_count(const struct loop *loop)
{
    size_t spare = is_decoded(loop->reader) ? SPARE_DECODED : SPARE_CHUNKS;
    return loop->threads > 1 ? loop->threads + spare : 1;
}

static size_t chunk_samples(const struct loop *loop, uint64_t at)
{
    const struct volume *volume = &loop->reader->volume;
    if (loop->threads < 2 || !is_decoded(loop->reader))
        return block_samples(volume, at);
    uint64_t size = decoded_samples(loop->reader, loop->threads);
    uint64_t plane = volume_plane_samples(volume), left = volume_samples(volume) - at;
    if (plane > size && plane - at % plane < left)
        left = plane - at % plane;
    return left < size ? left : size;
}

static size_t count_threads(const struct reader *reader, size_t max)
{
    uint64_t left = volume_samples(&reader->volume) - reader->at;
    size_t threads = threads_to_use(left >= THREADED_SAMPLES);
    threads = threads < max ? threads : max;
    if (!is_decoded(reader) || threads < 2)
        return threads;
    if (reader->decode_block > MEMORY / sizeof(float))
        return 1;
    uint64_t chunk = decoded_samples(reader, threads) * sizeof(float);
    uint64_t fit = (MEMORY - SPARE_DECODED * chunk) / (chunk + reader->clone_size);
    return threads < fit ? threads : fit > 1 ? fit : 1;
}

/* Where only the caller can read, it does the rest as well. */
static size_t reading_threads(const struct reader *reader)
{
    size_t max = is_decoded(reader) ? THREADS_MAX : reader_has_clones(reader) ? LOOP_MAX_STATES : 1;
    return count_threads(reader, max);
}

size_t loop_thread_states(const struct reader *reader)
{
    return count_threads(reader, reader_has_clones(reader) ? LOOP_MAX_STATES : PIPE_THREADS);
}

/* ---- chunks --------------------------------------------------------------------------------- */

static void work_on(const struct loop_worker *worker, struct chunk *chunk)
{
    const struct loop *loop = worker->loop;
    chunk->ok = true;
    if (loop->work && chunk->got > 0)
        loop->work(loop->reader, worker->state, chunk);
}

static void read_and_work(void *state, void *job)
{
    const struct loop_worker *worker = state;
    struct chunk *chunk = job;
    struct fail ignored = {.text = ""}; /* the reader itself finds out why */
    if (worker->clone)
        chunk->got = reader_skip(worker->clone, chunk->at - worker->clone->at, &ignored)
                         ? reader_read(worker->clone, chunk->v, chunk->n, &ignored)
                         : 0;
    if (!worker->clone || chunk->got == chunk->n)
        work_on(worker, chunk);
}

/* Reads a chunk with the reader itself. Where it has samples to pass, it starts at the plane, if
 * samples are decoded: what a decoder makes of damaged data may depend on the samples before. */
static void read_alone(struct reader *reader, struct chunk *chunk)
{
    uint64_t start = chunk->at;
    chunk->got = 0;
    if (is_decoded(reader))
        start -= start % volume_plane_samples(&reader->volume);
    if (reader->at < start && !reader_skip(reader, start - reader->at, &chunk->reading))
        return;
    while (reader->at < chunk->at) {
        uint64_t left = chunk->at - reader->at;
        size_t part = left < chunk->n ? left : chunk->n;
        if (reader_read(reader, chunk->v, part, &chunk->reading) < part)
            return;
    }
    chunk->got = reader_read(reader, chunk->v, chunk->n, &chunk->reading);
}

/* False when the input turns out to end in the chunk. */
static bool begin_chunk(const struct loop *loop, bool cloned, struct chunk *chunk, uint64_t at)
{
    *chunk = (struct chunk){.own = chunk->own, .n = chunk_samples(loop, at), .at = at};
    if (loop->writer && loop->writer->class->lend)
        chunk->v = loop->writer->class->lend(loop->writer, chunk_capacity(loop), chunk_count(loop));
    if (!chunk->v)
        chunk->v = chunk->own;
    if (cloned)
        return true; /* a thread will read it */
    read_alone(loop->reader, chunk);
    return chunk->got == chunk->n;
}

/* A clone does not look at what follows the last sample, nor at samples that are left out: the
 * reader itself does, before that sample is passed on. Afterwards it stands behind it. */
static void end_input(struct reader *reader, struct chunk *chunk)
{
    uint64_t end = chunk->at + chunk->n;
    bool is_last = chunk->got == chunk->n && end == volume_samples(&reader->volume);
    if (is_last && reader->at < end && !reader_skip(reader, end - reader->at, &chunk->reading))
        chunk->got--;
}

/* The last chunk of a short input is visited too. */
static bool end_chunk(const struct loop *loop, struct chunk *chunk, struct fail *fail)
{
    const struct volume *volume = &loop->reader->volume;
    end_input(loop->reader, chunk);
    bool ok = chunk->ok && (chunk->got == 0 || !loop->visit ||
                            loop->visit(loop->reader, loop->state, chunk, fail));
    if (chunk->v != chunk->own)
        loop->writer->class->take_back(loop->writer, chunk->v);
    progress_show((chunk->at + chunk->got) / volume_plane_samples(volume),
                  volume->size[AXIS_PLANE]);
    if (!ok)
        fail_pass(fail, &chunk->fault);
    return (ok && chunk->got == chunk->n) || fail_pass(fail, &chunk->reading);
}

/* ---- the loop ------------------------------------------------------------------------------- */

static void close_clones(struct loop_worker *workers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        reader_close(workers[i].clone);
        workers[i].clone = NULL;
    }
}

static bool fill_chunk(void *state, void *job)
{
    struct loop *loop = state;
    struct chunk *chunk = job;
    if (loop->at >= loop->total)
        return false;
    bool more = begin_chunk(loop, loop->workers->clone, chunk, loop->at);
    loop->at = more ? loop->at + chunk->n : loop->total;
    return true;
}

/* A clone could not read a chunk: the data are damaged or end early, or there is too little memory
 * or too few descriptors for clones. All chunks under way are waited for and the clones closed;
 * then the reader itself tries what they could not read. The failure is the reader's. */
static bool finish_without_clones(const struct loop *loop, struct chunk *chunk, struct fail *fail)
{
    struct chunk *chunks[THREADS_MAX + SPARE_CHUNKS];
    size_t count = 0;
    bool ok = true;
    for (; chunk; chunk = pipeline_take(loop->pipeline))
        chunks[count++] = chunk;
    close_clones(loop->workers, loop->threads);
    for (size_t i = 0; ok && i < count; i++) {
        if (chunks[i]->got < chunks[i]->n) {
            read_alone(loop->reader, chunks[i]);
            work_on(loop->workers, chunks[i]);
        }
        ok = end_chunk(loop, chunks[i], fail);
    }
    return ok;
}

static bool run_all(struct loop *loop, struct fail *fail)
{
    bool ok = true;
    for (struct chunk *chunk; ok && (chunk = pipeline_next(loop->pipeline, fill_chunk, loop));)
        ok = loop->workers->clone && chunk->got < chunk->n
                 ? finish_without_clones(loop, chunk, fail)
                 : end_chunk(loop, chunk, fail);
    return ok;
}

static bool start_workers(const struct loop *loop, struct fail *fail)
{
    bool cloned = loop->threads > 1 && reader_has_clones(loop->reader);
    for (size_t i = 0; i < loop->threads; i++) {
        struct loop_worker *worker = &loop->workers[i];
        *worker = (struct loop_worker){loop, loop->states ? loop->states[i] : loop->state, NULL};
        if (cloned && !(worker->clone = reader_clone(loop->reader, fail)))
            return false;
    }
    return true;
}

static bool run_with(struct loop *loop, float *v, struct fail *fail)
{
    size_t count = chunk_count(loop);
    struct chunk *chunks = calloc(count, sizeof *chunks);
    if (!chunks)
        return fail_errno(fail, "%s", loop->reader->name);
    for (size_t i = 0; i < count; i++)
        chunks[i].own = v + i * chunk_capacity(loop);
    loop->at = loop->reader->at;
    loop->total = volume_samples(&loop->reader->volume);
    loop->pipeline = pipeline_start(read_and_work, PIPELINE_ARRAY(loop->workers, loop->threads),
                                    PIPELINE_ARRAY(chunks, count));
    bool ok =
        loop->pipeline ? run_all(loop, fail) : fail_errno(fail, "%s: threads", loop->reader->name);
    pipeline_finish(loop->pipeline);
    free(chunks);
    return ok;
}

static bool run(struct loop *loop, struct fail *fail)
{
    struct loop_worker workers[THREADS_MAX] = {{0}};
    size_t capacity = chunk_capacity(loop), count = chunk_count(loop);
    float *v = aligned_alloc(PAGE, count * capacity * sizeof *v);
    loop->workers = workers;
    bool ok =
        v ? start_workers(loop, fail) && run_with(loop, v, fail)
          : fail_errno(fail, "%s: %zu blocks of %zu samples", loop->reader->name, count, capacity);
    close_clones(workers, loop->threads);
    free(v);
    return ok;
}

/* ---- what is done in it --------------------------------------------------------------------- */

struct filtering {
    const struct filter *filter;
    struct writer *writer;
};

static void filter_chunk(const struct reader *reader, void *state, struct chunk *chunk)
{
    (void)reader;
    const struct filter *filter = ((const struct filtering *)state)->filter;
    chunk->accepted =
        filter->change ? filter->change(filter->state, chunk->v, chunk->got) : chunk->got;
}

static bool write_chunk(const struct reader *reader, void *state, struct chunk *chunk,
                        struct fail *fail)
{
    const struct filtering *filtering = state;
    size_t accepted = chunk->accepted < chunk->got ? chunk->accepted : chunk->got;
    char place[PLACE_SIZE];
    if (!writer_write(filtering->writer, chunk->v, accepted, fail))
        return false;
    return accepted == chunk->got ||
           fail_set(fail, "%s: %s %.9g at %s", reader->name, filtering->filter->refused,
                    (double)chunk->v[accepted], reader_place(reader, chunk->at + accepted, place));
}

bool loop_run(const struct filter *filter, struct reader *reader, struct writer *writer,
              struct fail *fail)
{
    struct filtering filtering = {filter, writer};
    struct loop loop = {.reader = reader,
                        .threads = reading_threads(reader),
                        .work = filter_chunk,
                        .visit = write_chunk,
                        .state = &filtering,
                        .writer = writer};
    return run(&loop, fail);
}

struct observation {
    observer *observe;
    void *state;
};

static bool show_chunk(const struct reader *reader, void *state, struct chunk *chunk,
                       struct fail *fail)
{
    const struct observation *observation = state;
    bool ok = true;
    for (size_t shown = 0; ok && shown < chunk->got;) {
        uint64_t at = chunk->at + shown;
        size_t block = block_samples(&reader->volume, at), left = chunk->got - shown;
        size_t part = block < left ? block : left;
        ok = observation->observe(observation->state, chunk->v + shown, part, at, fail);
        shown += part;
    }
    return ok;
}

static bool show_in_order(observer *observe, void *state, size_t threads, struct reader *reader,
                          struct fail *fail)
{
    struct observation observation = {observe, state};
    struct loop loop = {
        .reader = reader, .threads = threads, .visit = show_chunk, .state = &observation};
    return run(&loop, fail);
}

bool loop_each_block(observer *observe, void *state, struct reader *reader, struct fail *fail)
{
    /* What one thread reads and another looks at goes from cache to cache. */
    size_t threads = is_decoded(reader) ? reading_threads(reader) : 1;
    return show_in_order(observe, state, threads, reader, fail);
}

bool loop_each_block_ahead(observer *observe, void *state, struct reader *reader, struct fail *fail)
{
    return show_in_order(observe, state, reading_threads(reader), reader, fail);
}

static void observe_chunk(const struct reader *reader, void *state, struct chunk *chunk)
{
    chunk->ok = show_chunk(reader, state, chunk, &chunk->fault);
}

bool loop_parallel(observer *observe, void *const *states, size_t count, struct reader *reader,
                   struct fail *fail)
{
    struct observation observations[LOOP_MAX_STATES];
    void *own[LOOP_MAX_STATES];
    for (size_t i = 0; i < count; i++) {
        observations[i] = (struct observation){observe, states[i]};
        own[i] = &observations[i];
    }
    struct loop loop = {.reader = reader, .threads = count, .work = observe_chunk, .states = own};
    return run(&loop, fail);
}
