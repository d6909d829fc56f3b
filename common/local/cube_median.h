/* The median of 3 x 3 x 3 voxels. Samples are signed integers in the order of their values. */
#ifndef COMMON_LOCAL_CUBE_MEDIAN_H
#define COMMON_LOCAL_CUBE_MEDIAN_H

#include "common/stream/neighbours.h"

/* Bytes of scratch memory that cube_median_rows() takes. */
size_t cube_median_scratch(size_t channels);

/* Makes the rows, which are surrounded by one plane, row and column on each side. */
void cube_median_rows(const struct surroundings *around, size_t channels, float *made);

#endif
