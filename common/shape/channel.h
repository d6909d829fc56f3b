/* One channel of a volume, as a reader of its own. */
#ifndef COMMON_SHAPE_CHANNEL_H
#define COMMON_SHAPE_CHANNEL_H

#include "common/volume/stream.h"

/* A gray reader of channel `number`, from 0, of source, which it owns. A channel that does not
 * exist is a failure. NULL on failure (source closed). */
MUST_CHECK struct reader *channel_reader(struct reader *source, uint64_t number, struct fail *fail);

#endif
