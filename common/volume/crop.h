/* A part of a volume, as a reader of its own. */
#ifndef COMMON_VOLUME_CROP_H
#define COMMON_VOLUME_CROP_H

#include "common/base/number.h"
#include "common/volume/stream.h"

/* Takes source over and returns a reader of source[slice of planes, slice of rows, slice of
 * columns] by numpy's rules; spacing, origin and the rest follow. Planes that are left out are
 * skipped, not read, where source can. An empty result or a slice of the wrong form is a failure
 * (source closed). */
struct reader *crop_reader(struct reader *source, const struct slice slice[AXES],
                           struct fail *fail);

#endif
