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
    uint32_t *label; /* 0: none yet */
    /* Neighbours before each voxel, FLOOD_NONE where there is none, and those behind it. */
    uint32_t *before[3], *behind[3]; /* along planes, rows, columns */
};

/* Bytes of memory that a voxel takes, with what flood_run() needs. */
#define FLOOD_VOXEL_SIZE (8 * sizeof(uint32_t) + FLOOD_ENTRY_SIZE + 1)
#define FLOOD_ENTRY_SIZE 16

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
