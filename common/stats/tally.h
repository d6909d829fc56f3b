/* What one thread counts in a scan. Its counters are fast; now and then they are added to a summary
 * that all threads share. */
#ifndef COMMON_STATS_TALLY_H
#define COMMON_STATS_TALLY_H

#include <pthread.h>

#include "common/stats/summary.h"
#include "common/stream/stream.h"

struct tally_plan {
    const struct reader *reader; /* named in messages */
    struct summary *total;       /* only the counters that it has are used */
    bool second_scan;            /* only low counts and histogram, the rest of *total is known */
    bool allow_infinities;
    pthread_mutex_t mutex; /* for *total */
};

struct tally {
    struct tally_plan *plan;
    uint64_t uncollected; /* samples in 32-bit counters */
    float *finite;        /* the finite samples of a block that has others too */
    struct summary local; /* only samples, NaN, infinities, range */

    bool listing; /* the dictionary counts, and no other counter */
    struct dictionary dictionary;
    struct high_counter high_counts;
    struct moment_sums *sums;
    struct low_counter low_counts;
    struct histogram_counter histogram;
};

/* On failure (no memory) the tally must still be freed. */
MUST_CHECK bool tally_init(struct tally *tally, struct tally_plan *plan, struct fail *fail);
void tally_free(struct tally *tally);
/* Counts one block: an observer (loop.h); `tally` is a struct tally. Fails at an
 * infinity that is not allowed, or for lack of memory. */
MUST_CHECK bool tally_block(void *tally, const float *v, size_t n, uint64_t at, struct fail *fail);
/* Moves all counts to the total. */
MUST_CHECK bool tally_collect(struct tally *tally, struct fail *fail);

#endif
