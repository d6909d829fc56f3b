/* Why a ring: results must come out in the order of the input, whichever thread is fastest, and
 * memory must not grow when one job takes long. So there are a fixed number of jobs, each with its
 * own memory, and three numbers that only grow:
 *
 *     taken <= next_to_do <= submitted <= taken + job_count
 *
 * Jobs from `submitted` on are free, and only the caller touches them. Jobs in [next_to_do,
 * submitted) wait, and nobody touches them. A thread that moves next_to_do forward owns the job
 * that it passes until it sets `done`. After that, when the job is the oldest one, the caller takes
 * it and owns it again. The mutex guards the numbers and `done`; what is in a job needs none,
 * because it changes its owner only with them.
 *
 * The caller is a thread like the others: while it waits for the oldest job it does the next one
 * that nobody has begun. With one thread, or where the system grants no other, everything happens
 * in the caller, in order. A thread is started only when a second job waits, so that a small file
 * costs none. */
#include "common/thread/pipeline.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "common/thread/processors.h"

struct thread {
    struct pipeline *pipeline;
    void *worker;
    pthread_t id;
};

struct pipeline {
    pipeline_work *work;
    struct pipeline_array jobs;
    struct thread threads[THREADS_MAX]; /* the first is the caller */
    size_t count, max;                  /* threads that run; that may */

    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t submission, completion;
    size_t taken, next_to_do, submitted; /* numbers of jobs, from 0 */
    bool done[PIPELINE_MAX_JOBS];
    bool ending;
};

static void *item_at(const struct pipeline_array *array, size_t i)
{
    return (char *)array->first + i % array->count * array->size;
}

static bool *done_at(struct pipeline *pipeline, size_t number)
{
    return &pipeline->done[number % pipeline->jobs.count];
}

/* Does the next job; the mutex is locked before and after. */
static void do_job(struct pipeline *pipeline, void *worker)
{
    size_t number = pipeline->next_to_do++;
    pthread_mutex_unlock(&pipeline->mutex);
    pipeline->work(worker, item_at(&pipeline->jobs, number));
    pthread_mutex_lock(&pipeline->mutex);
    *done_at(pipeline, number) = true;
    pthread_cond_signal(&pipeline->completion);
}

static void *do_jobs(void *argument)
{
    const struct thread *thread = argument;
    struct pipeline *pipeline = thread->pipeline;
    pthread_mutex_lock(&pipeline->mutex);
    for (;;) {
        while (pipeline->next_to_do == pipeline->submitted && !pipeline->ending)
            pthread_cond_wait(&pipeline->submission, &pipeline->mutex);
        if (pipeline->next_to_do == pipeline->submitted)
            break;
        do_job(pipeline, thread->worker);
    }
    pthread_mutex_unlock(&pipeline->mutex);
    return NULL;
}

/* Frames are small (-Wframe-larger-than in the Makefile), but codecs run in threads too, and what a
 * system gives to a thread by itself differs between 128 KiB and 8 MiB. */
#define STACK_SIZE (1u << 20)

static bool create(struct thread *thread)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    bool ok = pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0 &&
              pthread_create(&thread->id, &attributes, do_jobs, thread) == 0;
    pthread_attr_destroy(&attributes);
    return ok;
}

/* Signals stay with the main thread. The mutex is locked before and after. */
static void start_thread(struct pipeline *pipeline)
{
    struct thread *thread = &pipeline->threads[pipeline->count];
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (create(thread))
        pipeline->count++;
    else
        pipeline->max = pipeline->count;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct pipeline *pipeline_start(pipeline_work *work, struct pipeline_array workers,
                                struct pipeline_array jobs)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    if (!pipeline)
        return NULL;
    pipeline->work = work;
    pipeline->jobs = jobs;
    pipeline->count = 1;
    pipeline->max = workers.count;
    for (size_t i = 0; i < workers.count; i++)
        pipeline->threads[i] =
            (struct thread){.pipeline = pipeline, .worker = item_at(&workers, i)};
    pthread_mutex_init(&pipeline->mutex, NULL);
    pthread_cond_init(&pipeline->submission, NULL);
    pthread_cond_init(&pipeline->completion, NULL);
    return pipeline;
}

void *pipeline_room(struct pipeline *pipeline, size_t ahead)
{
    size_t number = pipeline->submitted + ahead; /* both numbers are changed by the caller alone */
    return number - pipeline->taken < pipeline->jobs.count ? item_at(&pipeline->jobs, number)
                                                           : NULL;
}

void pipeline_submit(struct pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->mutex);
    *done_at(pipeline, pipeline->submitted++) = false;
    /* With one job, run it in the caller; start no thread. */
    if (pipeline->submitted - pipeline->next_to_do > 1 && pipeline->count < pipeline->max)
        start_thread(pipeline);
    pthread_cond_signal(&pipeline->submission);
    pthread_mutex_unlock(&pipeline->mutex);
}

void *pipeline_take(struct pipeline *pipeline)
{
    void *job = NULL;
    pthread_mutex_lock(&pipeline->mutex);
    if (pipeline->taken < pipeline->submitted) {
        const bool *done = done_at(pipeline, pipeline->taken);
        while (!*done && pipeline->next_to_do < pipeline->submitted)
            do_job(pipeline, pipeline->threads[0].worker);
        while (!*done)
            pthread_cond_wait(&pipeline->completion, &pipeline->mutex);
        job = item_at(&pipeline->jobs, pipeline->taken++);
    }
    pthread_mutex_unlock(&pipeline->mutex);
    return job;
}

void *pipeline_next(struct pipeline *pipeline, pipeline_fill *fill, void *state)
{
    for (void *job; (job = pipeline_room(pipeline, 0)) && fill(state, job);)
        pipeline_submit(pipeline);
    return pipeline_take(pipeline);
}

void pipeline_finish(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    while (pipeline_take(pipeline))
        ;
    pthread_mutex_lock(&pipeline->mutex);
    pipeline->ending = true;
    pthread_cond_broadcast(&pipeline->submission);
    pthread_mutex_unlock(&pipeline->mutex);
    for (size_t i = 1; i < pipeline->count; i++)
        pthread_join(pipeline->threads[i].id, NULL);
    pthread_mutex_destroy(&pipeline->mutex);
    pthread_cond_destroy(&pipeline->submission);
    pthread_cond_destroy(&pipeline->completion);
    free(pipeline);
}
