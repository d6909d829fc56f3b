#include "common/local/extent.h"

#include <math.h>

#define LARGEST 1e9 /* no volume has more voxels along an axis that a filter holds */

const char *const shape_words[] = {"box", "ball", NULL};

static bool in_voxels(struct extent *extent, const double size[AXES], struct fail *fail)
{
    for (enum axis axis = 0; axis < AXES; axis++) {
        double n = size[axis] > 0 ? size[axis] : 1;
        if (n < 1 || n > floor(n))
            return fail_set(fail, "%g is not a whole number of voxels", n);
        if (extent->shape == SHAPE_BALL && fmod(n, 2) == 0)
            return fail_set(fail, "a ball of %.0f voxels has no middle: use an odd number", n);
        uint64_t whole = (uint64_t)fmin(n, LARGEST);
        extent->before[axis] = whole / 2;
        extent->after[axis] = whole - 1 - whole / 2;
        extent->radius[axis] = (n - 1) / 2;
    }
    return true;
}

static void in_world(struct extent *extent, const double size[AXES])
{
    for (enum axis axis = 0; axis < AXES; axis++) {
        extent->radius[axis] = size[axis] / 2;
        extent->before[axis] = extent->after[axis] = (uint64_t)fmin(size[axis] / 2, LARGEST);
    }
}

bool extent_init(struct extent *extent, enum shape shape, const struct length *size,
                 const struct volume *volume, struct fail *fail)
{
    double voxels[AXES];
    *extent = (struct extent){.shape = shape};
    if (!length_voxels(size, volume, voxels, fail))
        return false;
    if (size->unit[0] == '\0')
        return in_voxels(extent, voxels, fail);
    in_world(extent, voxels);
    return true;
}

uint64_t extent_size(const struct extent *extent, enum axis axis)
{
    return extent->before[axis] + 1 + extent->after[axis];
}

bool extent_is_voxel(const struct extent *extent)
{
    return extent_size(extent, AXIS_PLANE) == 1 && extent_size(extent, AXIS_ROW) == 1 &&
           extent_size(extent, AXIS_COLUMN) == 1;
}

/* What a distance along an axis adds to the sum that is 1 on the surface. */
static double part_of(const struct extent *extent, enum axis axis, uint64_t by)
{
    double part = by == 0 ? 0 : (double)by / extent->radius[axis];
    return part * part;
}

int64_t extent_chord(const struct extent *extent, uint64_t dz, uint64_t dy)
{
    double rest = part_of(extent, AXIS_PLANE, dz);
    rest += part_of(extent, AXIS_ROW, dy);
    if (rest > 1 + EXTENT_MARGIN)
        return -1;
    double most = extent->radius[AXIS_COLUMN] * sqrt(fmax(0, 1 - rest)) + 1;
    uint64_t reach = (uint64_t)fmin((double)extent->after[AXIS_COLUMN], most);
    while (reach > 0 && rest + part_of(extent, AXIS_COLUMN, reach) > 1 + EXTENT_MARGIN)
        reach--;
    return (int64_t)reach;
}
