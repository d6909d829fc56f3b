/* A watershed of one component: from voxels that have labels, others get theirs in the order of
 * their values. */
#ifndef COMMON_OBJECTS_FLOOD_H
#define COMMON_OBJECTS_FLOOD_H

#include "common/base/fail.h"

#define FLOOD_NONE UINT32_MAX

/* The voxels of a component, connected by faces, in the order of the stream. */
struct flood {
    uint32_t count;
    float *value;
    uint32_t *label;     /* 0: none yet */
    uint32_t *before[2]; /* the neighbour before each along planes and rows; FLOOD_NONE: none */
    bool *begins; /* whether a voxel has no neighbour before it along columns: else that is the one
                     before */
};

/* Bytes of memory that a voxel takes while it waits. */
#define FLOOD_VOXEL_SIZE (4 * sizeof(uint32_t) + sizeof(bool))

/* Memory for `count` voxels, without labels and neighbours. False, with errno set, when there is
 * none. */
MUST_CHECK bool flood_init(struct flood *flood, uint32_t count);
void flood_free(struct flood *flood);

/* Labels all voxels that can be reached from those that have a label; lines: but for those where
 * two labels meet. As skimage.segmentation.watershed with 6 neighbours; of markers with equal
 * values those that come first in the stream are first. False, with errno set, when there is no
 * memory. */
MUST_CHECK bool flood_run(struct flood *flood, bool lines);

#endif
