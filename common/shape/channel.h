/* What a volume says of its channels, and some of them as a reader of their own. */
#ifndef COMMON_SHAPE_CHANNEL_H
#define COMMON_SHAPE_CHANNEL_H

#include "common/stream/stream.h"
#include "common/text/number.h"

/* Notes of the names ("DAPI, GFP") and colours ("0000ff,00ff00") of the channels, one for each; ""
 * drops a note. */
MUST_CHECK bool volume_set_channels(struct volume *volume, const char *names, const char *colours,
                                    struct fail *fail);
/* The colours, red, green, blue. False: the volume has none, or not one for each channel. */
bool volume_channel_colours(const struct volume *volume, unsigned char (*colours)[3]);
/* The name of a channel; "": it has none. */
#define CHANNEL_NAME_SIZE 80
const char *volume_channel_name(const struct volume *volume, uint64_t channel,
                                char text[CHANNEL_NAME_SIZE]);

/* What to call it: "channel 0", with its name behind. volume NULL: it is not known. */
#define CHANNEL_LABEL_SIZE (CHANNEL_NAME_SIZE + 32)
const char *volume_channel_label(const struct volume *volume, uint64_t channel,
                                 char text[CHANNEL_LABEL_SIZE]);

/* A reader of source[..., channels] with a slice, by numpy's rules; it owns source. One channel
 * alone makes a gray volume, and red, green and blue stay colours. NULL on failure (source closed).
 */
MUST_CHECK struct reader *channels_reader(struct reader *source, const struct slice *slice,
                                          struct fail *fail);
/* A gray reader of channel `number`, from 0, of source, which it owns. A channel that does not
 * exist is a failure. NULL on failure (source closed). */
MUST_CHECK struct reader *channel_reader(struct reader *source, uint64_t number, struct fail *fail);
/* The same of a clone of source, which stays the caller's. */
MUST_CHECK struct reader *channel_clone(struct reader *source, uint64_t number, struct fail *fail);

#endif
