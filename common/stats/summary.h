/* The exact statistics of a volume, or of a part of one, in a form that adds up: the same for every
 * order and every split of the samples. */
#ifndef COMMON_STATS_SUMMARY_H
#define COMMON_STATS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"
#include "common/kernel/dictionary.h"
#include "common/stats/histogram.h"
#include "common/stats/moments.h"
#include "common/stats/radix.h"

/* While there are few distinct values, `values` holds them all and everything else follows from
 * them. With more than max_values the summary is crowded: the list is gone, and the parts count
 * instead. */
struct summary {
    uint64_t samples;         /* NaN and infinities included */
    uint64_t nans;            /* these are left out of all below, */
    uint64_t infinities[2];   /* and these (negative, positive) too */
    uint64_t first_infinity;  /* number of the sample; UINT64_MAX: not known */
    uint32_t lowest, highest; /* keys (key.h) of the numbers; lowest > highest: there are none */

    size_t max_values;
    bool gives_up; /* asked for: no list when the first samples promise too many values */
    struct value_count *values; /* ascending */
    size_t value_count;
    bool overflowed;

    /* The parts, of which any may be left out: */
    bool has_moments;
    struct moments moments;
    uint64_t *high_counts;        /* counts of the BUCKETS upper halves of keys, or NULL */
    struct low_counts low_counts; /* counts of all values in some of these buckets */
    struct histogram histogram;   /* .bins 0: none */
};

/* Empty, without parts. max_values 0: crowded from the start. */
void summary_init(struct summary *summary, size_t max_values);
void summary_free(struct summary *summary);
bool summary_add_high_counts(struct summary *summary, struct fail *fail);

/* Samples that are neither NaN nor infinite. */
uint64_t summary_numbers(const struct summary *summary);
/* Of the numbers; NAN where there are none. */
float summary_minimum(const struct summary *summary);
float summary_maximum(const struct summary *summary);

/* The range takes in the values with keys lowest to highest. */
void summary_add_range(struct summary *summary, uint32_t lowest, uint32_t highest);
/* Counts values (ascending, none twice) in; `samples` is left to the caller. */
bool summary_add_values(struct summary *summary, const struct value_count *values, size_t count,
                        struct fail *fail);
/* From here on the parts count. */
void summary_overflow(struct summary *summary);

/* Adds all of *from, which has the same parts as *to unless it isn't crowded. */
bool summary_add(struct summary *to, const struct summary *from, struct fail *fail);

#endif
