/* The smallest or the largest sample of a window around each: erosion and dilation. NaN are larger
 * than all else; what lies beyond the volume does not count. Readers can be stacked: an opening is
 * a dilation of an erosion. */
#ifndef COMMON_MORPHOLOGY_EXTREME_H
#define COMMON_MORPHOLOGY_EXTREME_H

#include "common/local/extent.h"
#include "common/stream/stream.h"

enum extreme { EXTREME_MINIMUM, EXTREME_MAXIMUM };

/* Readers of one window share it; read-only. */
struct extremes {
    struct extent extent; /* as far as there are voxels in the volume */
    size_t channels;
    bool is_mask;   /* the volume */
    int64_t *chord; /* of a ball: extent_chord() for each number of planes and rows */
};

MUST_CHECK bool extremes_init(struct extremes *extremes, const struct extent *extent,
                              const struct volume *volume, struct fail *fail);
void extremes_free(struct extremes *extremes);

/* A reader of the minima or maxima of source, which it owns; extremes must last. NULL on failure
 * (source closed). */
MUST_CHECK struct reader *extreme_reader(const struct extremes *extremes, enum extreme kind,
                                         struct reader *source, struct fail *fail);

#endif
