#include "common/local/footprint.h"

#include <math.h>
#include <stdlib.h>

#define MARGIN 1e-9 /* of the sum that is 1 where a voxel lies on the surface of a ball */

/* A box, and the half axes of the ellipsoid in it. */
struct extent {
    int32_t before[AXES], after[AXES];
    double radius[AXES]; /* in voxels */
};

static bool too_large(struct fail *fail)
{
    return fail_set(fail, "the window has more than %d voxels", FOOTPRINT_MAX);
}

static bool extent_in_voxels(struct extent *extent, enum shape shape, const double size[AXES],
                             struct fail *fail)
{
    for (enum axis axis = 0; axis < AXES; axis++) {
        double n = size[axis] > 0 ? size[axis] : 1;
        if (n > FOOTPRINT_MAX)
            return too_large(fail);
        if (n < 1 || n > floor(n))
            return fail_set(fail, "%g is not a whole number of voxels", n);
        int32_t whole = (int32_t)n;
        if (shape == SHAPE_BALL && whole % 2 == 0)
            return fail_set(fail, "a ball of %d voxels has no middle: use an odd number", whole);
        extent->before[axis] = whole / 2;
        extent->after[axis] = whole - 1 - whole / 2;
        extent->radius[axis] = (n - 1) / 2;
    }
    return true;
}

static bool extent_in_world(struct extent *extent, const double size[AXES], struct fail *fail)
{
    for (enum axis axis = 0; axis < AXES; axis++) {
        double radius = size[axis] / 2;
        if (radius > FOOTPRINT_MAX)
            return too_large(fail);
        extent->before[axis] = extent->after[axis] = (int32_t)floor(radius);
        extent->radius[axis] = radius;
    }
    return true;
}

static bool in_ball(const struct extent *extent, const int32_t by[AXES])
{
    double sum = 0;
    for (enum axis axis = 0; axis < AXES; axis++) {
        double part = by[axis] == 0 ? 0 : by[axis] / extent->radius[axis];
        sum += part * part;
    }
    return sum <= 1 + MARGIN;
}

/* Adds the voxels of a row that lie in the window. They follow each other. */
static void gather_row(struct footprint *footprint, enum shape shape, const struct extent *extent,
                       int32_t z, int32_t y)
{
    struct footprint_run run = {.first = {z, y, 0}};
    for (int32_t x = -extent->before[2]; x <= extent->after[2]; x++)
        if (shape == SHAPE_BOX || in_ball(extent, (int32_t[]){z, y, x})) {
            run.first[2] = run.count == 0 ? x : run.first[2];
            run.count++;
        }
    footprint->count += run.count;
    if (run.count > 0)
        footprint->runs[footprint->run_count++] = run;
}

static bool gather(struct footprint *footprint, enum shape shape, const struct extent *extent,
                   struct fail *fail)
{
    const int32_t *before = extent->before, *after = extent->after;
    double rows = (before[0] + 1. + after[0]) * (before[1] + 1. + after[1]);
    if (rows * (before[2] + 1. + after[2]) > FOOTPRINT_MAX)
        return too_large(fail);
    if (rows > FOOTPRINT_MAX_ROWS)
        return fail_set(fail, "the window has more than %d rows", FOOTPRINT_MAX_ROWS);
    footprint->runs = malloc((size_t)rows * sizeof *footprint->runs);
    if (!footprint->runs)
        return fail_memory(fail, "window of %.0f rows", rows);
    for (int32_t z = -before[0]; z <= after[0]; z++)
        for (int32_t y = -before[1]; y <= after[1]; y++)
            gather_row(footprint, shape, extent, z, y);
    return true;
}

bool footprint_init(struct footprint *footprint, enum shape shape, const struct length *size,
                    const struct volume *volume, struct fail *fail)
{
    struct extent extent;
    double voxels[AXES];
    *footprint = (struct footprint){.count = 0};
    bool in_voxels = size->unit[0] == '\0';
    if (!length_voxels(size, volume, voxels, fail) ||
        !(in_voxels ? extent_in_voxels(&extent, shape, voxels, fail)
                    : extent_in_world(&extent, voxels, fail)))
        return false;
    for (enum axis axis = 0; axis < AXES; axis++) {
        footprint->reach[axis] = (size_t)extent.before[axis];
        footprint->size[axis] = (size_t)(extent.before[axis] + 1 + extent.after[axis]);
    }
    return gather(footprint, shape, &extent, fail);
}

void footprint_free(struct footprint *footprint)
{
    free(footprint->runs);
}
