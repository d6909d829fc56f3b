#include "common/base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

struct member {
    struct pool *pool;
    void *worker;
    pthread_t thread;
};

struct slot {
    void *job;
    bool done;
};

struct pool {
    pool_work *work;
    struct member members[POOL_MAX_THREADS]; /* the first is the caller */
    size_t count, most;                      /* members that work; that may */

    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t given, done;
    struct slot slots[POOL_MAX_JOBS]; /* a ring; what follows counts from the first job on */
    size_t take_at, work_at, give_at; /* of the next to be taken back, to be done, to be given */
    bool no_more;
};

static size_t wanted;

void pool_set_threads(size_t threads)
{
    wanted = threads;
}

static size_t count_processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

size_t pool_threads(bool enough)
{
    size_t threads = wanted > 0 ? wanted : enough ? count_processors() : 1;
    return threads < POOL_MAX_THREADS ? threads : POOL_MAX_THREADS;
}

static struct slot *slot_at(struct pool *pool, size_t number)
{
    return &pool->slots[number % POOL_MAX_JOBS];
}

/* The next job; the mutex is held before and after. */
static void do_job(struct pool *pool, void *worker)
{
    struct slot *slot = slot_at(pool, pool->work_at++);
    pthread_mutex_unlock(&pool->mutex);
    pool->work(worker, slot->job);
    pthread_mutex_lock(&pool->mutex);
    slot->done = true;
    pthread_cond_signal(&pool->done);
}

static void *do_jobs(void *argument)
{
    const struct member *member = argument;
    struct pool *pool = member->pool;
    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        while (pool->work_at == pool->give_at && !pool->no_more)
            pthread_cond_wait(&pool->given, &pool->mutex);
        if (pool->work_at == pool->give_at)
            break;
        do_job(pool, member->worker);
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

/* Signals stay with the main thread. The mutex is held before and after. */
static void start_thread(struct pool *pool)
{
    struct member *member = &pool->members[pool->count];
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&member->thread, NULL, do_jobs, member) == 0)
        pool->count++;
    else
        pool->most = pool->count;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct pool *pool_start(pool_work *work, void *const *workers, size_t count)
{
    struct pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->work = work;
    pool->count = 1;
    pool->most = count < POOL_MAX_THREADS ? count : POOL_MAX_THREADS;
    for (size_t i = 0; i < pool->most; i++)
        pool->members[i] = (struct member){.pool = pool, .worker = workers[i]};
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->given, NULL);
    pthread_cond_init(&pool->done, NULL);
    return pool;
}

void pool_submit(struct pool *pool, void *job)
{
    pthread_mutex_lock(&pool->mutex);
    *slot_at(pool, pool->give_at++) = (struct slot){.job = job};
    /* A single job is the caller's own: who has no more to do needs no thread. */
    if (pool->give_at - pool->work_at > 1 && pool->count < pool->most)
        start_thread(pool);
    pthread_cond_signal(&pool->given);
    pthread_mutex_unlock(&pool->mutex);
}

void *pool_next(struct pool *pool)
{
    void *job = NULL;
    pthread_mutex_lock(&pool->mutex);
    if (pool->take_at < pool->give_at) {
        struct slot *slot = slot_at(pool, pool->take_at++);
        while (!slot->done && pool->work_at < pool->give_at)
            do_job(pool, pool->members[0].worker);
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
    pool->no_more = true;
    pthread_cond_broadcast(&pool->given);
    pthread_mutex_unlock(&pool->mutex);
    for (size_t i = 1; i < pool->count; i++)
        pthread_join(pool->members[i].thread, NULL);
    pthread_mutex_destroy(&pool->mutex);
    pthread_cond_destroy(&pool->given);
    pthread_cond_destroy(&pool->done);
    free(pool);
}
