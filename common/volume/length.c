#include "common/volume/length.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/number.h"

#define PART_SIZE 64
#define PARTS 16
#define MARGIN 1e-9

/* Parses text[0..n), a number with or without a unit behind it. */
static bool parse_part(const char *text, size_t n, double *value, char unit[UNIT_SIZE],
                       struct fail *fail)
{
    char part[PART_SIZE], *end;
    int width = n < PART_SIZE ? (int)n : PART_SIZE;
    if (n >= PART_SIZE)
        return fail_set(fail, "needs a length, not '%.*s...'", width, text);
    memcpy(part, text, n);
    part[n] = '\0';
    (void)strtod(part, &end);
    unit_normalize(unit, end);
    bool has_unit = *end != '\0';
    *end = '\0';
    if (!number_real(part, value))
        return fail_set(fail,
                        "needs a length, a number of voxels or one with a unit such as 20um, "
                        "not '%.*s'",
                        width, text);
    if (*value < 0)
        return fail_set(fail, "'%.*s' is negative", width, text);
    if (has_unit && isnan(unit_metres(unit)))
        return fail_set(fail, "'%.*s' has no unit of length that is known (nm, um, mm, ...)", width,
                        text);
    return true;
}

/* Finds the unit of all values. One behind the last value holds for all; otherwise all have the
 * same, or none, but a 0 is the same length in every unit. False: they differ. */
static bool find_unit(const struct length *length, char units[AXES][UNIT_SIZE], size_t count,
                      char unit[UNIT_SIZE])
{
    size_t last = count - 1;
    bool only_last = true, same = true;
    while (last > 0 && length->value[last] == 0 && units[last][0] == '\0')
        last--;
    for (size_t i = 0; i < count; i++) {
        only_last = only_last && (i == last || units[i][0] == '\0');
        same = same && (length->value[i] == 0 || strcmp(units[i], units[last]) == 0);
    }
    memcpy(unit, units[last], UNIT_SIZE);
    return (last == count - 1 && only_last) || same;
}

bool length_parse(const char *text, void *length, struct fail *fail)
{
    struct length *to = length;
    char units[AXES][UNIT_SIZE];
    size_t count = 0;
    for (const char *part = text; part && count <= AXES; count++) {
        size_t n = strcspn(part, ",");
        if (count < AXES && !parse_part(part, n, &to->value[count], units[count], fail))
            return false;
        part = part[n] == ',' ? part + n + 1 : NULL;
    }
    if (count != 1 && count != AXES)
        return fail_set(fail, "needs one value, or three for plane,row,column, not '%s'", text);
    if (!find_unit(to, units, count, to->unit))
        return fail_set(
            fail, "the values of '%s' differ in their units: write one, behind the last", text);
    for (; count < AXES; count++)
        to->value[count] = to->value[0];
    return true;
}

double length_snap(double voxels)
{
    double near = rint(voxels * PARTS) / PARTS;
    return fabs(voxels - near) <= MARGIN * near ? near : voxels;
}

bool length_voxels(const struct length *length, const struct volume *volume, double voxels[AXES],
                   struct fail *fail)
{
    for (enum axis axis = 0; axis < AXES; axis++) {
        voxels[axis] = length->value[axis];
        if (length->unit[0] == '\0' || length->value[axis] == 0)
            continue;
        double step = volume_step_metres(volume, axis);
        if (isnan(step))
            return fail_set(fail,
                            "a length in %s needs the %s along the %s axis, which is unknown: set "
                            "it with volset, or give a number of voxels",
                            length->unit,
                            isnan(volume_spacing(volume, axis)) ? "spacing" : "unit of the spacing",
                            axis_names[axis]);
        voxels[axis] = length_snap(unit_to_metres(length->value[axis], length->unit) / step);
    }
    return true;
}
