#include "common/stream/neighbours.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/stream/loop.h"
#include "common/stream/second_pass.h"
#include "common/thread/pipeline.h"
#include "common/thread/processors.h"

#define MEMORY (24u << 20)
#define SPARE_JOBS 2           /* beyond those that threads work on: one is read, one waits */
#define JOB_SAMPLES (1u << 18) /* of a plane, at most */
#define SMALL_JOB (LOOP_BLOCK / 4)
#define JOBS_MEMORY (3u << 20) /* for what threads need beside rows of the input */

const char *const edge_words[] = {"nearest", "reflect", NULL};

/* Rows of one plane of the input that are in memory. */
struct slot {
    float *v;
    uint64_t first, count; /* rows */
};

struct job {
    uint64_t row, count;
    float *made;
};

struct neighbours;

struct worker {
    const struct neighbours *run;
    const float **table;
    void *scratch;
};

struct neighbours {
    struct reader reader;
    struct neighbour_filter filter;
    size_t row_samples, plane_samples;
    size_t padding, stride; /* samples before and after a row of the input; from row to row */
    uint64_t planes, rows;

    /* The input: `slots` planes of it, of which the one that holds plane p is slot[p % slots]. */
    struct slot *slot;
    size_t slots;
    float *input;          /* of all slots */
    struct reader *source; /* that is read: a clone where planes are read again */
    uint64_t next;         /* the first plane that no step has seen yet */

    /* The step: planes [plane, plane + step_planes) are made, in bands of rows. */
    size_t step; /* planes made at once, but for the last ones */
    uint64_t plane, step_planes;
    uint64_t band_rows; /* all rows where whole planes are kept */
    uint64_t slot_rows; /* of the input, around a band */
    uint64_t band_end;  /* of the current band; its rows are submitted up to `row` */
    uint64_t row;

    size_t threads, job_count;
    uint64_t job_rows;
    struct pipeline *pipeline; /* NULL before the first sample is read */
    struct worker workers[THREADS_MAX];
    struct job jobs[THREADS_MAX + SPARE_JOBS];
    const float **tables; /* of all threads */
    char *scratch;
    float *made; /* of all jobs; with a step of several planes, of all its planes */

    /* What read() passes on next. Rows of the step's first plane are passed on as they are made,
     * the other planes after it. */
    struct ready ready;
    uint64_t passed_planes; /* of the step */
};

/* ---- the input ------------------------------------------------------------------------------ */

static bool keeps_planes(const struct neighbours *run)
{
    return run->band_rows == run->rows;
}

uint64_t edge_index(int64_t i, uint64_t n, enum edge edge)
{
    int64_t size = (int64_t)n;
    if (edge == EDGE_NEAREST)
        return (uint64_t)(i < 0 ? 0 : i < size ? i : size - 1);
    i %= 2 * size;
    i += i < 0 ? 2 * size : 0;
    return (uint64_t)(i < size ? i : 2 * size - 1 - i);
}

/* Puts the columns beyond the edges before and after a row. */
static void pad_row(const struct neighbours *run, float *row)
{
    size_t channels = run->reader.volume.channels, size = channels * sizeof *row;
    uint64_t columns = run->row_samples / channels;
    for (int64_t i = 0; i < (int64_t)run->filter.columns; i++) {
        uint64_t before = edge_index(-1 - i, columns, run->filter.edge),
                 after = edge_index((int64_t)columns + i, columns, run->filter.edge);
        memcpy(row - (size_t)(i + 1) * channels, row + before * channels, size);
        memcpy(row + run->row_samples + (size_t)i * channels, row + after * channels, size);
    }
}

/* Moves rows that lie behind one another apart. */
static void pad_rows(const struct neighbours *run, float *v, uint64_t rows)
{
    if (run->padding == 0)
        return;
    for (uint64_t i = rows; i-- > 0;) {
        float *row = v + i * run->stride;
        memmove(row, v + i * run->row_samples, run->row_samples * sizeof *v);
        pad_row(run, row);
    }
}

/* Reads rows to v, where the first of them begins. */
static bool read_rows(const struct neighbours *run, float *v, uint64_t rows, struct fail *fail)
{
    for (uint64_t done = 0, n = rows * run->row_samples; done < n;) {
        size_t part = min_u64(n - done, LOOP_BLOCK);
        if (reader_read(run->source, v + done, part, fail) < part)
            return false;
        if (run->filter.prepare)
            run->filter.prepare(v + done, part);
        done += part;
    }
    pad_rows(run, v, rows);
    return true;
}

/* Reads rows to number `at` of a slot, a block at a time, which stays in fast memory. */
static bool read_slot(const struct neighbours *run, const struct slot *slot, uint64_t at,
                      struct fail *fail)
{
    uint64_t block = LOOP_BLOCK / run->row_samples;
    block = block > 0 ? block : 1;
    for (uint64_t part; at < slot->count; at += part) {
        part = min_u64(block, slot->count - at);
        if (!read_rows(run, slot->v + at * run->stride, part, fail))
            return false;
    }
    return true;
}

/* Reads rows [first, last) of a plane. Those that the last band has read are kept. */
static bool fill_slot(struct neighbours *run, uint64_t plane, uint64_t first, uint64_t last,
                      struct fail *fail)
{
    struct slot *slot = &run->slot[plane % run->slots];
    uint64_t held = run->row > 0 ? slot->first + slot->count : 0,
             kept = held > first ? held - first : 0;
    float *start = slot->v - run->padding;
    memmove(start, start + (slot->count - kept) * run->stride, kept * run->stride * sizeof *start);
    slot->first = first;
    slot->count = last - first;
    uint64_t inexact = run->reader.source->inexact;
    bool ok = reader_seek(run->source,
                          plane * run->plane_samples + (first + kept) * run->row_samples, fail) &&
              read_slot(run, slot, kept, fail);
    if (plane < run->next) /* was counted when it was read for an earlier step */
        run->reader.source->inexact = inexact;
    return ok;
}

/* Reads what the band that begins at `row` sees of all planes. In whole planes only new ones. */
static bool fill_band(struct neighbours *run, struct fail *fail)
{
    uint64_t reach = run->filter.rows, end = run->plane + run->step_planes + run->filter.planes;
    uint64_t first = run->row > reach ? run->row - reach : 0, last = run->band_end + reach;
    uint64_t plane = run->plane > run->filter.planes ? run->plane - run->filter.planes : 0;
    plane = keeps_planes(run) && run->next > plane ? run->next : plane;
    end = min_u64(end, run->planes);
    last = min_u64(last, run->rows);
    for (; plane < end; plane++)
        if (!fill_slot(run, plane, first, last, fail))
            return false;
    if (run->band_end == run->rows)
        run->next = end;
    return true;
}

/* ---- the output ----------------------------------------------------------------------------- */

static const float *input_row(const struct neighbours *run, int64_t plane, int64_t row)
{
    enum edge edge = run->filter.edge;
    const struct slot *slot = &run->slot[edge_index(plane, run->planes, edge) % run->slots];
    return slot->v + (edge_index(row, run->rows, edge) - slot->first) * run->stride;
}

static void make_rows(void *state, void *argument)
{
    const struct worker *worker = state;
    const struct job *job = argument;
    const struct neighbours *run = worker->run;
    int64_t planes = (int64_t)run->filter.planes, rows = (int64_t)run->filter.rows;
    const float **next = worker->table;
    for (int64_t dz = -planes; dz < (int64_t)run->step_planes + planes; dz++)
        for (int64_t i = -rows; i < (int64_t)job->count + rows; i++)
            *next++ = input_row(run, (int64_t)run->plane + dz, (int64_t)job->row + i);
    struct surroundings around = {.plane = run->plane,
                                  .row = job->row,
                                  .planes = run->step_planes,
                                  .count = job->count,
                                  .row_samples = run->row_samples,
                                  .plane_samples = run->plane_samples,
                                  .reach = {run->filter.planes, run->filter.rows},
                                  .table = worker->table,
                                  .scratch = worker->scratch};
    run->filter.make(run->filter.state, &around, job->made);
}

static bool fill_job(void *state, void *next)
{
    struct neighbours *run = state;
    struct job *job = next;
    if (run->row == run->band_end)
        return false;
    job->row = run->row;
    job->count = min_u64(run->band_end - run->row, run->job_rows);
    uint64_t place = run->step > 1 ? job->row : (uint64_t)(job - run->jobs) * run->job_rows;
    job->made = run->made + place * run->row_samples;
    run->row += job->count;
    return true;
}

static void begin_step(struct neighbours *run, uint64_t plane)
{
    run->plane = plane;
    run->step_planes = min_u64(run->step, run->planes - plane);
    run->passed_planes = 0;
    run->row = run->band_end = 0;
}

/* Makes rows of the step's first plane ready. A band is read when all rows of the last one are
 * made. */
static bool next_rows(struct neighbours *run, struct fail *fail)
{
    const struct job *job;
    while (!(job = pipeline_next(run->pipeline, fill_job, run))) {
        run->band_end = run->row + min_u64(run->band_rows, run->rows - run->row);
        if (!fill_band(run, fail))
            return false;
    }
    run->ready = (struct ready){job->made, job->count * run->row_samples};
    run->passed_planes = job->row + job->count == run->rows;
    return true;
}

static bool next_ready(struct reader *reader, struct fail *fail)
{
    struct neighbours *run = (struct neighbours *)reader;
    if (run->passed_planes > 0 && run->passed_planes < run->step_planes) {
        const float *plane = run->made + run->passed_planes++ * run->plane_samples;
        run->ready = (struct ready){plane, run->plane_samples};
        return true;
    }
    if (run->passed_planes > 0)
        begin_step(run, run->plane + run->step_planes);
    return next_rows(run, fail);
}

/* ---- setting up ----------------------------------------------------------------------------- */

/* Whether planes fit the memory, with a step: those that are seen and, of several, those made. */
static bool planes_fit(const struct neighbours *run, size_t step, size_t memory)
{
    uint64_t seen = min_u64(2 * run->filter.planes + step, run->planes);
    uint64_t made = step > 1 ? step * run->plane_samples : 0;
    return seen * run->rows * run->stride + made <= memory / sizeof(float);
}

static size_t memory_of(const struct neighbours *run)
{
    return run->filter.memory > 0 ? run->filter.memory : MEMORY;
}

/* Whole planes where they fit; otherwise half the memory is for the planes made, and the rest for
 * bands of the planes seen. */
static void choose_memory(struct neighbours *run)
{
    const struct neighbour_filter *filter = &run->filter;
    size_t memory = memory_of(run);
    run->step = min_u64(filter->step > 1 ? filter->step : 1, run->planes);
    while (run->step > 1 && !planes_fit(run, run->step, memory))
        run->step--;
    bool whole = planes_fit(run, run->step, memory);
    if (!whole) {
        uint64_t half = memory / 2 / sizeof(float) / run->plane_samples;
        run->step = min_u64(filter->step, half);
        run->step = run->step > 1 ? run->step : 1;
    }
    run->slots = min_u64(2 * filter->planes + run->step, run->planes);
    run->band_rows = run->slot_rows = run->rows;
    if (whole)
        return;
    uint64_t left = memory / sizeof(float) - (run->step > 1 ? run->step * run->plane_samples : 0);
    uint64_t rows = left / (run->slots * run->stride);
    run->band_rows = rows > 2 * filter->rows ? rows - 2 * filter->rows : 1;
    run->band_rows = min_u64(run->band_rows, run->rows);
    run->slot_rows = min_u64(run->band_rows + 2 * filter->rows, run->rows);
}

/* Fails where the rows around one row take more memory than there may be. */
static bool window_fits(const struct neighbours *run, struct fail *fail)
{
    double size = (double)run->slots * (double)run->slot_rows * (double)run->stride;
    double mebibytes = size * sizeof(float) / (1 << 20), most = MEMORY >> 20;
    return mebibytes <= most ||
           fail_set(fail,
                    "%s: the window of %zu planes and %" PRIu64 " rows of %zu samples takes %.0f "
                    "MiB of memory, more than %.0f",
                    run->reader.name, run->slots, run->slot_rows, run->stride, mebibytes, most);
}

static size_t scratch_size(const struct neighbours *run)
{
    return (run->filter.scratch + 63) & ~(size_t)63;
}

static size_t table_rows(const struct neighbours *run)
{
    return (2 * run->filter.planes + run->step) * (run->job_rows + 2 * run->filter.rows);
}

/* Whether the jobs take little memory, or what rows of the input leave, beside what they make where
 * that is whole planes. */
static bool jobs_fit(const struct neighbours *run)
{
    uint64_t each = scratch_size(run) + table_rows(run) * sizeof *run->tables;
    uint64_t made = run->job_rows * run->row_samples, memory = memory_of(run),
             used = run->slots * run->slot_rows * run->stride;
    if (run->step > 1)
        used += run->step * run->plane_samples;
    uint64_t left = memory > used * sizeof(float) ? memory - used * sizeof(float) : 0;
    return run->threads * each + (run->step > 1 ? 0 : run->job_count * made * sizeof(float)) <=
           left + JOBS_MEMORY;
}

/* A job sees 2 * filter->rows more rows than it makes, so it makes many. Where memory is short,
 * jobs are smaller at first, then threads are fewer. */
static void choose_jobs(struct neighbours *run)
{
    run->threads = threads_to_use(run->planes * run->plane_samples >= 8 * LOOP_BLOCK);
    run->job_count = run->threads + SPARE_JOBS;
    uint64_t share = run->band_rows / (2 * run->threads), block = LOOP_BLOCK / run->row_samples,
             largest = JOB_SAMPLES / run->row_samples, wanted = 8 * run->filter.rows;
    block = wanted > block ? min_u64(wanted, largest) : block;
    run->job_rows = min_u64(share, block);
    if (run->job_rows == 0)
        run->job_rows = 1;
    while (!jobs_fit(run) && run->job_rows > 1 && run->job_rows * run->row_samples > SMALL_JOB)
        run->job_rows /= 2;
    for (; !jobs_fit(run) && run->threads > 1; run->job_count--)
        run->threads--;
    while (!jobs_fit(run) && run->job_rows > 1)
        run->job_rows /= 2;
}

static bool allocate(struct neighbours *run)
{
    size_t table = table_rows(run);
    size_t made = run->step > 1 ? run->step * run->plane_samples
                                : run->job_count * run->job_rows * run->row_samples;
    size_t scratch = scratch_size(run), slot = run->slot_rows * run->stride;
    run->slot = calloc(run->slots, sizeof *run->slot);
    run->input = calloc(run->slots * slot + NEIGHBOURS_SLACK, sizeof *run->input);
    run->made = malloc(made * sizeof *run->made);
    run->tables = malloc(run->threads * table * sizeof *run->tables);
    run->scratch = aligned_alloc(64, run->threads * scratch + 64);
    if (!run->slot || !run->input || !run->made || !run->tables || !run->scratch)
        return false;
    for (size_t i = 0; i < run->slots; i++)
        run->slot[i].v = run->input + i * slot + run->padding;
    for (size_t i = 0; i < run->threads; i++)
        run->workers[i] = (struct worker){run, run->tables + i * table, run->scratch + i * scratch};
    return true;
}

/* The source is kept whole where it must be read again and can't. */
static bool open_source(struct neighbours *run, struct fail *fail)
{
    run->source = run->reader.source;
    if (keeps_planes(run) || run->slots == 1)
        return true;
    run->source = second_pass_clone(&run->reader.source, fail);
    return run->source != NULL;
}

static bool start(struct neighbours *run, struct fail *fail)
{
    choose_jobs(run);
    if (!open_source(run, fail))
        return false;
    if (!allocate(run))
        return fail_errno(fail, "%s: %zu planes around each", run->reader.name, run->slots);
    struct pipeline_plan plan = {.work = make_rows,
                                 .workers = run->workers,
                                 .worker_size = sizeof *run->workers,
                                 .threads = run->threads,
                                 .jobs = run->jobs,
                                 .job_size = sizeof *run->jobs,
                                 .job_count = run->job_count};
    run->pipeline = pipeline_start(&plan);
    begin_step(run, 0);
    return run->pipeline || fail_errno(fail, "threads");
}

static size_t neighbours_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct neighbours *run = (struct neighbours *)reader;
    if (!run->pipeline && !start(run, fail))
        return 0;
    return reader_pass_on(reader, &run->ready, next_ready, v, n, fail);
}

static void neighbours_close(struct reader *reader)
{
    struct neighbours *run = (struct neighbours *)reader;
    pipeline_finish(run->pipeline);
    if (run->source != reader->source)
        reader_close(run->source);
    free(run->slot);
    free(run->input);
    free(run->made);
    free(run->tables);
    free(run->scratch);
    reader_stack_close(reader);
}

struct reader *neighbours_reader(const struct neighbour_filter *filter, struct reader *source,
                                 struct fail *fail)
{
    static const struct reader_class class = {.read = neighbours_read, .close = neighbours_close};
    struct neighbours *run = reader_stack_create(sizeof *run, &class, source, fail);
    if (!run)
        return NULL;
    run->filter = *filter;
    run->row_samples = volume_row_samples(&run->reader.volume);
    run->plane_samples = volume_plane_samples(&run->reader.volume);
    run->padding = filter->columns * run->reader.volume.channels;
    run->stride = run->row_samples + 2 * run->padding;
    run->planes = run->reader.volume.size[AXIS_PLANE];
    run->rows = run->reader.volume.size[AXIS_ROW];
    choose_memory(run);
    if (window_fits(run, fail))
        return &run->reader;
    reader_close(&run->reader);
    return NULL;
}
