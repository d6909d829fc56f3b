#include "common/thread/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "common/thread/processors.h"

struct thread {
    struct pool *pool;
    void *state;
    pthread_t id;
};

struct slot {
    void *job;
    bool done;
};

struct pool {
    pool_work *work;
    struct thread threads[POOL_MAX_THREADS]; /* the first is the caller */
    size_t count, max;                       /* threads that run; that may */

    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t submitted, done;
    struct slot slots[POOL_MAX_JOBS];                  /* a ring, indexed by the jobs' numbers */
    size_t next_to_return, next_to_do, next_to_submit; /* numbers of jobs, from 0 */
    bool ending;
};

static size_t wanted_threads;

void pool_set_threads(size_t threads)
{
    wanted_threads = threads;
}

size_t pool_threads(bool enough_work)
{
    size_t threads = wanted_threads > 0 ? wanted_threads : enough_work ? processors_allowed() : 1;
    return threads < POOL_MAX_THREADS ? threads : POOL_MAX_THREADS;
}

static struct slot *slot_at(struct pool *pool, size_t number)
{
    return &pool->slots[number % POOL_MAX_JOBS];
}

/* Does the next job; the mutex is locked before and after. */
static void do_job(struct pool *pool, void *state)
{
    struct slot *slot = slot_at(pool, pool->next_to_do++);
    pthread_mutex_unlock(&pool->mutex);
    pool->work(state, slot->job);
    pthread_mutex_lock(&pool->mutex);
    slot->done = true;
    pthread_cond_signal(&pool->done);
}

static void *do_jobs(void *argument)
{
    const struct thread *thread = argument;
    struct pool *pool = thread->pool;
    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        while (pool->next_to_do == pool->next_to_submit && !pool->ending)
            pthread_cond_wait(&pool->submitted, &pool->mutex);
        if (pool->next_to_do == pool->next_to_submit)
            break;
        do_job(pool, thread->state);
    }
    pthread_mutex_unlock(&pool->mutex);
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
static void start_thread(struct pool *pool)
{
    struct thread *thread = &pool->threads[pool->count];
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (create(thread))
        pool->count++;
    else
        pool->max = pool->count;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct pool *pool_start(pool_work *work, void *const *states, size_t count)
{
    struct pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->work = work;
    pool->count = 1;
    pool->max = count < POOL_MAX_THREADS ? count : POOL_MAX_THREADS;
    for (size_t i = 0; i < pool->max; i++)
        pool->threads[i] = (struct thread){.pool = pool, .state = states[i]};
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->submitted, NULL);
    pthread_cond_init(&pool->done, NULL);
    return pool;
}

void pool_submit(struct pool *pool, void *job)
{
    pthread_mutex_lock(&pool->mutex);
    *slot_at(pool, pool->next_to_submit++) = (struct slot){.job = job};
    /* With one job, run it in the caller; start no thread. */
    if (pool->next_to_submit - pool->next_to_do > 1 && pool->count < pool->max)
        start_thread(pool);
    pthread_cond_signal(&pool->submitted);
    pthread_mutex_unlock(&pool->mutex);
}

void *pool_next(struct pool *pool)
{
    void *job = NULL;
    pthread_mutex_lock(&pool->mutex);
    if (pool->next_to_return < pool->next_to_submit) {
        struct slot *slot = slot_at(pool, pool->next_to_return++);
        while (!slot->done && pool->next_to_do < pool->next_to_submit)
            do_job(pool, pool->threads[0].state);
        while (!slot->done)
            pthread_cond_wait(&pool->done, &pool->mutex);
        job = slot->job;
    }
    pthread_mutex_unlock(&pool->mutex);
    return job;
}

void pool_finish(struct pool *pool)
{
    if (!pool)
        return;
    while (pool_next(pool))
        ;
    pthread_mutex_lock(&pool->mutex);
    pool->ending = true;
    pthread_cond_broadcast(&pool->submitted);
    pthread_mutex_unlock(&pool->mutex);
    for (size_t i = 1; i < pool->count; i++)
        pthread_join(pool->threads[i].id, NULL);
    pthread_mutex_destroy(&pool->mutex);
    pthread_cond_destroy(&pool->submitted);
    pthread_cond_destroy(&pool->done);
    free(pool);
}
