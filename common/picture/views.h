/* Three views: a plane, a row and a column of the volume side by side in one image, with captions.
 */
#ifndef COMMON_PICTURE_VIEWS_H
#define COMMON_PICTURE_VIEWS_H

#include "common/picture/picture.h"

/* index: numbers of the plane, the row and the column. */
MUST_CHECK bool views_write(const struct picture *picture, struct reader *reader,
                            const uint64_t index[AXES], struct fail *fail);

/* Sets windows to the minimum and maximum of each view, not counting NaN. Reads the volume from its
 * first sample to its end; an infinite sample is a failure. */
MUST_CHECK bool views_find_windows(struct reader *reader, const uint64_t index[AXES],
                                   struct window windows[AXES], struct fail *fail);

#endif
