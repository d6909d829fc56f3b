#include "common/stream/apart.h"

#include "common/base/count.h"

#define BLOCK 4096 /* samples of all channels at a time: they stay in the nearest cache */

bool volume_is_apart(const struct volume *volume)
{
    return volume->channel_kind == CHANNELS_VECTOR && volume->channels > 1;
}

/* Changes the samples of one channel, every count-th from `first` on. Returns the index of the
 * first that its filter refuses, or n. */
static size_t change_channel(const struct apart *apart, size_t first, float *v, size_t n)
{
    const struct filter *filter = &apart->each[first];
    float own[BLOCK / 2]; /* there are two channels at least */
    size_t found = 0, accepted;
    if (!filter->change)
        return n;
    for (size_t i = first; i < n; i += apart->count)
        own[found++] = v[i];
    accepted = filter->change(filter->state, own, found);
    for (size_t i = 0; i < found; i++)
        v[first + i * apart->count] = own[i];
    return accepted < found ? first + accepted * apart->count : n;
}

size_t apart_span(const void *state, float *v, size_t n)
{
    const struct apart *apart = state;
    size_t most = BLOCK / apart->count * apart->count;
    for (size_t done = 0, part; done < n; done += part) {
        part = min_u64(n - done, most);
        size_t accepted = part;
        for (size_t c = 0; c < apart->count; c++)
            accepted = min_u64(accepted, change_channel(apart, c, v + done, part));
        if (accepted < part)
            return done + accepted;
    }
    return n;
}
