/* Axes of a volume in another order or direction. */
#ifndef COMMON_SHAPE_AXES_H
#define COMMON_SHAPE_AXES_H

#include "common/stream/stream.h"

struct axes_change {
    enum axis order[AXES]; /* the source's axes that become planes, rows, columns */
    bool flip[AXES];       /* axes of the source whose last sample becomes the first */
};

/* A reader of the same samples of source, which it owns, along other axes; channels stay the
 * fastest. Directions and origin follow, so that no sample moves in space. Memory is bounded: a
 * source that must be read in another order and has no clones is kept in a file without a name, and
 * where columns become planes, what is made on the way is. NULL on failure (source closed). */
MUST_CHECK struct reader *axes_reader(const struct axes_change *change, struct reader *source,
                                      struct fail *fail);

#endif
