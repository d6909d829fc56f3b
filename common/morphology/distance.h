/* The exact Euclidean distance of each voxel to the nearest one that is 0. */
#ifndef COMMON_MORPHOLOGY_DISTANCE_H
#define COMMON_MORPHOLOGY_DISTANCE_H

#include "common/stream/stream.h"

struct distance_options {
    double step[AXES]; /* from one sample to the next along each axis */
    bool outside;      /* to the nearest that is not 0 */
    double most;       /* greater distances become this; INFINITY: there is no such limit */
    double within;     /* above 0: not distances, but a mask. Of voxels to which something is nearer
                        * than this, or as near, 1 with `outside`, and 0 without; this is squared */
};

/* A reader of the distances of source, which it owns: double precision, rounded once. What lies
 * beyond the volume is neither 0 nor anything else. Channels stay apart. Memory is bounded; what is
 * known along planes is kept in a file without a name, but with `most` only of as many planes as
 * that reaches over, which are in memory where these are small. Without `most`, the first sample
 * fails where a channel has nothing to measure from. NULL on failure (source closed). */
MUST_CHECK struct reader *distance_reader(const struct distance_options *options,
                                          struct reader *source, struct fail *fail);

/* How many planes of source may be read before the first sample of the result is known. */
uint64_t distance_ahead(const struct distance_options *options, const struct volume *volume);

#endif
