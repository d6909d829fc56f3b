/* A filter with a window has three parts that know little of each other: what is in memory
 * (bands.h: the rows around a band), who makes what (pipeline.h: a job makes some rows of the
 * band), and what a job does (the filter's kernel, which sees nothing but a table of rows).
 *
 * What is kept: whole planes, each read once, where those that a plane sees fit the memory.
 * Otherwise rows of these planes, band by band, each band with the rows that its window reaches
 * beyond it: these are read from a clone, for a band of the next planes again. A filter that gains
 * by it makes several planes at once, a step. Then what is made is kept for all of them, since the
 * rows of the first plane can be passed on as they are made, and the others only after it.
 *
 * The edges of the volume: a row beyond them has a pointer in the table to the row that stands for
 * it, so that a kernel knows no edges along planes and rows. Along columns samples are put before
 * and after each row, once, when it is read.
 *
 * Who may touch what: the caller fills `held`, and only while no job is under way, because a band
 * is read when the last one is made. While jobs are, it is read by all threads. A job writes to
 * memory of its own (or, in a step, to its rows of the planes that are made), which the caller
 * passes on before it takes the next job. Each thread has a table and scratch memory of its own. */
#include "common/stream/neighbours.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/stream/bands.h"
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

struct row_job {
    uint64_t row, count;
    float *made;
};

struct neighbours;

struct row_worker {
    const struct neighbours *run;
    const float **table;
    void *scratch;
};

struct neighbours {
    struct reader reader;
    struct neighbour_filter filter;
    size_t row_samples, plane_samples;
    uint64_t planes, rows;

    struct bands
        bands; /* of several planes at once: a step, all of whose bands come before the next */
    struct rows held; /* of the input, around a band */
    uint64_t row;     /* rows of the band are submitted up to this one */

    size_t threads, job_count;
    uint64_t job_rows;
    struct pipeline *pipeline; /* NULL before the first sample is read */
    struct row_worker workers[THREADS_MAX];
    struct row_job jobs[THREADS_MAX + SPARE_JOBS];
    const float **tables; /* of all threads */
    char *scratch;
    float *made; /* for all jobs; with a step of several planes, for all its planes */

    struct ready ready;
    uint64_t passed_planes; /* of the step */
};

/* ---- the input ------------------------------------------------------------------------------ */

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
static void pad_row(const void *state, float *row)
{
    const struct neighbours *run = state;
    size_t channels = run->reader.volume.channels, size = channels * sizeof *row;
    uint64_t columns = run->row_samples / channels;
    for (int64_t i = 0; i < (int64_t)run->filter.columns; i++) {
        uint64_t before = edge_index(-1 - i, columns, run->filter.edge),
                 after = edge_index((int64_t)columns + i, columns, run->filter.edge);
        memcpy(row - (size_t)(i + 1) * channels, row + before * channels, size);
        memcpy(row + run->row_samples + (size_t)i * channels, row + after * channels, size);
    }
}

/* The rows of the input that the band's windows reach. */
static struct band seen_rows(const struct neighbours *run)
{
    const uint64_t reach[2] = {run->filter.planes, run->filter.rows};
    const struct band *made = &run->bands.made;
    struct band seen;
    for (size_t i = 0; i < 2; i++) {
        seen.low[i] = made->low[i] > reach[i] ? made->low[i] - reach[i] : 0;
        seen.high[i] = min_u64(made->high[i] + reach[i], run->reader.volume.size[i]);
    }
    return seen;
}

/* ---- the output ----------------------------------------------------------------------------- */

/* Planes that are made at once. */
static size_t step_planes(const struct neighbours *run)
{
    const struct band *made = &run->bands.made;
    return made->high[AXIS_PLANE] - made->low[AXIS_PLANE];
}

static void make_rows(void *state, void *argument)
{
    const struct row_worker *worker = state;
    const struct row_job *job = argument;
    const struct neighbours *run = worker->run;
    int64_t planes = (int64_t)run->filter.planes, rows = (int64_t)run->filter.rows;
    uint64_t plane = run->bands.made.low[AXIS_PLANE];
    enum edge edge = run->filter.edge;
    const float **next = worker->table;
    for (int64_t dz = -planes; dz < (int64_t)step_planes(run) + planes; dz++)
        for (int64_t i = -rows; i < (int64_t)job->count + rows; i++)
            *next++ = rows_at(&run->held, edge_index((int64_t)plane + dz, run->planes, edge),
                              edge_index((int64_t)job->row + i, run->rows, edge));
    struct surroundings around = {.plane = plane,
                                  .row = job->row,
                                  .planes = step_planes(run),
                                  .count = job->count,
                                  .row_samples = run->row_samples,
                                  .plane_samples = run->plane_samples,
                                  .reach = {run->filter.planes, run->filter.rows},
                                  .table = worker->table,
                                  .scratch = worker->scratch};
    run->filter.make(run->filter.state, &around, job->made);
    for (size_t i = 0; run->filter.finish && i < around.planes; i++)
        run->filter.finish(job->made + i * around.plane_samples, around.count * around.row_samples);
}

static bool fill_job(void *state, void *next)
{
    struct neighbours *run = state;
    struct row_job *job = next;
    if (run->row == run->bands.made.high[AXIS_ROW])
        return false;
    job->row = run->row;
    job->count = min_u64(run->bands.made.high[AXIS_ROW] - run->row, run->job_rows);
    uint64_t place = run->bands.planes > 1 ? job->row : (uint64_t)(job - run->jobs) * run->job_rows;
    job->made = run->made + place * run->row_samples;
    run->row += job->count;
    return true;
}

/* Reads what the next band sees, when all rows of the last one are made. */
static bool next_band(struct neighbours *run, struct fail *fail)
{
    bands_next(&run->bands);
    run->row = run->bands.made.low[AXIS_ROW];
    run->passed_planes = 0;
    struct band seen = seen_rows(run);
    return rows_hold(&run->held, &run->bands, &seen, fail);
}

/* Passes on rows of the step's first plane as they are made, and the other planes after it. */
static bool next_ready(struct reader *reader, struct fail *fail)
{
    struct neighbours *run = (struct neighbours *)reader;
    const struct row_job *job;
    if (run->passed_planes > 0 && run->passed_planes < step_planes(run)) {
        const float *plane = run->made + run->passed_planes++ * run->plane_samples;
        run->ready = (struct ready){plane, run->plane_samples};
        return true;
    }
    while (!(job = pipeline_next(run->pipeline, fill_job, run)))
        if (!next_band(run, fail))
            return false;
    run->ready = (struct ready){job->made, job->count * run->row_samples};
    run->passed_planes = job->row + job->count == run->rows;
    return true;
}

/* ---- setting up ----------------------------------------------------------------------------- */

/* Whether planes fit the memory, with a step: those that are seen and, of several, those made. */
static bool planes_fit(const struct neighbours *run, size_t step, size_t memory)
{
    uint64_t seen = min_u64(2 * run->filter.planes + step, run->planes);
    uint64_t made = step > 1 ? step * run->plane_samples : 0;
    return seen * run->rows * run->held.stride + made <= memory / sizeof(float);
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
    struct bands *bands = &run->bands;
    struct rows *held = &run->held;
    size_t memory = memory_of(run);
    uint64_t step = min_u64(filter->step > 1 ? filter->step : 1, run->planes);
    while (step > 1 && !planes_fit(run, step, memory))
        step--;
    bool whole = planes_fit(run, step, memory);
    if (!whole) {
        uint64_t half = memory / 2 / sizeof(float) / run->plane_samples;
        step = min_u64(filter->step, half);
        step = step > 1 ? step : 1;
    }
    bands->planes = step;
    bands->rows = held->rows = run->rows;
    held->planes = min_u64(2 * filter->planes + step, run->planes);
    if (whole)
        return;
    uint64_t left = memory / sizeof(float) - (step > 1 ? step * run->plane_samples : 0);
    uint64_t rows = left / (held->planes * held->stride);
    bands->rows = rows > 2 * filter->rows ? rows - 2 * filter->rows : 1;
    bands->rows = min_u64(bands->rows, run->rows);
    held->rows = min_u64(bands->rows + 2 * filter->rows, run->rows);
}

/* Fails where the rows around one row take more memory than there may be. */
static bool window_fits(const struct neighbours *run, struct fail *fail)
{
    const struct rows *held = &run->held;
    double size = (double)held->planes * (double)held->rows * (double)held->stride;
    double mebibytes = size * sizeof(float) / (1 << 20), most = MEMORY >> 20;
    return mebibytes <= most ||
           fail_set(fail,
                    "%s: the window of %" PRIu64 " planes and %" PRIu64
                    " rows of %zu samples takes %.0f MiB of memory, more than %.0f",
                    run->reader.name, held->planes, held->rows, held->stride, mebibytes, most);
}

static size_t scratch_size(const struct neighbours *run)
{
    return (run->filter.scratch + 63) & ~(size_t)63;
}

static size_t table_rows(const struct neighbours *run)
{
    return (2 * run->filter.planes + run->bands.planes) * (run->job_rows + 2 * run->filter.rows);
}

/* Whether the jobs take little memory, or what rows of the input leave, beside what they make where
 * that is whole planes. */
static bool jobs_fit(const struct neighbours *run)
{
    uint64_t each = scratch_size(run) + table_rows(run) * sizeof *run->tables;
    uint64_t made = run->job_rows * run->row_samples, memory = memory_of(run),
             used = run->held.planes * run->held.rows * run->held.stride;
    if (run->bands.planes > 1)
        used += run->bands.planes * run->plane_samples;
    uint64_t left = memory > used * sizeof(float) ? memory - used * sizeof(float) : 0;
    return run->threads * each +
               (run->bands.planes > 1 ? 0 : run->job_count * made * sizeof(float)) <=
           left + JOBS_MEMORY;
}

/* A job sees 2 * filter->rows more rows than it makes, so it makes many. Where memory is short,
 * jobs are smaller at first, then threads are fewer. */
static void choose_jobs(struct neighbours *run)
{
    run->threads = threads_to_use(run->planes * run->plane_samples >= 8 * LOOP_BLOCK);
    run->job_count = run->threads + SPARE_JOBS;
    uint64_t share = run->bands.rows / (2 * run->threads), block = LOOP_BLOCK / run->row_samples,
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
    size_t table = table_rows(run), scratch = scratch_size(run);
    size_t made = run->bands.planes > 1 ? run->bands.planes * run->plane_samples
                                        : run->job_count * run->job_rows * run->row_samples;
    run->made = malloc(made * sizeof *run->made);
    run->tables = malloc(run->threads * table * sizeof *run->tables);
    run->scratch = aligned_alloc(64, run->threads * scratch + 64);
    if (!rows_init(&run->held, NEIGHBOURS_SLACK) || !run->made || !run->tables || !run->scratch)
        return false;
    for (size_t i = 0; i < run->threads; i++)
        run->workers[i] =
            (struct row_worker){run, run->tables + i * table, run->scratch + i * scratch};
    return true;
}

static bool start(struct neighbours *run, struct fail *fail)
{
    bool in_order = run->bands.rows == run->rows || run->held.planes == 1;
    choose_jobs(run);
    if (!bands_open(&run->bands, &run->reader, !in_order, fail))
        return false;
    if (!allocate(run))
        return fail_errno(fail, "%s: %" PRIu64 " planes around each", run->reader.name,
                          run->held.planes);
    run->pipeline = pipeline_start(make_rows, PIPELINE_ARRAY(run->workers, run->threads),
                                   PIPELINE_ARRAY(run->jobs, run->job_count));
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
    bands_close(&run->bands);
    rows_free(&run->held);
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
    run->held = (struct rows){.row_samples = run->row_samples,
                              .padding = filter->columns * run->reader.volume.channels,
                              .prepare = filter->prepare,
                              .pad = pad_row,
                              .state = run};
    run->held.stride = run->row_samples + 2 * run->held.padding;
    run->planes = run->reader.volume.size[AXIS_PLANE];
    run->rows = run->reader.volume.size[AXIS_ROW];
    choose_memory(run);
    if (window_fits(run, fail))
        return &run->reader;
    reader_close(&run->reader);
    return NULL;
}
