/* Many values become one: means, sums, extremes, standard deviations and medians of samples that
 * come one after the other. NaN are left out; of nothing but NaN comes NaN. */
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
    REDUCE_DEVIATION, /* of a sample: divided by n - 1; of one value 0 */
    REDUCE_MEDIAN     /* of an even number the mean of the two in the middle */
};

/* Sums are of doubles and rounded to float once; those of deviations are of differences to the
 * first value. */
struct accumulators {
    enum reduction kind;
    size_t n;        /* accumulators */
    size_t most;     /* values that each of them takes */
    uint32_t *count; /* values, without NaN */
    double *sum, *squares;
    float *value;  /* the extreme so far; the first value */
    float *kept;   /* of medians, all: value k of accumulator i is kept[k * n + i] */
    float *sorted; /* room for the values of one: those that are kept, where there is only one */
};

/* Bytes of memory that each accumulator takes. */
size_t accumulators_size(enum reduction kind, size_t most);

/* Call accumulators_free() even after a failure. */
MUST_CHECK bool accumulators_init(struct accumulators *to, enum reduction kind, size_t n,
                                  size_t most, struct fail *fail);
void accumulators_free(struct accumulators *of);

/* Forgets all values. */
void accumulators_clear(struct accumulators *of);

/* Adds a row of n voxels to those that begin with number `first`: each `factor` voxels to the same
 * accumulators, one a channel. */
void accumulators_add(struct accumulators *to, size_t first, const float *v, size_t n,
                      size_t channels, size_t factor);

/* Writes what came out of the first n; all forget their values. */
void accumulators_finish(struct accumulators *of, float *made, size_t n);

#endif
