/* Jobs for threads beside the caller's own: given in an order, done side by side, taken back in
 * that order. */
#ifndef COMMON_CREW_H
#define COMMON_CREW_H

#include <stdbool.h>
#include <stddef.h>

#define CREW_MOST 16              /* threads, the caller's included */
#define CREW_JOBS (2 * CREW_MOST) /* under way at once: given, and not taken back yet */

/* Does a job. What the worker points to belongs to one thread alone meanwhile. */
typedef void crew_work(void *worker, void *job);

struct crew;

/* How many threads are wanted, CREW_MOST at most; 0: as many as do good. Said once, before any
 * work.
 */
void crew_choose(size_t threads);
/* How many to work with, the caller's included: as many as are wanted; else one for each processor
 * that this process may use, where there is work enough for several. */
size_t crew_threads(bool enough);

/* workers: one for each thread, the first for the caller's own, which does jobs while it waits;
 * they last until crew_finish(). Threads are started when there is work for them; where the system
 * grants fewer, there are fewer. NULL: no memory. */
struct crew *crew_start(crew_work *work, void *const *workers, size_t count);
/* At most CREW_JOBS may be under way. */
void crew_give(struct crew *crew, void *job);
/* Waits for the job that was given first, and hands it back; NULL when none is under way. */
void *crew_take(struct crew *crew);
/* Waits for what was given, frees. NULL is allowed. */
void crew_finish(struct crew *crew);

#endif
