/* The window of a filter: which voxels around one it sees. */
#ifndef COMMON_LOCAL_FOOTPRINT_H
#define COMMON_LOCAL_FOOTPRINT_H

#include "common/volume/length.h"

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

enum shape { SHAPE_BOX, SHAPE_BALL };

/* The window whose full size is `size`. In voxels: a box of n voxels goes from n / 2 before to
 * n - 1 - n / 2 after; a ball has the radius (n - 1) / 2. In the world: a box of the voxels whose
 * centres lie at most size / 2 away along each axis, a ball of those within the ellipsoid of that
 * diameter. A size of 0 is 1 voxel. */
MUST_CHECK bool footprint_init(struct footprint *footprint, enum shape shape,
                               const struct length *size, const struct volume *volume,
                               struct fail *fail);
void footprint_free(struct footprint *footprint);

#endif
