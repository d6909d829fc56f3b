/* Work on blocks of samples in two lanes: the caller's own, and a thread beside it. Which lane gets
 * a block depends on the time, so the work must not depend on the lane. */
#ifndef COMMON_LANES_H
#define COMMON_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* v[0..n) are the samples from number `at` on. False ends the work. */
typedef bool lane_work(void *lane, const float *v, size_t n, uint64_t at);

struct lanes;

/* 1 or 2: how many lanes this machine has the processors for. */
size_t lanes_count(void);

/* states: one for each lane. NULL when there is no memory (or no thread to be had). */
struct lanes *lanes_start(lane_work *work, void *const *states, size_t count);
/* One block, at most PASS_BLOCK samples (pass.h), which may be reused at once. False when a lane
 * has ended the work. */
bool lanes_give(struct lanes *lanes, const float *v, size_t n, uint64_t at);
/* Waits for what was given, frees. False when a lane has ended the work: then every block before
 * the one that did so has been worked on. NULL is allowed. */
bool lanes_finish(struct lanes *lanes);

#endif
