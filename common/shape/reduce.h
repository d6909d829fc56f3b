/* A volume whose blocks of samples became one sample each: binning, and projections, which are bins
 * as long as an axis. */
#ifndef COMMON_SHAPE_REDUCE_H
#define COMMON_SHAPE_REDUCE_H

#include "common/shape/accumulators.h"
#include "common/stream/stream.h"

struct reduce_options {
    enum reduction kind;
    uint64_t factor[AXES]; /* samples of a block along each axis, each >= 1 */
    bool partial;          /* blocks at the far ends may be smaller; otherwise they are left out */
};

/* How many samples an axis then has. */
uint64_t reduce_count(uint64_t size, uint64_t factor, bool partial);

/* A reader of the reduced samples of source, which it owns; channels stay apart. Spacing and origin
 * follow: a sample lies in the middle of its block; the window of sums and deviations is dropped.
 * Memory is bounded: where the sums of a plane take more than 16 MiB, bands of rows, or parts of
 * one row, are read one after the other through a clone, for which a source that has none is kept
 * in a file without a name. Fails where nothing is left, or one block takes more than that. NULL on
 * failure (source closed). */
MUST_CHECK struct reader *reduce_reader(const struct reduce_options *options, struct reader *source,
                                        struct fail *fail);

#endif
