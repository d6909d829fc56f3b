/* Many values become one: means, sums, extremes, standard deviations, medians and others of samples
 * that come one after the other. NaN are left out; if all are NaN, the result is NaN. */
#ifndef COMMON_SHAPE_ACCUMULATORS_H
#define COMMON_SHAPE_ACCUMULATORS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

enum reduction {
    REDUCE_MEAN,
    REDUCE_SUM,
    REDUCE_MAXIMUM,
    REDUCE_MINIMUM,
    REDUCE_DEVIATION, /* of a sample: divided by n - 1; 0 for one value */
    REDUCE_MEDIAN,    /* the mean of the two in the middle, if n is even */
    REDUCE_MODE,      /* the value that is there most often, the smallest of several */
    REDUCE_FIRST
};

/* Sums are of doubles and rounded to float once. Deviations sum up differences to the first value.
 */
struct accumulators {
    enum reduction kind;
    size_t n;        /* accumulators */
    size_t most;     /* values that each of them takes */
    uint32_t *count; /* values, without NaN */
    double *sum, *squares;
    float *value;  /* the extreme so far; the first value */
    float *kept;   /* for medians and modes, all: value k of accumulator i is kept[k * n + i] */
    float *sorted; /* room for the values of one; the same as kept where there is only one */
};

/* Bytes of memory that each accumulator takes. */
size_t accumulators_size(enum reduction kind, size_t most);

/* Call accumulators_free() even after a failure. */
MUST_CHECK bool accumulators_init(struct accumulators *to, enum reduction kind, size_t n,
                                  size_t most, struct fail *fail);
void accumulators_free(struct accumulators *of);

/* Forgets all values. */
void accumulators_clear(struct accumulators *of);

/* Adds a row of n voxels, beginning with accumulator number `first`: each `factor` voxels go to the
 * same accumulators, one a channel. */
void accumulators_add(struct accumulators *to, size_t first, const float *v, size_t n,
                      size_t channels, size_t factor);

/* Writes the results of the first n; all forget their values. */
void accumulators_finish(struct accumulators *of, float *made, size_t n);

#endif
