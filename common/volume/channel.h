/* One channel of a volume, as a reader of its own. */
#ifndef COMMON_VOLUME_CHANNEL_H
#define COMMON_VOLUME_CHANNEL_H

#include "common/volume/stream.h"

/* Takes source over and returns a gray reader of its channel number `channel`, from 0. A channel
 * that is not there is a failure (source closed). */
struct reader *channel_reader(struct reader *source, uint64_t channel, struct fail *fail);

#endif
