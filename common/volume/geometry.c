#include "common/volume/geometry.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define TOLERANCE 1e-4 /* of a step: places and steps may be rounded */

/* How far apart, in steps of a along the axis, two vectors are. */
static double difference(const double a[3], const double b[3], double step)
{
    double most = 0;
    for (int i = 0; i < 3; i++)
        most = fmax(most, fabs(a[i] - b[i]));
    return most / step;
}

bool geometry_agrees(const struct volume *a, const char *a_name, const struct volume *b,
                     const char *b_name, struct fail *fail)
{
    if (memcmp(a->size, b->size, sizeof a->size) != 0)
        return fail_set(fail,
                        "%s: is %" PRIu64 " x %" PRIu64 " x %" PRIu64
                        " (planes, rows, columns), but %s is %" PRIu64 " x %" PRIu64 " x %" PRIu64,
                        b_name, b->size[0], b->size[1], b->size[2], a_name, a->size[0], a->size[1],
                        a->size[2]);
    double least = INFINITY;
    for (enum axis axis = 0; axis < AXES; axis++) {
        double step = volume_spacing(a, axis), other = volume_spacing(b, axis);
        if (isnan(step) || isnan(other))
            continue;
        least = fmin(least, step);
        const char *unit = volume_unit(a, axis), *other_unit = volume_unit(b, axis);
        if (unit[0] && other_unit[0] && strcmp(unit, other_unit) != 0)
            return fail_set(fail, "%s: has steps in %s along the %s axis, but %s in %s", b_name,
                            other_unit, axis_names[axis], a_name, unit);
        if (difference(a->direction[axis], b->direction[axis], step) > TOLERANCE)
            return fail_set(fail,
                            "%s: has steps of %.6g along the %s axis, or in another direction, "
                            "but %s of %.6g",
                            b_name, other, axis_names[axis], a_name, step);
    }
    if (isinf(least) || isnan(a->origin[0]) || isnan(b->origin[0]) ||
        difference(a->origin, b->origin, least) <= TOLERANCE)
        return true;
    return fail_set(
        fail, "%s: lies elsewhere: it begins at (%.6g, %.6g, %.6g), but %s at (%.6g, %.6g, %.6g)",
        b_name, b->origin[0], b->origin[1], b->origin[2], a_name, a->origin[0], a->origin[1],
        a->origin[2]);
}
