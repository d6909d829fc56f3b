/* Lengths: for each "TEXT SPACING UNIT" on standard input (spacing of planes, rows, columns; 0
 * unknown; "-" no unit), the voxels along each axis, or why not. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/text/number.h"
#include "common/volume/length.h"

static void print_voxels(const char *text, const double spacing[AXES], const char *unit)
{
    struct volume volume;
    struct length length;
    struct fail fail = {.text = ""};
    double voxels[AXES];
    volume_init(&volume);
    for (enum axis axis = 0; axis < AXES; axis++) {
        if (spacing[axis] > 0)
            volume_set_spacing(&volume, axis, spacing[axis]);
        volume_set_unit(&volume, axis, strcmp(unit, "-") == 0 ? "" : unit);
    }
    if (length_parse(text, &length, &fail) && length_voxels(&length, &volume, voxels, &fail))
        printf("%.9g %.9g %.9g\n", voxels[0], voxels[1], voxels[2]);
    else
        printf("%s\n", fail.text);
    volume_free(&volume);
}

int main(void)
{
    char text[256], spacings[256], unit[UNIT_SIZE];
    double spacing[AXES];
    while (scanf("%255s %255s %31s", text, spacings, unit) == 3)
        if (number_reals(spacings, spacing, AXES))
            print_voxels(text, spacing, unit);
    return 0;
}
