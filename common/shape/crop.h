/* A part of a volume, as a reader of its own. */
#ifndef COMMON_SHAPE_CROP_H
#define COMMON_SHAPE_CROP_H

#include "common/stream/stream.h"
#include "common/text/number.h"
#include "common/volume/part.h"

/* A reader of source[planes, rows, columns] with the three slices, by numpy's rules; it owns
 * source. Spacing, origin and the rest follow. Planes that are left out are skipped, not read,
 * where source can skip. An empty result or a slice of the wrong form is a failure. NULL on failure
 * (source closed). */
MUST_CHECK struct reader *crop_reader(struct reader *source, const struct slice slice[AXES],
                                      struct fail *fail);

/* A reader of one slab of planes of source, which it owns, with a note that says which planes of
 * how many they are (part.h). NULL on failure (source closed). */
MUST_CHECK struct reader *crop_slab(struct reader *source, const struct part_choice *choice,
                                    struct fail *fail);

#endif
