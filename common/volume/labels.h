/* Volumes whose samples are no intensities: masks (0 and 1; every sample that is not 0 counts as
 * set) and labels (whole numbers from 0 to the largest, each an object's, 0 none's). A note says
 * so: "mask:=1", or "labels:=N". */
#ifndef COMMON_VOLUME_LABELS_H
#define COMMON_VOLUME_LABELS_H

#include "common/volume/volume.h"

#define LABELS_MAX 16777216 /* up to 2^24 every whole number is a float */

bool volume_is_mask(const struct volume *volume);
/* Removes what is said of labels. */
MUST_CHECK bool volume_set_mask(struct volume *volume, struct fail *fail);

/* Whether the samples are labels, and the largest that there may be; it may be 0. */
bool volume_labels(const struct volume *volume, uint32_t *largest);
/* Removes what is said of a mask. */
MUST_CHECK bool volume_set_labels(struct volume *volume, uint32_t largest, struct fail *fail);

/* Samples are neither from here on. */
MUST_CHECK bool volume_drop_labels(struct volume *volume, struct fail *fail);

#endif
