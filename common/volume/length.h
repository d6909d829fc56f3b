/* Lengths on the command line, in voxels or in physical units: "3", "20um", "0.5,0.2,0.2um". */
#ifndef COMMON_VOLUME_LENGTH_H
#define COMMON_VOLUME_LENGTH_H

#include "common/volume/volume.h"

struct length {
    double value[AXES];   /* each >= 0; 0: nothing is done along this axis */
    char unit[UNIT_SIZE]; /* in our spelling; "": they are numbers of voxels */
};

/* Parses one value, which holds for all axes, or three: plane,row,column. A unit stands behind the
 * last value, or behind each of them, and then it is the same. `length` is a struct length; the
 * types are those of option.h's parsers. */
MUST_CHECK bool length_parse(const char *text, void *length, struct fail *fail);

/* A length in voxels, or pixels, that became one through the spacing: where it is a whole number of
 * sixteenths but for rounding (1e-9 of it), it becomes that, so that it is rounded to voxels in the
 * same way in every unit. */
double length_snap(double voxels);

/* The length in voxels along each axis, through the spacing, by length_snap(). Fails where there is
 * a unit and the spacing of an axis is unknown, or its unit. */
MUST_CHECK bool length_voxels(const struct length *length, const struct volume *volume,
                              double voxels[AXES], struct fail *fail);

#endif
