#include "common/volume/loop.h"

#include <stdlib.h>

#include "common/base/pool.h"
#include "common/base/progress.h"

/* A smaller volume is not worth a thread. */
#define THREADED_SAMPLES (8 * (uint64_t)LOOP_BLOCK)
/* Of a pipe the caller reads for all; two that count, it among them, keep up with it. */
#define PIPE_SHARES 2
/* Blocks beside those that threads are at: one is being written or shown, one waits. */
#define SPARE_BLOCKS 2
/* Blocks begin with a page, as the system copies to one faster. */
#define PAGE 4096

struct block {
    float *v;
    size_t n, got; /* samples wanted, and read */
    uint64_t at;
    size_t good;                /* samples before the first that was refused */
    bool ok;                    /* the observer had nothing against it */
    struct fail reading, fault; /* why there are fewer, why it is not ok */
};

/* What a thread does with a block on its own; the samples that were read are there. */
typedef void block_work(void *state, struct block *block);
/* What then becomes of it, block after block. */
typedef bool block_visit(void *state, struct block *block, struct fail *fail);

struct loop {
    struct reader *reader;
    size_t threads;
    block_work *work;     /* NULL: threads only read */
    block_visit *visit;   /* NULL: blocks have been dealt with */
    void *state;          /* of both, */
    void *const *workers; /* unless each thread has one of its own */
};

/* ---- blocks --------------------------------------------------------------------------------- */

/* Whole rows where a row fits a block, so that an observer sees rows; else parts of a row. */
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
    return (size_t)(left < block ? left : block);
}

/* False when the input turns out to end in it. */
static bool begin_block(const struct loop *loop, struct block *block, uint64_t at)
{
    struct reader *reader = loop->reader;
    *block = (struct block){.v = block->v, .n = block_samples(&reader->volume, at), .at = at};
    if (reader_reads_anywhere(reader))
        return true; /* a thread will read it */
    block->got = reader_read(reader, block->v, block->n, &block->reading);
    return block->got == block->n;
}

struct member {
    const struct loop *loop;
    void *state;
};

static void do_block(void *worker, void *job)
{
    const struct member *member = worker;
    const struct loop *loop = member->loop;
    struct block *block = job;
    if (reader_reads_anywhere(loop->reader))
        block->got = reader_read_at(loop->reader, block->at, block->v, block->n, &block->reading);
    block->ok = true;
    if (loop->work && block->got > 0)
        loop->work(member->state, block);
}

/* A short input's last block is visited too. */
static bool end_block(const struct loop *loop, struct block *block, struct fail *fail)
{
    struct reader *reader = loop->reader;
    if (reader_reads_anywhere(reader))
        reader->at = block->at + block->got;
    bool ok =
        block->ok && (block->got == 0 || !loop->visit || loop->visit(loop->state, block, fail));
    progress_show(reader->at / volume_plane_samples(&reader->volume),
                  reader->volume.size[AXIS_PLANE]);
    if (!ok)
        fail_set(fail, "%s", block->fault.text);
    return (ok && block->got == block->n) || fail_set(fail, "%s", block->reading.text);
}

/* ---- the loop ------------------------------------------------------------------------------- */

/* Blocks are a ring: the oldest is taken back before it is used again. */
static bool go_round(const struct loop *loop, struct pool *pool, struct block *blocks, size_t count,
                     struct fail *fail)
{
    uint64_t at = loop->reader->at, total = volume_samples(&loop->reader->volume);
    size_t given = 0, taken = 0;
    bool ok = true;
    while (ok && (at < total || taken < given)) {
        if (at < total && given - taken < count) {
            struct block *block = &blocks[given++ % count];
            at = begin_block(loop, block, at) ? at + block->n : total;
            pool_submit(pool, block);
        } else {
            ok = end_block(loop, pool_next(pool), fail);
            taken++;
        }
    }
    return ok;
}

static bool each_block(const struct loop *loop, struct fail *fail)
{
    struct member members[LOOP_MAX_STATES];
    void *workers[LOOP_MAX_STATES];
    struct block blocks[LOOP_MAX_STATES + SPARE_BLOCKS];
    size_t count = loop->threads > 1 ? loop->threads + SPARE_BLOCKS : 1;
    for (size_t i = 0; i < loop->threads; i++) {
        members[i] = (struct member){loop, loop->workers ? loop->workers[i] : loop->state};
        workers[i] = &members[i];
    }
    float *v = aligned_alloc(PAGE, count * LOOP_BLOCK * sizeof *v);
    for (size_t i = 0; v && i < count; i++)
        blocks[i].v = v + i * LOOP_BLOCK;
    struct pool *pool = v ? pool_start(do_block, workers, loop->threads) : NULL;
    bool ok = pool ? go_round(loop, pool, blocks, count, fail)
                   : fail_errno(fail, "blocks of %d samples", LOOP_BLOCK);
    pool_finish(pool);
    free(v);
    return ok;
}

/* ---- what is done in it --------------------------------------------------------------------- */

static size_t threads_for(const struct reader *reader, size_t most)
{
    uint64_t left = volume_samples(&reader->volume) - reader->at;
    size_t threads = pool_threads(left >= THREADED_SAMPLES);
    return threads < most ? threads : most;
}

/* Where only one thread can read, it does the rest as well. */
static size_t reading_threads(const struct reader *reader)
{
    return threads_for(reader, reader_reads_anywhere(reader) ? LOOP_MAX_STATES : 1);
}

struct run {
    const struct pass *pass;
    const struct reader *reader;
    struct writer *writer;
};

static void change_block(void *state, struct block *block)
{
    const struct pass *pass = ((const struct run *)state)->pass;
    block->good = pass->change ? pass->change(pass->state, block->v, block->got) : block->got;
}

static bool write_block(void *state, struct block *block, struct fail *fail)
{
    const struct run *run = state;
    size_t good = block->good;
    if (!writer_write(run->writer, block->v, good, fail))
        return false;
    char place[PLACE_SIZE];
    return good == block->got ||
           fail_set(fail, "%s: %s %.9g at %s", run->reader->name, run->pass->refused,
                    (double)block->v[good], reader_place(run->reader, block->at + good, place));
}

bool loop_run(const struct pass *pass, struct reader *reader, struct writer *writer,
              struct fail *fail)
{
    struct pass own = *pass;
    if (reader_last_time(reader, pass->change, pass->state))
        own.change = NULL;
    struct run run = {.pass = &own, .reader = reader, .writer = writer};
    struct loop loop = {.reader = reader,
                        .threads = reading_threads(reader),
                        .work = change_block,
                        .visit = write_block,
                        .state = &run};
    return each_block(&loop, fail);
}

struct watch {
    observer *look;
    void *state;
};

static bool show_block(void *state, struct block *block, struct fail *fail)
{
    const struct watch *watch = state;
    return watch->look(watch->state, block->v, block->got, block->at, fail);
}

bool loop_each_block(observer *look, void *state, struct reader *reader, struct fail *fail)
{
    struct watch watch = {look, state};
    struct loop loop = {
        .reader = reader, .threads = reading_threads(reader), .visit = show_block, .state = &watch};
    return each_block(&loop, fail);
}

static void share_block(void *state, struct block *block)
{
    block->ok = show_block(state, block, &block->fault);
}

bool loop_parallel(observer *look, void *const *states, size_t count, struct reader *reader,
                   struct fail *fail)
{
    struct watch watches[LOOP_MAX_STATES];
    void *workers[LOOP_MAX_STATES];
    for (size_t i = 0; i < count; i++) {
        watches[i] = (struct watch){look, states[i]};
        workers[i] = &watches[i];
    }
    struct loop loop = {
        .reader = reader, .threads = count, .work = share_block, .workers = workers};
    return each_block(&loop, fail);
}

size_t loop_thread_states(const struct reader *reader)
{
    return threads_for(reader, reader_reads_anywhere(reader) ? LOOP_MAX_STATES : PIPE_SHARES);
}
