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

/* An array of the caller's, which must last. */
struct pipeline_array {
    void *first;
    size_t size, count; /* of one; how many */
};
#define PIPELINE_ARRAY(array, count) ((struct pipeline_array){(array), sizeof *(array), (count)})

struct pipeline;

/* workers: one for each thread, the first for the caller's own. jobs: a ring. Threads are started
 * when there is work for them; where the system grants fewer, there are fewer. NULL: no memory. */
struct pipeline *pipeline_start(pipeline_work *work, struct pipeline_array workers,
                                struct pipeline_array jobs);
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
