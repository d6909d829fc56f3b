#include "common/objects/object_size.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/number.h"

#define MARGIN 1e-9
#define MOST 9e18 /* voxels: more than there can be */

/* The unit whose cube text names, a word that ends in 3, ^3 or a raised 3. */
static void cubed_unit(const char *text, char unit[UNIT_SIZE])
{
    static const char *const cubes[] = {"^3", "3", "\302\263"};
    size_t length = strlen(text);
    unit[0] = '\0';
    for (size_t i = 0; i < sizeof cubes / sizeof *cubes; i++) {
        size_t n = strlen(cubes[i]);
        char word[UNIT_SIZE];
        if (length < n || length - n >= sizeof word || strcmp(text + length - n, cubes[i]) != 0)
            continue;
        snprintf(word, sizeof word, "%.*s", (int)(length - n), text);
        unit_normalize(unit, word);
        return;
    }
}

bool object_size_parse(const char *text, void *value, struct fail *fail)
{
    struct object_size *size = value;
    char number[64], *end;
    int length = snprintf(number, sizeof number, "%s", text);
    (void)strtod(number, &end);
    size->unit[0] = '\0';
    if (*end != '\0') {
        cubed_unit(end, size->unit);
        if (isnan(unit_metres(size->unit)))
            return fail_set(fail, "needs a number of voxels, or a volume such as 5um3, not '%s'",
                            text);
    }
    *end = '\0';
    if (length >= (int)sizeof number || !number_real(number, &size->value) || size->value < 0)
        return fail_set(fail, "needs a number of voxels, or a volume such as 5um3, not '%s'", text);
    if (size->unit[0] == '\0' && size->value != floor(size->value))
        return fail_set(fail, "needs a whole number of voxels, or a volume such as 5um3, not '%s'",
                        text);
    return true;
}

void volume_steps_metres(const struct volume *volume, double steps[AXES])
{
    for (enum axis axis = 0; axis < AXES; axis++)
        steps[axis] = volume_step_metres(volume, axis);
}

bool object_size_voxels(const struct object_size *size, const double steps[AXES], double *voxels,
                        struct fail *fail)
{
    *voxels = size->value;
    for (enum axis axis = 0; axis < AXES && size->unit[0] != '\0'; axis++) {
        if (isnan(steps[axis]))
            return fail_set(fail,
                            "a volume in %s^3 needs the spacing along the %s axis, which is "
                            "unknown: set it with volset, or give a number of voxels",
                            size->unit, axis_names[axis]);
        *voxels *= unit_to_metres(1, size->unit) / steps[axis];
    }
    double near = rint(*voxels);
    if (fabs(*voxels - near) <= MARGIN * near)
        *voxels = near;
    return true;
}

uint64_t object_size_least(double voxels)
{
    return voxels < MOST ? (uint64_t)ceil(voxels) : (uint64_t)MOST;
}

bool object_choice_voxels(const struct object_choice *asked, const double steps[AXES],
                          struct component_choice *choice, struct fail *fail)
{
    struct fail why = {.text = ""};
    double least, most;
    if (!object_size_voxels(&asked->least, steps, &least, &why))
        return fail_prefix(fail, &why, "--min-size");
    if (!object_size_voxels(&asked->most, steps, &most, &why))
        return fail_prefix(fail, &why, "--max-size");
    *choice = (struct component_choice){.least = object_size_least(least),
                                        .largest = asked->largest,
                                        .drop_border = asked->drop_border};
    if (asked->has_most)
        choice->most = object_size_least(floor(most));
    if (asked->has_most && choice->most == 0)
        choice->least = UINT64_MAX; /* no object is as small */
    return true;
}
