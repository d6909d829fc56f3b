/* The square of a distance is the sum of three squares, so it can be minimized along one axis after
 * the other. Along planes, where only it is large, the nearest 0 is known as a number of planes:
 * first that of planes since the last 0, counted while the volume is read; then the smaller one of
 * that and the number to the next 0, on the way back. Both are done for a group of planes, which
 * is the whole volume, or, where distances have a limit, as many planes as lie within reach, with
 * as many more ahead. Along the rows and columns of a plane envelope.h does the rest.
 *
 * What is stored lies in memory or in a file (scratch.h): counts for all voxels of the planes of a
 * group, and what is known of the plane that is made between its two passes. No more of it is in
 * memory than some columns, or some rows.
 *
 * Jobs of the pipeline are columns of a plane, then rows of it. All columns are done before the
 * first row. */
#include "common/morphology/distance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/io/progress.h"
#include "common/io/scratch.h"
#include "common/morphology/envelope.h"
#include "common/stream/loop.h"
#include "common/thread/pipeline.h"
#include "common/thread/processors.h"

#define MEMORY_COUNTS (12u << 20)
#define MEMORY_SQUARES (8u << 20)
#define MEMORY_COLUMNS (16u << 20) /* of all threads */
#define MEMORY_BAND (4u << 20)
#define SPARE_JOBS 2
#define SIDE_BY_SIDE 8     /* columns that are gathered together: a line of fast memory */
#define NOWHERE UINT32_MAX /* a count: there is no 0 */
#define FEWEST_PLANES 4    /* of a group */

struct job {
    size_t first, n; /* columns, in samples, or rows */
    bool ok;
    struct fail fail;
    float *made; /* of rows */
};

struct distance {
    struct reader reader;
    struct distance_options options;
    size_t row_samples, plane_samples, count_size;
    uint64_t planes, rows;

    struct scratch counts;         /* of plane z in place z % counts_planes */
    struct scratch squares;        /* of the plane that is made, after its columns */
    uint64_t counts_planes, ahead; /* there is room for; that are counted beyond a group */
    uint64_t counted, known, made; /* planes that are counted; whose counts are final; begun */
    uint32_t *last;                /* counts of the plane before, or of a block of it */
    uint32_t *plane;               /* those of the plane that is made; NULL: workers read them */
    uint32_t *block;
    float *samples;
    size_t last_samples, missing; /* channels without a 0 so far */
    bool *is_there;               /* for each channel, whether there is one */

    struct envelope along_rows, along_columns;
    bool rows_begun; /* all columns of the plane are done */
    size_t next;     /* column or row to submit */
    size_t job_columns, job_rows;
    struct pipeline *pipeline; /* NULL before the first sample is read */
    struct worker {
        const struct distance *run;
        uint32_t *counts; /* of columns */
        double *squares;  /* of columns, or a row */
        double *lines;
        void *envelope;
    } workers[THREADS_MAX];
    struct job jobs[THREADS_MAX + SPARE_JOBS];
    char *memory; /* of all workers */
    float *floats;
    struct ready ready;
};

/* ---- counts --------------------------------------------------------------------------------- */

static uint64_t counts_at(const struct distance *run, uint64_t plane, size_t first)
{
    return (plane % run->counts_planes * run->plane_samples + first) * run->count_size;
}

/* Stored are 2 bytes where there are few planes, in the memory of v. */
static bool put_counts(struct distance *run, uint64_t plane, size_t first, uint32_t *v, size_t n,
                       struct fail *fail)
{
    uint16_t *small = (uint16_t *)(void *)v;
    for (size_t i = 0; run->count_size == sizeof *small && i < n; i++) {
        uint16_t count = (uint16_t)v[i];
        memcpy(small + i, &count, sizeof count);
    }
    return scratch_put(&run->counts, counts_at(run, plane, first), v, n * run->count_size, fail);
}

static bool get_counts(const struct distance *run, uint64_t plane, size_t first, uint32_t *v,
                       size_t n, struct fail *fail)
{
    size_t size = run->count_size;
    char *from = (char *)v + n * (sizeof *v - size);
    if (!scratch_get(&run->counts, counts_at(run, plane, first), from, n * size, fail))
        return false;
    for (size_t i = 0; size == sizeof(uint16_t) && i < n; i++) {
        uint16_t count;
        memcpy(&count, from + i * sizeof count, sizeof count);
        v[i] = count == UINT16_MAX ? NOWHERE : count;
    }
    return true;
}

/* Looks for a 0 in channels that had none; counts[0] is that of sample number `first` of a plane.
 */
static void find_channels(struct distance *run, size_t first, const uint32_t *counts, size_t n)
{
    size_t channels = run->reader.volume.channels;
    for (size_t i = 0; run->missing > 0 && i < n; i++)
        if (counts[i] == 0 && !run->is_there[(first + i) % channels]) {
            run->is_there[(first + i) % channels] = true;
            run->missing--;
        }
}

static bool count_block(struct distance *run, size_t first, size_t n, struct fail *fail)
{
    bool whole = run->last_samples == run->plane_samples, outside = run->options.outside;
    uint32_t *last = whole ? run->last + first : run->last;
    if (reader_read(run->reader.source, run->samples, n, fail) < n ||
        (!whole && run->counted > 0 && !get_counts(run, run->counted - 1, first, last, n, fail)))
        return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t before = run->counted > 0 ? last[i] : NOWHERE;
        bool is_zero = (run->samples[i] != 0) == outside;
        run->block[i] = last[i] = is_zero ? 0 : before + (before != NOWHERE);
    }
    find_channels(run, first, run->block, n);
    return put_counts(run, run->counted, first, run->block, n, fail);
}

/* Counts planes up to `end` from the last 0 on. */
static bool count_planes(struct distance *run, uint64_t end, struct fail *fail)
{
    for (; run->counted < end; run->counted++) {
        for (size_t first = 0, n; first < run->plane_samples; first += n) {
            n = min_u64(run->plane_samples - first, LOOP_BLOCK);
            if (!count_block(run, first, n, fail))
                return false;
        }
        if (end == run->planes)
            progress_show(run->counted + 1, run->planes);
    }
    return true;
}

/* On the way back, of some columns: to the next 0, where that is nearer. */
static bool finish_columns(struct distance *run, size_t first, size_t n, uint32_t *next,
                           uint32_t *v, struct fail *fail)
{
    for (size_t i = 0; i < n; i++)
        next[i] = NOWHERE;
    for (uint64_t plane = run->counted; plane-- > run->made;) {
        if (!get_counts(run, plane, first, v, n, fail))
            return false;
        for (size_t i = 0; i < n; i++) {
            next[i] = v[i] == 0 ? 0 : next[i] + (next[i] != NOWHERE);
            v[i] = v[i] < next[i] ? v[i] : next[i];
        }
        if (plane < run->known && !put_counts(run, plane, first, v, n, fail))
            return false;
    }
    return true;
}

static bool is_missing(const struct distance *run, struct fail *fail)
{
    char channel[48] = "";
    size_t c = 0;
    while (run->is_there[c])
        c++;
    if (run->reader.volume.channels > 1)
        snprintf(channel, sizeof channel, " of channel %zu", c);
    return fail_set(fail, "%s: %s sample%s is 0: there is nothing to measure a distance to",
                    run->reader.name, run->options.outside ? "every" : "no", channel);
}

/* Counts the planes of the next group, and those ahead of it. */
static bool next_group(struct distance *run, struct fail *fail)
{
    uint64_t group = run->counts_planes - run->ahead;
    run->known = min_u64(run->made + group, run->planes);
    if (!count_planes(run, min_u64(run->known + run->ahead, run->planes), fail))
        return false;
    if (run->missing > 0 && run->options.most == INFINITY)
        return is_missing(run, fail);
    size_t band = min_u64(MEMORY_BAND / (2 * sizeof(uint32_t)), run->plane_samples);
    uint32_t *next = malloc(2 * band * sizeof *next);
    bool ok = next || fail_errno(fail, "%s", run->reader.name);
    for (size_t first = 0; ok && first < run->plane_samples; first += band)
        ok = finish_columns(run, first, min_u64(band, run->plane_samples - first), next,
                            next + band, fail);
    free(next);
    return ok;
}

/* ---- a plane -------------------------------------------------------------------------------- */

static bool read_columns(const struct worker *worker, struct job *job)
{
    const struct distance *run = worker->run;
    for (size_t y = 0; y < run->rows; y++)
        if (!get_counts(run, run->made, y * run->row_samples + job->first,
                        worker->counts + y * job->n, job->n, &job->fail))
            return false;
    return true;
}

/* The minimum along rows, of a few columns that lie side by side. */
static void make_lines(const struct worker *worker, const uint32_t *counts, size_t stride,
                       double *squares, size_t squares_stride, size_t n)
{
    const struct distance *run = worker->run;
    double step = run->options.step[AXIS_PLANE];
    for (size_t y = 0; y < run->rows; y++)
        for (size_t k = 0; k < n; k++) {
            uint32_t count = counts[y * stride + k];
            double by = count == NOWHERE ? INFINITY : (double)count * step;
            worker->lines[k * run->rows + y] = by * by;
        }
    for (size_t k = 0; k < n; k++)
        envelope_make(&run->along_rows, worker->lines + k * run->rows, worker->envelope);
    for (size_t y = 0; y < run->rows; y++)
        for (size_t k = 0; k < n; k++)
            squares[y * squares_stride + k] = worker->lines[k * run->rows + y];
}

static bool make_columns(const struct worker *worker, struct job *job)
{
    const struct distance *run = worker->run;
    const uint32_t *counts = run->plane ? run->plane + job->first : worker->counts;
    size_t stride = run->plane ? run->row_samples : job->n;
    if (!run->plane && !read_columns(worker, job))
        return false;
    for (size_t x = 0; x < job->n; x += SIDE_BY_SIDE)
        make_lines(worker, counts + x, stride, worker->squares + x, job->n,
                   min_u64(job->n - x, SIDE_BY_SIDE));
    for (size_t y = 0; y < run->rows; y++)
        if (!scratch_put(&run->squares, (y * run->row_samples + job->first) * sizeof(double),
                         worker->squares + y * job->n, job->n * sizeof(double), &job->fail))
            return false;
    return true;
}

static inline float result_of(const struct distance_options *options, double square)
{
    if (options->within > 0)
        return (square <= options->within) == options->outside;
    double distance = sqrt(square);
    return (float)(distance < options->most ? distance : options->most);
}

static void make_row(const struct worker *worker, float *made)
{
    const struct distance *run = worker->run;
    size_t channels = run->reader.volume.channels, columns = run->along_columns.n;
    for (size_t c = 0; c < channels; c++) {
        double *line = channels > 1 ? worker->lines : worker->squares;
        for (size_t x = 0; channels > 1 && x < columns; x++)
            line[x] = worker->squares[x * channels + c];
        envelope_make(&run->along_columns, line, worker->envelope);
        for (size_t x = 0; x < columns; x++)
            made[x * channels + c] = result_of(&run->options, line[x]);
    }
}

static bool make_rows(const struct worker *worker, struct job *job)
{
    const struct distance *run = worker->run;
    size_t size = run->row_samples * sizeof(double);
    for (size_t i = 0; i < job->n; i++) {
        if (!scratch_get(&run->squares, (job->first + i) * size, worker->squares, size, &job->fail))
            return false;
        make_row(worker, job->made + i * run->row_samples);
    }
    return true;
}

static void work(void *state, void *argument)
{
    const struct worker *worker = state;
    struct job *job = argument;
    job->ok = worker->run->rows_begun ? make_rows(worker, job) : make_columns(worker, job);
}

static bool fill_job(void *state, void *next)
{
    struct distance *run = state;
    struct job *job = next;
    size_t end = run->rows_begun ? run->rows : run->row_samples,
           most = run->rows_begun ? run->job_rows : run->job_columns;
    if (run->next == end)
        return false;
    job->first = run->next;
    job->n = min_u64(end - run->next, most);
    job->fail.text[0] = '\0';
    job->made = run->floats + (size_t)(job - run->jobs) * run->job_rows * run->row_samples;
    run->next += job->n;
    return true;
}

/* Does the columns of the next plane, so that its rows can be made. */
static bool next_plane(struct distance *run, struct fail *fail)
{
    const struct job *job;
    if (run->made == run->known && !next_group(run, fail))
        return false;
    if (run->plane && !get_counts(run, run->made, 0, run->plane, run->plane_samples, fail))
        return false;
    run->rows_begun = false;
    run->next = 0;
    while ((job = pipeline_next(run->pipeline, fill_job, run)))
        if (!job->ok) {
            *fail = job->fail;
            return false;
        }
    run->rows_begun = true;
    run->next = 0;
    run->made++;
    return true;
}

static bool next_ready(struct reader *reader, struct fail *fail)
{
    struct distance *run = (struct distance *)reader;
    const struct job *job = run->rows_begun ? pipeline_next(run->pipeline, fill_job, run) : NULL;
    if (!job) {
        if (!next_plane(run, fail))
            return false;
        job = pipeline_next(run->pipeline, fill_job, run);
    }
    if (!job->ok) {
        *fail = job->fail;
        return false;
    }
    run->ready = (struct ready){job->made, job->n * run->row_samples};
    return true;
}

/* ---- the reader ----------------------------------------------------------------------------- */

static size_t aligned(size_t size)
{
    return (size + 63) & ~(size_t)63;
}

/* Shares memory out to workers. */
static bool give_workers(struct distance *run, size_t threads)
{
    size_t columns = run->row_samples / run->reader.volume.channels,
           longest = columns > run->rows ? columns : run->rows, tile = run->job_columns * run->rows,
           squares = tile > run->row_samples ? tile : run->row_samples;
    const size_t sizes[] = {
        aligned(run->plane ? 0 : tile * sizeof(uint32_t)), aligned(squares * sizeof(double)),
        aligned(SIDE_BY_SIDE * longest * sizeof(double)), aligned(envelope_scratch(longest))};
    size_t size = sizes[0] + sizes[1] + sizes[2] + sizes[3];
    run->memory = aligned_alloc(64, threads * size);
    for (size_t i = 0; run->memory && i < threads; i++) {
        char *memory = run->memory + i * size;
        run->workers[i] = (struct worker){.run = run,
                                          .counts = (void *)memory,
                                          .squares = (void *)(memory + sizes[0]),
                                          .lines = (void *)(memory + sizes[0] + sizes[1]),
                                          .envelope = memory + size - sizes[3]};
    }
    return run->memory != NULL;
}

static void choose_jobs(struct distance *run, size_t threads)
{
    size_t column = run->rows * (sizeof(double) + sizeof(uint32_t)),
           fit = MEMORY_COLUMNS / threads / column, share = run->row_samples / (2 * threads) + 1;
    fit = fit < SIDE_BY_SIDE ? SIDE_BY_SIDE : fit / SIDE_BY_SIDE * SIDE_BY_SIDE;
    share = (share + SIDE_BY_SIDE - 1) / SIDE_BY_SIDE * SIDE_BY_SIDE;
    run->job_columns = min_u64(min_u64(fit, share), run->row_samples);
    size_t rows = LOOP_BLOCK / 4 / run->row_samples;
    run->job_rows = min_u64(rows > 0 ? rows : 1, run->rows);
}

static bool start(struct distance *run, struct fail *fail)
{
    const struct volume *volume = &run->reader.volume;
    size_t threads = threads_to_use(volume_samples(volume) >= 8 * LOOP_BLOCK),
           jobs = threads + SPARE_JOBS, counts = run->plane_samples * sizeof(uint32_t);
    bool whole = counts <= MEMORY_BAND;
    run->last_samples = whole ? run->plane_samples : LOOP_BLOCK;
    run->missing = volume->channels;
    choose_jobs(run, threads);
    run->last = malloc(run->last_samples * sizeof *run->last);
    run->plane = whole ? malloc(counts) : NULL;
    run->block = malloc(LOOP_BLOCK * sizeof *run->block);
    run->samples = malloc(LOOP_BLOCK * sizeof *run->samples);
    run->is_there = calloc(volume->channels, sizeof *run->is_there);
    run->floats = malloc(jobs * run->job_rows * run->row_samples * sizeof *run->floats);
    if (!run->last || (whole && !run->plane) || !run->block || !run->samples || !run->is_there ||
        !run->floats || !give_workers(run, threads))
        return fail_errno(fail, "%s: distances in a plane", run->reader.name);
    if (!scratch_open(&run->counts, "numbers of planes",
                      run->counts_planes * run->plane_samples * run->count_size, MEMORY_COUNTS,
                      fail) ||
        !scratch_open(&run->squares, "a plane of distances", run->plane_samples * sizeof(double),
                      MEMORY_SQUARES, fail) ||
        !envelope_init(&run->along_rows, run->rows, run->options.step[AXIS_ROW], fail) ||
        !envelope_init(&run->along_columns, volume->size[AXIS_COLUMN],
                       run->options.step[AXIS_COLUMN], fail))
        return false;
    run->pipeline = pipeline_start(work, PIPELINE_ARRAY(run->workers, threads),
                                   PIPELINE_ARRAY(run->jobs, jobs));
    return run->pipeline || fail_errno(fail, "threads");
}

static size_t distance_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct distance *run = (struct distance *)reader;
    if (!run->pipeline && !start(run, fail))
        return 0;
    return reader_pass_on(reader, &run->ready, next_ready, v, n, fail);
}

static void distance_close(struct reader *reader)
{
    struct distance *run = (struct distance *)reader;
    pipeline_finish(run->pipeline);
    scratch_close(&run->counts);
    scratch_close(&run->squares);
    envelope_free(&run->along_rows);
    envelope_free(&run->along_columns);
    free(run->last);
    free(run->plane);
    free(run->block);
    free(run->samples);
    free(run->is_there);
    free(run->memory);
    free(run->floats);
    reader_stack_close(reader);
}

/* Planes within reach of a plane on one side; all where there is no limit. */
static uint64_t reach_of(const struct distance_options *options, const struct volume *volume)
{
    double reach = floor(options->most / options->step[AXIS_PLANE]) + 1;
    return reach < (double)volume->size[AXIS_PLANE] ? (uint64_t)reach : volume->size[AXIS_PLANE];
}

uint64_t distance_ahead(const struct distance_options *options, const struct volume *volume)
{
    uint64_t reach = reach_of(options, volume),
             group = reach < FEWEST_PLANES ? FEWEST_PLANES : reach;
    return min_u64(reach + group, volume->size[AXIS_PLANE]);
}

struct reader *distance_reader(const struct distance_options *options, struct reader *source,
                               struct fail *fail)
{
    static const struct reader_class class = {.read = distance_read, .close = distance_close};
    struct distance *run = reader_stack_create(sizeof *run, &class, source, fail);
    if (!run)
        return NULL;
    const struct volume *volume = &run->reader.volume;
    run->options = *options;
    run->planes = volume->size[AXIS_PLANE];
    run->rows = volume->size[AXIS_ROW];
    run->row_samples = volume_row_samples(volume);
    run->plane_samples = volume_plane_samples(volume);
    run->counts_planes = distance_ahead(options, volume);
    run->ahead = run->counts_planes < run->planes ? reach_of(options, volume) : 0;
    run->count_size = run->planes < UINT16_MAX ? sizeof(uint16_t) : sizeof(uint32_t);
    run->counts.fd = run->squares.fd = -1;
    return &run->reader;
}
