/* The voxels of a window, one by one, for filters that see each. */
#ifndef COMMON_LOCAL_FOOTPRINT_H
#define COMMON_LOCAL_FOOTPRINT_H

#include "common/local/extent.h"

#define FOOTPRINT_MAX 1000000     /* voxels */
#define FOOTPRINT_MAX_ROWS 200000 /* in which they lie */

/* Voxels of one row that follow each other. */
struct footprint_run {
    int32_t first[AXES]; /* from the voxel that the window belongs to */
    uint32_t count;
};

struct footprint {
    struct footprint_run *runs; /* in the order of planes and rows; never empty */
    size_t run_count;
    size_t count;       /* voxels */
    size_t reach[AXES]; /* the largest distance along each axis */
    size_t size[AXES];  /* voxels along each axis */
};

/* The voxels of the window; fails where there are too many. */
MUST_CHECK bool footprint_init(struct footprint *footprint, const struct extent *extent,
                               struct fail *fail);
void footprint_free(struct footprint *footprint);

#endif
