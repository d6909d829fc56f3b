/* The order of operations is that of scipy's zoom(order=1, mode='nearest', grid_mode=True), and the
 * result the same to the bit: of the eight samples around a place, each is multiplied by its
 * weights along planes, rows and columns, in double, and the products are added in the order of the
 * volume. A place beyond the last centre is not moved there: the last sample counts for both
 * neighbours. */
#include "common/shape/resample.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "common/base/count.h"
#include "common/kernel/cpu.h"
#include "common/stream/bands.h"
#include "common/stream/loop.h"
#include "common/thread/pipeline.h"
#include "common/thread/processors.h"
#include "common/volume/part.h"

#define MEMORY (16u << 20) /* for rows of the source */
#define SPARE_JOBS 2
#define PAIRS 4 /* of neighbouring samples of a row: two planes, two rows */

/* Two neighbours on an axis, of a sample of the result, and their weights. */
struct pair {
    uint64_t index[2];
    double weight[2];
};

struct job {
    uint64_t row, count;
    float *made;
};

struct resample {
    struct reader reader;
    struct resample_options options;
    size_t row_samples; /* of the result */
    struct pair *columns;

    struct bands bands; /* rows of one plane */
    struct rows held;   /* of the source, around a band */
    uint64_t row;       /* rows of the band are submitted up to this one */
    uint64_t job_rows;
    struct pipeline *pipeline; /* NULL before the first sample is read */
    struct worker {
        const struct resample *run;
        double *row[PAIRS]; /* weighted rows of the source */
    } workers[THREADS_MAX];
    struct job jobs[THREADS_MAX + SPARE_JOBS];
    double *scratch;
    float *made;
    struct ready ready;
};

double resample_factor(const struct resample_options *options, const struct volume *volume,
                       enum axis axis)
{
    return (double)volume->size[axis] / (double)options->size[axis];
}

static uint64_t clamp(double index, uint64_t size)
{
    return index < 0 ? 0 : min_u64((uint64_t)index, size - 1);
}

static struct pair pair_of(const struct resample *run, enum axis axis, uint64_t k)
{
    const struct volume *from = &run->reader.source->volume;
    uint64_t size = from->size[axis];
    double at = ((double)k + 0.5) * resample_factor(&run->options, from, axis) - 0.5,
           low = floor(run->options.nearest ? at + 0.5 : at), x = at - low;
    if (run->options.nearest)
        return (struct pair){{clamp(low, size), clamp(low, size)}, {1, 0}};
    return (struct pair){{clamp(low, size), clamp(low + 1, size)}, {1 - x, x}};
}

/* ---- rows ----------------------------------------------------------------------------------- */

static inline CPU_INLINE void weigh_body(const float *v, const double weight[2],
                                         double *restrict to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (double)v[i] * weight[0] * weight[1];
}
CPU_VARIANTS(weigh, weigh_body, (const float *v, const double weight[2], double *to, size_t n),
             (v, weight, to, n))

/* One channel of a voxel, of the rows from that channel on. */
static inline float mean_of_eight(double *const row[PAIRS], const struct pair *pair,
                                  size_t channels, size_t channel)
{
    size_t low = pair->index[0] * channels + channel, high = pair->index[1] * channels + channel;
    double sum = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        sum += row[i][low] * pair->weight[0];
        sum += row[i][high] * pair->weight[1];
    }
    return (float)sum;
}

static void make_row(const struct worker *worker, const struct pair *plane, const struct pair *row,
                     float *made)
{
    const struct resample *run = worker->run;
    size_t channels = run->reader.volume.channels;
    for (size_t i = 0; i < PAIRS; i++)
        weigh(rows_at(&run->held, plane->index[i / 2], row->index[i % 2]),
              (double[]){plane->weight[i / 2], row->weight[i % 2]}, worker->row[i],
              run->held.row_samples);
    for (uint64_t x = 0; x < run->reader.volume.size[AXIS_COLUMN]; x++)
        for (size_t c = 0; c < channels; c++)
            *made++ = mean_of_eight(worker->row, &run->columns[x], channels, c);
}

static void take_row(const struct resample *run, const struct pair *plane, const struct pair *row,
                     float *made)
{
    size_t channels = run->reader.volume.channels;
    const float *v = rows_at(&run->held, plane->index[0], row->index[0]);
    for (uint64_t x = 0; x < run->reader.volume.size[AXIS_COLUMN]; x++)
        for (size_t c = 0; c < channels; c++)
            *made++ = v[run->columns[x].index[0] * channels + c];
}

static void make_rows(void *state, void *argument)
{
    const struct worker *worker = state;
    const struct job *job = argument;
    const struct resample *run = worker->run;
    struct pair plane = pair_of(run, AXIS_PLANE, run->bands.made.low[AXIS_PLANE]);
    for (uint64_t i = 0; i < job->count; i++) {
        struct pair row = pair_of(run, AXIS_ROW, job->row + i);
        float *made = job->made + i * run->row_samples;
        if (run->options.nearest)
            take_row(run, &plane, &row, made);
        else
            make_row(worker, &plane, &row, made);
    }
}

/* ---- bands ---------------------------------------------------------------------------------- */

static bool fill_job(void *state, void *next)
{
    struct resample *run = state;
    struct job *job = next;
    if (run->row == run->bands.made.high[AXIS_ROW])
        return false;
    job->row = run->row;
    job->count = min_u64(run->bands.made.high[AXIS_ROW] - run->row, run->job_rows);
    job->made = run->made + (size_t)(job - run->jobs) * run->job_rows * run->row_samples;
    run->row += job->count;
    return true;
}

/* Reads what the next band sees, when all rows of the last one are made. */
static bool next_band(struct resample *run, struct fail *fail)
{
    struct band seen;
    bands_next(&run->bands);
    for (enum axis axis = AXIS_PLANE; axis <= AXIS_ROW; axis++) {
        seen.low[axis] = pair_of(run, axis, run->bands.made.low[axis]).index[0];
        seen.high[axis] = pair_of(run, axis, run->bands.made.high[axis] - 1).index[1] + 1;
    }
    run->row = run->bands.made.low[AXIS_ROW];
    return rows_hold(&run->held, &run->bands, &seen, fail);
}

static bool next_ready(struct reader *reader, struct fail *fail)
{
    struct resample *run = (struct resample *)reader;
    const struct job *job;
    while (!(job = pipeline_next(run->pipeline, fill_job, run)))
        if (!next_band(run, fail))
            return false;
    run->ready = (struct ready){job->made, job->count * run->row_samples};
    return true;
}

/* ---- the reader ----------------------------------------------------------------------------- */

static bool start(struct resample *run, struct fail *fail)
{
    const struct volume *volume = &run->reader.volume;
    size_t threads = threads_to_use(volume_samples(volume) >= 8 * LOOP_BLOCK),
           jobs = threads + SPARE_JOBS, row = run->held.row_samples;
    uint64_t block = LOOP_BLOCK / run->row_samples, share = run->bands.rows / (2 * threads);
    run->job_rows = min_u64(block, share);
    run->job_rows = run->job_rows > 0 ? run->job_rows : 1;
    if (!bands_open(&run->bands, &run->reader,
                    run->held.rows < run->reader.source->volume.size[AXIS_ROW], fail))
        return false;
    run->scratch = malloc(threads * PAIRS * row * sizeof *run->scratch);
    run->made = malloc(jobs * run->job_rows * run->row_samples * sizeof *run->made);
    run->columns = malloc(volume->size[AXIS_COLUMN] * sizeof *run->columns);
    if (!rows_init(&run->held, 0) || !run->scratch || !run->made || !run->columns)
        return fail_errno(fail, "%s: two planes", run->reader.name);
    for (uint64_t x = 0; x < volume->size[AXIS_COLUMN]; x++)
        run->columns[x] = pair_of(run, AXIS_COLUMN, x);
    for (size_t i = 0; i < threads; i++) {
        run->workers[i].run = run;
        for (size_t k = 0; k < PAIRS; k++)
            run->workers[i].row[k] = run->scratch + (i * PAIRS + k) * row;
    }
    run->pipeline = pipeline_start(make_rows, PIPELINE_ARRAY(run->workers, threads),
                                   PIPELINE_ARRAY(run->jobs, jobs));
    return run->pipeline || fail_errno(fail, "threads");
}

static size_t resample_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct resample *run = (struct resample *)reader;
    if (!run->pipeline && !start(run, fail))
        return 0;
    return reader_pass_on(reader, &run->ready, next_ready, v, n, fail);
}

static void resample_close(struct reader *reader)
{
    struct resample *run = (struct resample *)reader;
    pipeline_finish(run->pipeline);
    bands_close(&run->bands);
    rows_free(&run->held);
    free(run->columns);
    free(run->scratch);
    free(run->made);
    reader_stack_close(reader);
}

/* Whole planes where two fit the memory; otherwise as many rows as do, and what is made of them. */
static void choose_bands(struct resample *run)
{
    const struct volume *from = &run->reader.source->volume;
    double factor = resample_factor(&run->options, from, AXIS_ROW);
    uint64_t row = volume_row_samples(from), fit = MEMORY / (2 * row * sizeof(float)),
             rows = from->size[AXIS_ROW];
    run->held = (struct rows){.planes = 2, .rows = rows, .row_samples = row, .stride = row};
    run->bands.planes = 1;
    run->bands.rows = run->reader.volume.size[AXIS_ROW];
    if (fit >= rows)
        return;
    double made = ((double)fit - 3) / factor; /* their places reach over made * factor + 3 rows */
    run->bands.rows = made > 1 ? min_u64((uint64_t)made, run->bands.rows) : 1;
    run->held.rows = min_u64((uint64_t)((double)run->bands.rows * factor) + 3, rows);
}

static bool set_volume(struct resample *run, struct fail *fail)
{
    struct volume *volume = &run->reader.volume;
    bool same_planes = run->options.size[AXIS_PLANE] == volume->size[AXIS_PLANE];
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++) {
        double factor = resample_factor(&run->options, volume, axis);
        volume->size[axis] = run->options.size[axis];
        if (factor < 1 || factor > 1)
            volume_take_steps(volume, axis, (factor - 1) / 2, factor);
    }
    if (!volume_fits(volume))
        return fail_set(fail, "%s: %" PRIu64 " x %" PRIu64 " x %" PRIu64 " samples are too many",
                        run->reader.name, volume->size[AXIS_PLANE], volume->size[AXIS_ROW],
                        volume->size[AXIS_COLUMN]);
    return same_planes || volume_drop_part(volume, fail);
}

struct reader *resample_reader(const struct resample_options *options, struct reader *source,
                               struct fail *fail)
{
    static const struct reader_class class = {.read = resample_read, .close = resample_close};
    struct resample *run = reader_stack_create(sizeof *run, &class, source, fail);
    if (!run)
        return NULL;
    run->options = *options;
    if (!set_volume(run, fail)) {
        reader_close(&run->reader);
        return NULL;
    }
    run->row_samples = volume_row_samples(&run->reader.volume);
    choose_bands(run);
    return &run->reader;
}
