#include "common/shape/channel.h"

#include <inttypes.h>
#include <stdlib.h>

#define BLOCK 16384 /* samples of the source read at once, and a voxel at least */

struct channel {
    struct reader reader;
    uint64_t number;
    size_t block; /* samples: whole voxels */
    float *voxels;
};

static size_t channel_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct channel *channel = (struct channel *)reader;
    struct reader *source = channel->reader.source;
    size_t step = source->volume.channels, max = channel->block / step;
    for (size_t done = 0; done < n;) {
        size_t wanted = n - done < max ? n - done : max;
        size_t got = reader_read(source, channel->voxels, wanted * step, fail) / step;
        for (size_t i = 0; i < got; i++)
            v[done + i] = channel->voxels[i * step + channel->number];
        done += got;
        if (got < wanted)
            return done;
    }
    return n;
}

static bool channel_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    struct reader *source = ((struct channel *)reader)->reader.source;
    return reader_skip(source, n * source->volume.channels, fail);
}

static uint64_t channel_place(const struct reader *reader, uint64_t at)
{
    return at * reader->source->volume.channels + ((const struct channel *)reader)->number;
}

static struct reader *channel_clone(struct reader *reader, struct fail *fail)
{
    struct channel *channel = (struct channel *)reader;
    struct reader *source = reader_clone(channel->reader.source, fail);
    return source ? channel_reader(source, channel->number, fail) : NULL;
}

static void channel_close(struct reader *reader)
{
    free(((struct channel *)reader)->voxels);
    reader_stack_close(reader);
}

static bool set_up(struct channel *channel, struct fail *fail)
{
    const struct reader *source = channel->reader.source;
    const struct volume *from = &source->volume;
    struct reader *reader = &channel->reader;
    if (from->channel_kind == CHANNELS_NONE)
        return fail_set(fail, "%s: channel %" PRIu64 " of a volume without channels", source->name,
                        channel->number);
    if (channel->number >= from->channels)
        return fail_set(fail, "%s: channel %" PRIu64 " is out of bounds: there are %" PRIu64,
                        source->name, channel->number, from->channels);
    reader->volume.channels = 1;
    reader->volume.channel_kind = CHANNELS_NONE;
    reader->decode_block =
        source->decode_block > 1 ? source->decode_block / from->channels : source->decode_block;
    reader->clone_size = source->clone_size + BLOCK * sizeof(float);
    channel->block = from->channels > BLOCK ? from->channels : BLOCK - BLOCK % from->channels;
    channel->voxels = malloc(channel->block * sizeof *channel->voxels);
    return channel->voxels || fail_errno(fail, "%s", source->name);
}

struct reader *channel_reader(struct reader *source, uint64_t number, struct fail *fail)
{
    static const struct reader_class class = {.read = channel_read,
                                              .skip = channel_skip,
                                              .rewind = reader_stack_rewind,
                                              .clone = channel_clone,
                                              .close = channel_close,
                                              .place = channel_place};
    struct channel *channel = reader_stack_create(sizeof *channel, &class, source, fail);
    if (!channel)
        return NULL;
    channel->number = number;
    if (set_up(channel, fail))
        return &channel->reader;
    reader_close(&channel->reader);
    return NULL;
}
