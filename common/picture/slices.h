/* Slices: an image of each plane, or one of a volume that is only one row or one column thick. */
#ifndef COMMON_PICTURE_SLICES_H
#define COMMON_PICTURE_SLICES_H

#include "common/picture/picture.h"

/* Seen along the axis of planes, each plane is an image with the plane's number. Along another axis
 * the volume must have one row or one column, and is one image with its planes from top to bottom.
 */
MUST_CHECK bool slices_write(const struct picture *picture, struct reader *reader, enum axis along,
                             struct fail *fail);

/* Sets windows to the minimum and maximum of each slice of slice_samples samples, not counting NaN.
 * Reads the volume from its first sample to its end; an infinite sample is a failure. */
MUST_CHECK bool slices_find_windows(struct reader *reader, uint64_t slice_samples,
                                    struct window *windows, struct fail *fail);

#endif
