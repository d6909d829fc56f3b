/* The Gaussian filter: scipy.ndimage.gaussian_filter (1.10) of float32 samples, as
 * skimage.filters.gaussian calls it. Planes, rows and columns are filtered in this order, each
 * rounded to float; within one, sums are of doubles. */
#ifndef COMMON_LOCAL_GAUSS_H
#define COMMON_LOCAL_GAUSS_H

#include "common/stream/neighbours.h"

struct gauss {
    double sigma[AXES]; /* in voxels, >= 0; 0: nothing is done along this axis */
    double truncate;    /* the window ends this many sigma away from its centre */
    enum edge edge;
    size_t radius[AXES];  /* of the window, in voxels */
    double *weight[AXES]; /* radius + 1 of them, the first the centre's; they add up to 1 */
    size_t channels;
};

/* The widest window on each side of a voxel. */
#define GAUSS_MAX_RADIUS 4096

/* Sets radius and weight from the fields before them. Fails beyond GAUSS_MAX_RADIUS. Call
 * gauss_free() even after a failure. */
MUST_CHECK bool gauss_init(struct gauss *gauss, struct fail *fail);
void gauss_free(struct gauss *gauss);

/* A reader of the filtered samples of source, which it owns. gauss must last. NaN and infinities
 * spread over the windows that hold them, as IEEE arithmetic does. NULL on failure (source closed).
 */
MUST_CHECK struct reader *gauss_reader(struct gauss *gauss, struct reader *source,
                                       struct fail *fail);

#endif
