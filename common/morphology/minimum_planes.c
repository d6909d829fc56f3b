/* Van Herk's and Gil and Werman's algorithm on a stream. Planes are taken in groups of as many as
 * the window has. A window that ends with plane j of a group is the group's planes up to that one,
 * whose minimum is kept (`sum`), and the planes of the group before from number j + 1 on. Their
 * minima stand in the ring in place of the planes themselves, and each is no longer needed when the
 * plane of its number comes. So a window of n planes takes n + 1 planes of memory and three
 * operations a sample.
 *
 * A job is a part of one plane. The jobs of a part come one after the other, as there are no more
 * of them at a time than a plane has parts; two parts share nothing. */
#include "common/morphology/minimum_planes.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/morphology/minimum.h"
#include "common/stream/loop.h"
#include "common/thread/pipeline.h"
#include "common/thread/processors.h"

#define ALIGNED 64 /* samples to which parts are rounded, so that none shares a cache line */
#define SMALLEST_PART 4096 /* samples */
#define SPARE_JOBS 2

struct job {
    uint64_t plane, first; /* the last one of the window; the first sample in it */
    size_t n;
    const float *made; /* NULL: none, since the window of the first plane is not full yet */
};

struct planes {
    struct reader reader;
    struct minimum_planes options;
    size_t window, plane_samples, part_samples;
    uint64_t end; /* planes that come, with those behind the last that stand for nothing */

    float **ring, *sum, *memory;
    struct pipeline *pipeline; /* NULL before the first sample is read */
    void *workers[THREADS_MAX];
    struct job jobs[THREADS_MAX + SPARE_JOBS];
    uint64_t plane, first; /* of the next job */
    struct fail *fail;     /* of the call that fills jobs */
    bool failed;
    struct ready ready;
};

/* What stands for samples beyond the volume: larger than all. */
static void fill_largest(float *v, size_t n)
{
    const int32_t largest = INT32_MAX;
    for (size_t i = 0; i < n; i++)
        memcpy(v + i, &largest, sizeof largest);
}

static bool fill_job(void *state, void *next)
{
    struct planes *run = state;
    struct job *job = next;
    if (run->plane == run->end || run->failed)
        return false;
    *job = (struct job){run->plane, run->first,
                        min_u64(run->plane_samples - run->first, run->part_samples), NULL};
    float *v = run->ring[job->plane % run->window] + job->first;
    if (job->plane >= run->reader.volume.size[AXIS_PLANE])
        fill_largest(v, job->n);
    else if (reader_read(run->reader.source, v, job->n, run->fail) < job->n)
        run->failed = true;
    else if (run->options.prepare)
        run->options.prepare(v, job->n);
    run->first += job->n;
    if (run->first == run->plane_samples) {
        run->first = 0;
        run->plane++;
    }
    return !run->failed;
}

/* In place of the planes of a group that is whole: the minima from each to the last. */
static void finish_group(const struct planes *run, size_t first, size_t n)
{
    for (size_t i = run->window - 1; i > 1; i--)
        minimum_pair(run->ring[i - 1] + first, run->ring[i - 1] + first, run->ring[i] + first, n);
}

static void work(void *worker, void *argument)
{
    const struct planes *run = *(struct planes **)worker;
    struct job *job = argument;
    size_t number = job->plane % run->window, n = job->n;
    float *v = run->ring[number] + job->first, *sum = run->sum + job->first;
    if (number == 0 && job->plane > 0)
        finish_group(run, job->first, n);
    if (number == 0)
        memcpy(sum, v, n * sizeof *v);
    else
        minimum_pair(sum, sum, v, n);
    if (job->plane < run->options.after)
        return;
    float *made = sum;
    if (number + 1 < run->window) {
        made = run->ring[number + 1] + job->first;
        minimum_pair(made, made, sum, n);
    }
    if (run->options.finish)
        run->options.finish(made, n);
    job->made = made;
}

static bool next_ready(struct reader *reader, struct fail *fail)
{
    struct planes *run = (struct planes *)reader;
    const struct job *job;
    run->fail = fail;
    do
        job = pipeline_next(run->pipeline, fill_job, run);
    while (job && !job->made);
    if (!job)
        return false;
    run->ready = (struct ready){job->made, job->n};
    return true;
}

static bool start(struct planes *run, struct fail *fail)
{
    size_t threads = threads_to_use(volume_samples(&run->reader.volume) >= 8 * LOOP_BLOCK);
    size_t part = (run->plane_samples / (threads + SPARE_JOBS) + ALIGNED) / ALIGNED * ALIGNED;
    part = part < SMALLEST_PART ? SMALLEST_PART : part;
    run->part_samples = min_u64(min_u64(part, LOOP_BLOCK), run->plane_samples);
    size_t parts = (run->plane_samples + run->part_samples - 1) / run->part_samples,
           stride = (run->plane_samples + ALIGNED - 1) / ALIGNED * ALIGNED;
    run->ring = malloc(run->window * sizeof *run->ring);
    run->memory = aligned_alloc(64, (run->window + 1) * stride * sizeof(float));
    if (!run->ring || !run->memory)
        return fail_errno(fail, "%s: %zu planes around each", run->reader.name, run->window);
    for (size_t i = 0; i < run->window; i++)
        run->ring[i] = run->memory + (i + 1) * stride;
    run->sum = run->memory;
    fill_largest(run->memory, (run->window + 1) * stride);
    for (size_t i = 0; i < threads; i++)
        run->workers[i] = run;
    run->pipeline = pipeline_start(work, PIPELINE_ARRAY(run->workers, threads),
                                   PIPELINE_ARRAY(run->jobs, min_u64(threads + SPARE_JOBS, parts)));
    return run->pipeline || fail_errno(fail, "threads");
}

static size_t planes_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct planes *run = (struct planes *)reader;
    if (!run->pipeline && !start(run, fail))
        return 0;
    return reader_pass_on(reader, &run->ready, next_ready, v, n, fail);
}

static void planes_close(struct reader *reader)
{
    struct planes *run = (struct planes *)reader;
    pipeline_finish(run->pipeline);
    free(run->ring);
    free(run->memory);
    reader_stack_close(reader);
}

double minimum_planes_memory(const struct minimum_planes *options, const struct volume *volume)
{
    return ((double)options->before + 2 + (double)options->after) *
           (double)volume_plane_samples(volume) * sizeof(float);
}

struct reader *minimum_planes_reader(const struct minimum_planes *options, struct reader *source,
                                     struct fail *fail)
{
    static const struct reader_class class = {.read = planes_read, .close = planes_close};
    struct planes *run = reader_stack_create(sizeof *run, &class, source, fail);
    if (!run)
        return NULL;
    run->options = *options;
    run->window = options->before + 1 + options->after;
    run->plane_samples = volume_plane_samples(&run->reader.volume);
    run->end = run->reader.volume.size[AXIS_PLANE] + options->after;
    return &run->reader;
}
