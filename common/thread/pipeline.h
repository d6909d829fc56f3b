/* A pipeline: jobs are filled in an order, done side by side by threads, and taken back in that
 * order. */
#ifndef COMMON_THREAD_PIPELINE_H
#define COMMON_THREAD_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>

#define PIPELINE_MAX_JOBS 32

/* Does a job. Meanwhile no other thread uses what `worker` points to. */
typedef void pipeline_work(void *worker, void *job);
/* Fills a job. False: there is none to do for now. */
typedef bool pipeline_fill(void *state, void *job);

/* The caller's arrays, which must last. */
struct pipeline_plan {
    pipeline_work *work;
    void *workers; /* one for each thread, the first for the caller's own */
    size_t worker_size, threads;
    void *jobs; /* a ring: job number i is jobs[i % job_count] */
    size_t job_size, job_count;
};

struct pipeline;

/* Threads are started when there is work for them; where the system grants fewer, there are fewer.
 * NULL: no memory. */
struct pipeline *pipeline_start(const struct pipeline_plan *plan);
/* Waits for all jobs, ends the threads, frees the pipeline. NULL is allowed. */
void pipeline_finish(struct pipeline *pipeline);

/* Fills as many jobs as there is room for, and takes the oldest: waits until it is done, and works
 * meanwhile. It is the caller's until the next call. NULL: there is none. */
void *pipeline_next(struct pipeline *pipeline, pipeline_fill *fill, void *state);

/* The parts of it, for a caller that is given what it puts into jobs. */

/* The job to fill after `ahead` others that are not submitted yet; NULL: one must be taken first.
 */
void *pipeline_room(struct pipeline *pipeline, size_t ahead);
void pipeline_submit(struct pipeline *pipeline);
/* NULL: none is under way. */
void *pipeline_take(struct pipeline *pipeline);

#endif
