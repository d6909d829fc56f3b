/* A window around a voxel: its shape, and its size in voxels. The one place where the size of a
 * window, given in voxels or as a length in the world, becomes voxels. */
#ifndef COMMON_LOCAL_EXTENT_H
#define COMMON_LOCAL_EXTENT_H

#include "common/volume/length.h"

enum shape { SHAPE_BOX, SHAPE_BALL };
extern const char *const shape_words[]; /* "box", "ball", NULL */

#define EXTENT_MARGIN 1e-9 /* of the sum that is 1 for a voxel on the surface of a ball */

struct extent {
    enum shape shape;
    uint64_t before[AXES], after[AXES]; /* the voxels on each side; of a ball equally many */
    double radius[AXES];                /* half axes of the ellipsoid that a ball is, in voxels */
};

/* The window whose full size is `size`. In voxels: a box of n voxels goes from n / 2 before to
 * n - 1 - n / 2 after; a ball has the radius (n - 1) / 2. In the world: a box of the voxels whose
 * centres lie at most size / 2 away along each axis, a ball of those within the ellipsoid of that
 * diameter. A size of 0 is 1 voxel. */
MUST_CHECK bool extent_init(struct extent *extent, enum shape shape, const struct length *size,
                            const struct volume *volume, struct fail *fail);

/* Voxels along an axis. */
uint64_t extent_size(const struct extent *extent, enum axis axis);
/* Whether the window is the voxel alone. */
bool extent_is_voxel(const struct extent *extent);
/* How far the ball reaches along the row that lies dz planes and dy rows away, on each side; -1:
 * that row is outside. */
int64_t extent_chord(const struct extent *extent, uint64_t dz, uint64_t dy);

#endif
