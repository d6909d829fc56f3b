/* What one lane counts in one pass, with counters that are fast; they are added to a summary now
 * and then. */
#ifndef COMMON_TALLY_H
#define COMMON_TALLY_H

#include <pthread.h>

#include "common/summary.h"

/* What a pass counts. The summary says which parts: only those it has are counted. */
struct tally_plan {
    struct summary *total;
    bool second_look; /* fine counts and histogram alone: the rest of *total is known already */
    bool take_infinities;
    pthread_mutex_t mutex; /* for *total */
};

struct tally {
    struct tally_plan *plan;
    uint64_t pending;   /* samples that 32-bit counters hold */
    float *numbers;     /* a block without what is no number */
    struct summary own; /* samples, NaN, infinities, range */
    struct fail fail;   /* no memory */

    bool listing; /* every distinct value is counted, and nothing else */
    struct distinct distinct;
    struct coarse_counter coarse;
    struct exact_sum *sum;
    struct fine_counter fine;
    struct histogram_counter histogram;
};

bool tally_init(struct tally *tally, struct tally_plan *plan, struct fail *fail);
void tally_free(struct tally *tally);
/* One block (pass.h). False when it holds an infinity that is not taken (own.first_infinity), or
 * something failed (fail). */
bool tally_block(struct tally *tally, const float *v, size_t n, uint64_t at);
/* Adds everything to the total. */
bool tally_collect(struct tally *tally);

#endif
