#include "common/volume/neighbours.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/pool.h"
#include "common/base/progress.h"
#include "common/volume/second_pass.h"

#define MEMORY (24u << 20)
#define SPARE_JOBS 2 /* beyond those that threads work on: one is being written, one waits */

/* Rows of one plane of the input that are in memory. */
struct slot {
    float *v;
    uint64_t first, count; /* rows */
    struct reader *clone;  /* that reads bands of the plane; NULL: whole planes are kept */
};

struct run {
    const struct neighbour_filter *filter;
    struct reader *reader;
    struct writer *writer;
    size_t row_samples, span; /* span: planes seen at once, 2 * filter->planes + 1 */
    uint64_t plane, planes, rows;

    struct slot *slots; /* span of them */
    float *input;       /* of all slots */
    uint64_t band;      /* rows made before the slots are filled anew */
    uint64_t next;      /* the next plane that is read into the ring */

    size_t threads, job_count;
    uint64_t job_rows;
    float *made;            /* of all jobs */
    const float **pointers; /* tables of all threads */
};

struct job {
    uint64_t row, count;
    float *made;
};

struct worker {
    const struct run *run;
    const float **table;
};

/* ---- the input ------------------------------------------------------------------------------ */

static bool keeps_planes(const struct run *run)
{
    return run->band == run->rows;
}

/* Of a ring by the plane's number; of bands by the distance from the plane that is made. */
static struct slot *slot_of(const struct run *run, uint64_t plane)
{
    uint64_t at = keeps_planes(run) ? plane % run->span : plane + run->filter->planes - run->plane;
    return &run->slots[at];
}

/* Index i of an axis of n samples, which may lie beyond its ends. */
static uint64_t inside(int64_t i, uint64_t n, enum edge edge)
{
    int64_t size = (int64_t)n;
    if (edge == EDGE_NEAREST)
        return (uint64_t)(i < 0 ? 0 : i < size ? i : size - 1);
    i %= 2 * size;
    i += i < 0 ? 2 * size : 0;
    return (uint64_t)(i < size ? i : 2 * size - 1 - i);
}

static bool read_rows(struct reader *reader, const struct run *run, float *v, uint64_t rows,
                      struct fail *fail)
{
    for (uint64_t left = rows * run->row_samples; left > 0;) {
        size_t part = left < LOOP_BLOCK ? left : LOOP_BLOCK;
        if (reader_read(reader, v, part, fail) < part)
            return false;
        v += part;
        left -= part;
    }
    return true;
}

/* Reads the planes that the next one to be made sees and that are not in the ring yet. */
static bool fill_ring(struct run *run, struct fail *fail)
{
    uint64_t end = run->plane + run->filter->planes + 1;
    for (; run->next < end && run->next < run->planes; run->next++) {
        struct slot *slot = slot_of(run, run->next);
        slot->first = 0;
        slot->count = run->rows;
        if (!read_rows(run->reader, run, slot->v, run->rows, fail))
            return false;
    }
    return true;
}

/* Reads the rows around a band of each plane; rows that the last band has read are kept. */
static bool fill_bands(struct run *run, uint64_t row, uint64_t end, struct fail *fail)
{
    uint64_t reach = run->filter->rows, last = end + reach < run->rows ? end + reach : run->rows;
    uint64_t first = row > reach ? row - reach : 0;
    for (size_t i = 0; i < run->span; i++) {
        struct slot *slot = &run->slots[i];
        uint64_t plane = run->plane + i; /* and filter->planes more */
        if (plane < run->filter->planes || plane - run->filter->planes >= run->planes)
            continue;
        uint64_t held = row > 0 ? slot->first + slot->count : 0,
                 kept = held > first ? held - first : 0;
        memmove(slot->v, slot->v + (slot->count - kept) * run->row_samples,
                kept * run->row_samples * sizeof *slot->v);
        slot->first = first;
        slot->count = last - first;
        if (!read_rows(slot->clone, run, slot->v + kept * run->row_samples, last - first - kept,
                       fail))
            return false;
    }
    return true;
}

/* ---- the output ----------------------------------------------------------------------------- */

static const float *input_row(const struct run *run, int64_t plane, int64_t row)
{
    enum edge edge = run->filter->edge;
    const struct slot *slot = slot_of(run, inside(plane, run->planes, edge));
    return slot->v + (inside(row, run->rows, edge) - slot->first) * run->row_samples;
}

static void make_rows(void *state, void *argument)
{
    const struct worker *worker = state;
    const struct job *job = argument;
    const struct run *run = worker->run;
    int64_t planes = (int64_t)run->filter->planes, rows = (int64_t)run->filter->rows;
    const float **next = worker->table;
    for (int64_t dz = -planes; dz <= planes; dz++)
        for (int64_t i = -rows; i < (int64_t)job->count + rows; i++)
            *next++ = input_row(run, (int64_t)run->plane + dz, (int64_t)job->row + i);
    struct surroundings around = {.plane = run->plane,
                                  .row = job->row,
                                  .count = job->count,
                                  .row_samples = run->row_samples,
                                  .reach = {run->filter->planes, run->filter->rows},
                                  .table = worker->table};
    run->filter->make(run->filter->state, &around, job->made);
}

/* Makes rows [row, end) of the plane side by side and writes them in order. */
static bool make_band(struct run *run, struct pool *pool, struct job *jobs, uint64_t row,
                      uint64_t end, struct fail *fail)
{
    size_t submitted = 0, finished = 0;
    bool ok = true;
    while (row < end || finished < submitted) {
        if (ok && row < end && submitted - finished < run->job_count) {
            struct job *job = &jobs[submitted++ % run->job_count];
            job->row = row;
            job->count = end - row < run->job_rows ? end - row : run->job_rows;
            row += job->count;
            pool_submit(pool, job);
        } else {
            const struct job *job = pool_next(pool);
            ok = ok && writer_write(run->writer, job->made, job->count * run->row_samples, fail);
            finished++;
            row = ok ? row : end;
        }
    }
    return ok;
}

static bool make_planes(struct run *run, struct pool *pool, struct job *jobs, struct fail *fail)
{
    bool ok = true;
    for (run->plane = 0; ok && run->plane < run->planes; run->plane++) {
        for (uint64_t row = 0; ok && row < run->rows; row += run->band) {
            uint64_t end = run->rows - row < run->band ? run->rows : row + run->band;
            ok = (keeps_planes(run) ? fill_ring(run, fail) : fill_bands(run, row, end, fail)) &&
                 make_band(run, pool, jobs, row, end, fail);
        }
        progress_show(run->plane + 1, run->planes);
    }
    return ok;
}

static bool run_jobs(struct run *run, struct fail *fail)
{
    struct worker workers[POOL_MAX_THREADS];
    struct job jobs[POOL_MAX_THREADS + SPARE_JOBS];
    void *states[POOL_MAX_THREADS];
    size_t table = run->span * (run->job_rows + 2 * run->filter->rows);
    for (size_t i = 0; i < run->threads; i++) {
        workers[i] = (struct worker){run, run->pointers + i * table};
        states[i] = &workers[i];
    }
    for (size_t i = 0; i < run->job_count; i++)
        jobs[i].made = run->made + i * run->job_rows * run->row_samples;
    struct pool *pool = pool_start(make_rows, states, run->threads);
    bool ok = pool ? make_planes(run, pool, jobs, fail) : fail_errno(fail, "threads");
    pool_finish(pool);
    return ok;
}

/* ---- setting up ----------------------------------------------------------------------------- */

/* Rows of each plane that are kept at once: all where the planes fit, otherwise those of a band. */
static uint64_t kept_rows(struct run *run)
{
    const struct neighbour_filter *filter = run->filter;
    size_t memory = filter->memory > 0 ? filter->memory : MEMORY;
    uint64_t rows = memory / (run->span * run->row_samples * sizeof(float));
    bool all = rows >= run->rows;
    run->band = all ? run->rows : rows > 2 * filter->rows ? rows - 2 * filter->rows : 1;
    return all ? run->rows : run->band + 2 * filter->rows;
}

static void choose_jobs(struct run *run)
{
    run->threads = pool_threads(run->planes * run->rows * run->row_samples >= 8 * LOOP_BLOCK);
    run->job_count = run->threads > 1 ? run->threads + SPARE_JOBS : 1;
    uint64_t share = run->band / (2 * run->threads), block = LOOP_BLOCK / run->row_samples;
    run->job_rows = share < block ? share : block;
    if (run->job_rows == 0)
        run->job_rows = 1;
}

/* A clone for each plane that is seen, at the plane that it reads first. */
static bool make_clones(struct run *run, struct fail *fail)
{
    uint64_t plane = run->rows * run->row_samples, reach = run->filter->planes;
    for (size_t i = 0; i < run->span; i++) {
        uint64_t skipped = i > reach && i - reach < run->planes ? (i - reach) * plane : 0;
        run->slots[i].clone = reader_clone(run->reader, fail);
        if (!run->slots[i].clone || !reader_skip(run->slots[i].clone, skipped, fail))
            return false;
    }
    return true;
}

static bool allocate(struct run *run, uint64_t rows, struct fail *fail)
{
    size_t table = run->span * (run->job_rows + 2 * run->filter->rows);
    run->slots = calloc(run->span, sizeof *run->slots);
    run->input = malloc(run->span * rows * run->row_samples * sizeof *run->input);
    run->made = malloc(run->job_count * run->job_rows * run->row_samples * sizeof *run->made);
    run->pointers = malloc(run->threads * table * sizeof *run->pointers);
    if (!run->slots || !run->input || !run->made || !run->pointers)
        return fail_errno(fail, "%s: %zu planes around each", run->reader->name, run->span);
    for (size_t i = 0; i < run->span; i++)
        run->slots[i].v = run->input + i * rows * run->row_samples;
    return true;
}

static void release(struct run *run)
{
    for (size_t i = 0; run->slots && i < run->span; i++)
        reader_close(run->slots[i].clone);
    free(run->slots);
    free(run->input);
    free(run->made);
    free(run->pointers);
}

bool neighbours_run(const struct neighbour_filter *filter, struct reader **reader,
                    struct writer *writer, struct fail *fail)
{
    const struct volume *volume = &(*reader)->volume;
    struct run run = {.filter = filter,
                      .writer = writer,
                      .row_samples = volume_row_samples(volume),
                      .span = 2 * filter->planes + 1,
                      .planes = volume->size[AXIS_PLANE],
                      .rows = volume->size[AXIS_ROW]};
    uint64_t rows = kept_rows(&run);
    choose_jobs(&run);
    if (!keeps_planes(&run))
        *reader = second_pass_cloneable(*reader, fail);
    run.reader = *reader;
    bool ok = run.reader && allocate(&run, rows, fail) &&
              (keeps_planes(&run) || make_clones(&run, fail)) && run_jobs(&run, fail);
    release(&run);
    return ok;
}
