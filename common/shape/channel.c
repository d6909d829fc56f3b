#include "common/shape/channel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 16384 /* samples of the source read at once, and a voxel at least */

/* ---- names and colours ----------------------------------------------------------------------- */

#define NAMES "channel names"
#define COLOURS "channel colours"

static bool set_or_drop(struct volume *volume, const char *key, const char *text, struct fail *fail)
{
    bool drops = text[0] == '\0';
    return (drops && !volume_value(volume, key)) ||
           volume_set_value(volume, key, drops ? NULL : text, fail);
}

bool volume_set_channels(struct volume *volume, const char *names, const char *colours,
                         struct fail *fail)
{
    return set_or_drop(volume, NAMES, names, fail) && set_or_drop(volume, COLOURS, colours, fail);
}

/* Entry number i of a list with commas; *length: how long it is. NULL: there are not `count`. */
static const char *entry(const char *list, uint64_t i, uint64_t count, size_t *length)
{
    const char *found = NULL;
    uint64_t entries = 0;
    for (const char *at = list; at; entries++) {
        size_t n = strcspn(at, ",");
        if (entries == i) {
            found = at + strspn(at, " ");
            *length = n - (size_t)(found - at);
        }
        at = at[n] == ',' ? at + n + 1 : NULL;
    }
    return entries == count ? found : NULL;
}

bool volume_channel_colours(const struct volume *volume, unsigned char (*colours)[3])
{
    const char *list = volume_value(volume, COLOURS);
    bool ok = list != NULL;
    for (uint64_t c = 0; ok && c < volume->channels; c++) {
        size_t length = 0;
        int end = 0;
        const char *text = entry(list, c, volume->channels, &length);
        ok = text && length == 6 &&
             sscanf(text, "%2hhx%2hhx%2hhx%n", &colours[c][0], &colours[c][1], &colours[c][2],
                    &end) == 3 &&
             end == 6;
    }
    return ok;
}

const char *volume_channel_name(const struct volume *volume, uint64_t channel,
                                char text[CHANNEL_NAME_SIZE])
{
    const char *list = volume_value(volume, NAMES);
    size_t length = 0;
    const char *name = list ? entry(list, channel, volume->channels, &length) : NULL;
    snprintf(text, CHANNEL_NAME_SIZE, "%.*s", name ? (int)length : 0, name ? name : "");
    return text;
}

/* ---- one of them ----------------------------------------------------------------------------- */

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
    if (!volume_set_channels(&reader->volume, "", "", fail))
        return false;
    reader->volume.channels = 1;
    reader->volume.channel_kind = CHANNELS_NONE;
    reader_stack_access(reader, BLOCK * sizeof(float));
    reader->decode_block /= from->channels;
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
