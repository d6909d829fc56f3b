/* The surface of an object of voxels, from how often lines in 13 directions cross it (Crofton's
 * formula; Legland, Kieu, Devaux, Image Anal. Stereol. 26, 2007). */
#ifndef COMMON_OBJECTS_SURFACE_H
#define COMMON_OBJECTS_SURFACE_H

#include "common/volume/volume.h"

/* From a voxel to half of its 26 neighbours. */
#define DIRECTIONS 13
extern const signed char neighbour_steps[DIRECTIONS][AXES];

/* Surface for each crossing of a line in each direction between two voxels, one inside and one
 * outside; steps between voxels > 0, whose square is the unit of the result. */
void surface_weights(const double steps[AXES], double weights[DIRECTIONS]);

#endif
