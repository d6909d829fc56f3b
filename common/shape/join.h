/* Volumes joined to one along an axis. */
#ifndef COMMON_SHAPE_JOIN_H
#define COMMON_SHAPE_JOIN_H

#include "common/stream/stream.h"

enum join_axis { JOIN_PLANES, JOIN_ROWS, JOIN_COLUMNS, JOIN_CHANNELS };

/* A reader of `count` pieces one after the other along an axis; it owns them, but not the array.
 * They must have the same shape but for that axis, the same directions, spacing and units, and
 * unless any_place is set each must begin where the last one ends, where their origins are known;
 * along channels all must lie in the same place. What they say alike of themselves is kept, of the
 * history the first lines in which they agree. NULL on failure (pieces closed). */
MUST_CHECK struct reader *join_reader(struct reader *const *pieces, size_t count,
                                      enum join_axis axis, bool any_place, struct fail *fail);

#endif
