/* Channels that are treated each by itself: the red of one stain has nothing to do with the green
 * of another. */
#ifndef COMMON_STREAM_APART_H
#define COMMON_STREAM_APART_H

#include "common/stream/loop.h"

/* Each channel has readers and counters of its own. */
#define APART_MAX 64

/* Whether the channels of a volume are stains or the like, and not the parts of a colour. */
bool volume_is_apart(const struct volume *volume);

/* A filter for each channel, in their order. */
struct apart {
    size_t count;
    const struct filter *each;
};

/* A kernel of whole voxels (loop.h): gives each sample to the filter of its channel; state is a
 * struct apart. */
size_t apart_span(const void *state, float *v, size_t n);

#endif
