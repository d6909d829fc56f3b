/* A thread pool whose results come back in order: jobs are submitted in an order, done side by
 * side, and returned in that order. */
#ifndef COMMON_THREAD_POOL_H
#define COMMON_THREAD_POOL_H

#include <stdbool.h>
#include <stddef.h>

#define POOL_MAX_THREADS 16                  /* the caller's included */
#define POOL_MAX_JOBS (2 * POOL_MAX_THREADS) /* submitted, and not returned yet */

/* Does a job. Meanwhile no other thread uses what state points to. */
typedef void pool_work(void *state, void *job);

struct pool;

/* Sets how many threads to use, POOL_MAX_THREADS at most; 0: as many as gain time. Called once,
 * before any pool is started. */
void pool_set_threads(size_t threads);
/* How many threads to use, the caller's included: the number that was set; otherwise one for each
 * processor that this process may use, or 1 where there is not enough work for several. */
size_t pool_threads(bool enough_work);

/* states: one for each of `count` threads, the first for the caller's own, which does jobs while it
 * waits; they must last until pool_finish(). Threads are started when there is work for them; where
 * the system grants fewer, there are fewer. NULL: no memory. */
struct pool *pool_start(pool_work *work, void *const *states, size_t count);
/* At most POOL_MAX_JOBS may be under way. */
void pool_submit(struct pool *pool, void *job);
/* Waits for the job that was submitted first and returns it; NULL when none is under way. */
void *pool_next(struct pool *pool);
/* Waits for all jobs, ends the threads, frees the pool. NULL is allowed. */
void pool_finish(struct pool *pool);

#endif
