/* The exact statistics of a volume or a part of one. Summaries can be added; the sum does not
 * depend on the order of the samples nor on how they were split. */
#ifndef COMMON_STATS_SUMMARY_H
#define COMMON_STATS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"
#include "common/kernel/dictionary.h"
#include "common/kernel/radix.h"
#include "common/stats/histogram.h"
#include "common/stats/moments.h"
#include "common/stats/part_list.h"

/* While there are few distinct values, `values` lists them all and everything else follows from the
 * list. With more than max_values the summary has overflowed: there is no list, and the counters
 * below are used instead. */
struct summary {
    uint64_t samples;         /* NaN and infinities included */
    uint64_t nans;            /* not counted in the rest */
    uint64_t infinities[2];   /* negative, positive; not counted in the rest either */
    uint32_t lowest, highest; /* in sortable.h's order; lowest > highest: no sample is finite */

    struct part_list planes; /* of one volume that were counted; none: whole volumes */

    size_t max_values;
    bool stop_early; /* may be set: overflows soon where the first samples promise many values */
    struct value_count *values; /* ascending */
    size_t value_count;
    bool overflowed;

    /* The counters, each of which can be left out. */
    bool has_moments;
    struct moments moments;
    uint64_t *high_counts; /* BUCKETS, or NULL */
    struct low_counts low_counts;
    struct histogram histogram; /* .bins 0: none */
};

/* Empty, without counters. max_values 0: overflowed from the start. */
void summary_init(struct summary *summary, size_t max_values);
void summary_free(struct summary *summary);
MUST_CHECK bool summary_add_high_counts(struct summary *summary, struct fail *fail);

/* How many samples are neither NaN nor infinite. */
uint64_t summary_finite(const struct summary *summary);
/* The range of the finite samples; NAN if there are none. */
float summary_minimum(const struct summary *summary);
float summary_maximum(const struct summary *summary);

/* Extends the range to include lowest and highest. */
void summary_add_range(struct summary *summary, uint32_t lowest, uint32_t highest);
/* Adds values (ascending, none twice). `samples` is left to the caller. */
MUST_CHECK bool summary_add_values(struct summary *summary, const struct value_count *values,
                                   size_t count, struct fail *fail);
/* Adds all that a dictionary has counted. `samples` is left to the caller. */
MUST_CHECK bool summary_add_dictionary(struct summary *summary, const struct dictionary *dictionary,
                                       struct fail *fail);
/* Moves the list to the counters. */
void summary_overflow(struct summary *summary);

/* Adds all of *from but its planes. If that has overflowed, it must have the same counters as *to.
 * Fails where there are too many samples for 64 bits; each other count is of some of them. */
MUST_CHECK bool summary_add(struct summary *to, const struct summary *from, struct fail *fail);

#endif
