/* One plane, row, column, voxel or channel that stands for all of them: a volume repeated along its
 * axes of one sample, as numpy broadcasts. */
#ifndef COMMON_SHAPE_BROADCAST_H
#define COMMON_SHAPE_BROADCAST_H

#include "common/stream/stream.h"

/* The one of `count` readers whose shape the others can be given: the first of the largest. Each
 * other has along each axis, channels too, its size or 1. NULL on failure. */
MUST_CHECK const struct reader *broadcast_model(struct reader *const *readers, size_t count,
                                                struct fail *fail);

/* A reader of source in the shape of model (broadcast_model()), which can be cloned and owns it;
 * source itself where it has that shape. All else that is known of the volume is the model's. What
 * is small is held in memory; else a file is read again for each plane, and a pipe is kept first
 * (second_pass.h). NULL on failure (source closed). */
MUST_CHECK struct reader *broadcast_reader(struct reader *source, const struct reader *model,
                                           struct fail *fail);

#endif
