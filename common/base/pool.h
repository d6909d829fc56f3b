/* Jobs for threads beside the caller's own: given in an order, done side by side, taken back in
 * that order. */
#ifndef COMMON_BASE_POOL_H
#define COMMON_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

#define POOL_MAX_THREADS 16 /* threads, the caller's included */
#define POOL_MAX_JOBS                                                                              \
    (2 * POOL_MAX_THREADS) /* under way at once: given, and not taken back yet                     \
                            */

/* Does a job. What the worker points to belongs to one thread alone meanwhile. */
typedef void pool_work(void *worker, void *job);

struct pool;

/* How many threads are wanted, POOL_MAX_THREADS at most; 0: as many as do good. Said once, before
 * any work.
 */
void pool_set_threads(size_t threads);
/* How many to work with, the caller's included: as many as are wanted; else one for each processor
 * that this process may use, where there is work enough for several. */
size_t pool_threads(bool enough);

/* workers: one for each thread, the first for the caller's own, which does jobs while it waits;
 * they last until pool_finish(). Threads are started when there is work for them; where the system
 * grants fewer, there are fewer. NULL: no memory. */
struct pool *pool_start(pool_work *work, void *const *workers, size_t count);
/* At most POOL_MAX_JOBS may be under way. */
void pool_submit(struct pool *pool, void *job);
/* Waits for the job that was given first, and hands it back; NULL when none is under way. */
void *pool_next(struct pool *pool);
/* Waits for what was given, frees. NULL is allowed. */
void pool_finish(struct pool *pool);

#endif
