/* What one lane counts in one pass, with counters that are fast; they are added to a summary now
 * and then. */
#ifndef COMMON_STATS_ACCUMULATOR_H
#define COMMON_STATS_ACCUMULATOR_H

#include <pthread.h>

#include "common/stats/summary.h"

/* What a pass counts. The summary says which parts: only those it has are counted. */
struct accumulator_plan {
    struct summary *total;
    bool second_scan; /* fine counts and histogram alone: the rest of *total is known already */
    bool take_infinities;
    pthread_mutex_t mutex; /* for *total */
};

struct accumulator {
    struct accumulator_plan *plan;
    uint64_t pending;   /* samples that 32-bit counters hold */
    float *numbers;     /* a block without what is no number */
    struct summary own; /* samples, NaN, infinities, range */
    struct fail fail;   /* no memory */

    bool listing; /* every distinct value is counted, and nothing else */
    struct dictionary dictionary;
    struct high_counter high_counts;
    struct moment_sums *sum;
    struct low_counter low_counts;
    struct histogram_counter histogram;
};

bool accumulator_init(struct accumulator *accumulator, struct accumulator_plan *plan,
                      struct fail *fail);
void accumulator_free(struct accumulator *accumulator);
/* One block (pass.h). False when it holds an infinity that is not taken (own.first_infinity), or
 * something failed (fail). */
bool accumulator_block(struct accumulator *accumulator, const float *v, size_t n, uint64_t at);
/* Adds everything to the total. */
bool accumulator_collect(struct accumulator *accumulator);

#endif
