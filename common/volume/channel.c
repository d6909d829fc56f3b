#include "common/volume/channel.h"

#include <inttypes.h>
#include <stdlib.h>

#define BLOCK 16384 /* samples of the source read at once, and a voxel at least */

struct channel {
    struct reader reader;
    struct reader *source;
    uint64_t number;
    size_t block; /* samples: whole voxels */
    float *voxels;
};

static size_t channel_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct channel *channel = (struct channel *)reader;
    size_t step = (size_t)channel->source->volume.channels, most = channel->block / step;
    for (size_t done = 0; done < n;) {
        size_t wanted = n - done < most ? n - done : most;
        size_t got = reader_read(channel->source, channel->voxels, wanted * step, fail) / step;
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
    struct channel *channel = (struct channel *)reader;
    return reader_skip(channel->source, n * channel->source->volume.channels, fail);
}

static bool channel_rewind(struct reader *reader, struct fail *fail)
{
    return reader_rewind(((struct channel *)reader)->source, fail);
}

static const struct reader *channel_source(const struct reader *reader, uint64_t *at)
{
    const struct channel *channel = (const struct channel *)reader;
    *at = *at * channel->source->volume.channels + channel->number;
    return channel->source;
}

static struct reader *channel_twin(struct reader *reader, struct fail *fail)
{
    struct channel *channel = (struct channel *)reader;
    struct reader *source = reader_twin(channel->source, fail);
    return source ? channel_reader(source, channel->number, fail) : NULL;
}

static void channel_close(struct reader *reader)
{
    struct channel *channel = (struct channel *)reader;
    reader_close(channel->source);
    free(channel->voxels);
    free(channel);
}

static bool set_up(struct channel *channel, struct fail *fail)
{
    const struct volume *from = &channel->source->volume;
    if (!volume_copy(&channel->reader.volume, from, fail))
        return false;
    if (from->channel_kind == CHANNELS_NONE)
        return fail_set(fail, "%s: channel %" PRIu64 " of a volume without channels",
                        channel->source->name, channel->number);
    if (channel->number >= from->channels)
        return fail_set(fail, "%s: channel %" PRIu64 " is out of bounds: there are %" PRIu64,
                        channel->source->name, channel->number, from->channels);
    channel->reader.volume.channels = 1;
    channel->reader.volume.channel_kind = CHANNELS_NONE;
    channel->block =
        from->channels > BLOCK ? (size_t)from->channels : BLOCK - BLOCK % (size_t)from->channels;
    channel->voxels = malloc(channel->block * sizeof *channel->voxels);
    return channel->voxels || fail_errno(fail, "%s", channel->source->name);
}

struct reader *channel_reader(struct reader *source, uint64_t channel, struct fail *fail)
{
    static const struct reader_class class = {.read = channel_read,
                                              .skip = channel_skip,
                                              .rewind = channel_rewind,
                                              .close = channel_close,
                                              .source = channel_source,
                                              .twin = channel_twin};
    struct channel *created = calloc(1, sizeof *created);
    if (!created) {
        fail_errno(fail, "%s", source->name);
        reader_close(source);
        return NULL;
    }
    created->reader.class = &class;
    created->reader.name = source->name;
    created->reader.unit = source->unit / source->volume.channels;
    created->reader.twin_size = source->twin_size + BLOCK * sizeof(float);
    created->source = source;
    created->number = channel;
    if (set_up(created, fail))
        return &created->reader;
    reader_close(&created->reader);
    return NULL;
}
