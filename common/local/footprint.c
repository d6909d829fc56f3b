#include "common/local/footprint.h"

#include <stdlib.h>

/* Adds the voxels of a row that lie in the window. They follow each other. */
static void gather_row(struct footprint *footprint, const struct extent *extent, int32_t z,
                       int32_t y)
{
    int64_t before = (int64_t)extent->before[AXIS_COLUMN],
            after = (int64_t)extent->after[AXIS_COLUMN];
    if (extent->shape == SHAPE_BALL)
        before = after = extent_chord(extent, (uint64_t)labs(z), (uint64_t)labs(y));
    if (after < 0)
        return;
    footprint->runs[footprint->run_count++] =
        (struct footprint_run){{z, y, (int32_t)-before}, (uint32_t)(before + 1 + after)};
    footprint->count += (size_t)(before + 1 + after);
}

bool footprint_init(struct footprint *footprint, const struct extent *extent, struct fail *fail)
{
    *footprint = (struct footprint){.count = 0};
    double rows = 1, voxels = 1;
    for (enum axis axis = 0; axis < AXES; axis++) {
        footprint->reach[axis] = (size_t)extent->before[axis];
        footprint->size[axis] = (size_t)extent_size(extent, axis);
        rows *= axis == AXIS_COLUMN ? 1 : (double)footprint->size[axis];
        voxels *= (double)footprint->size[axis];
    }
    if (voxels > FOOTPRINT_MAX)
        return fail_set(fail, "the window has more than %d voxels", FOOTPRINT_MAX);
    if (rows > FOOTPRINT_MAX_ROWS)
        return fail_set(fail, "the window has more than %d rows", FOOTPRINT_MAX_ROWS);
    footprint->runs = malloc((size_t)rows * sizeof *footprint->runs);
    if (!footprint->runs)
        return fail_memory(fail, "window of %.0f rows", rows);
    const int32_t before[2] = {(int32_t)extent->before[AXIS_PLANE],
                               (int32_t)extent->before[AXIS_ROW]},
                  after[2] = {(int32_t)extent->after[AXIS_PLANE], (int32_t)extent->after[AXIS_ROW]};
    for (int32_t z = -before[0]; z <= after[0]; z++)
        for (int32_t y = -before[1]; y <= after[1]; y++)
            gather_row(footprint, extent, z, y);
    return true;
}

void footprint_free(struct footprint *footprint)
{
    free(footprint->runs);
}
