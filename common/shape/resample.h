/* A volume with another number of samples along its axes, of the same extent in the world. */
#ifndef COMMON_SHAPE_RESAMPLE_H
#define COMMON_SHAPE_RESAMPLE_H

#include "common/stream/stream.h"

struct resample_options {
    uint64_t size[AXES]; /* samples along each axis, at least one */
    bool nearest;        /* the nearest sample, instead of the eight around a place */
};

/* Samples in the source for one of the result: the factor of the spacing. */
double resample_factor(const struct resample_options *options, const struct volume *volume,
                       enum axis axis);

/* A reader of the resampled samples of source, which it owns; channels stay apart. Samples stand
 * for the space around them, as voxels do: the volume keeps its faces, spacing and origin follow. A
 * place between samples has their mean, weighted by nearness along each axis; one beyond the last
 * centre, where half a voxel is left, has that of the last sample. Two planes of source are held;
 * where these take more than 16 MiB, bands of their rows, which are read through a clone. NULL on
 * failure (source closed). */
MUST_CHECK struct reader *resample_reader(const struct resample_options *options,
                                          struct reader *source, struct fail *fail);

#endif
