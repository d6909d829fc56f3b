#include "common/shape/channel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"

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

const char *volume_channel_label(const struct volume *volume, uint64_t channel,
                                 char text[CHANNEL_LABEL_SIZE])
{
    char name[CHANNEL_NAME_SIZE] = "";
    if (volume)
        volume_channel_name(volume, channel, name);
    snprintf(text, CHANNEL_LABEL_SIZE, "channel %" PRIu64 "%s%s", channel, name[0] ? " " : "",
             name);
    return text;
}

/* ---- some of them ---------------------------------------------------------------------------- */

struct channels {
    struct reader reader;
    struct slice slice;
    uint64_t first, step;
    size_t most;   /* voxels read at once */
    float *voxels; /* of the source */
};

static uint64_t channels_place(const struct reader *reader, uint64_t at)
{
    const struct channels *channels = (const struct channels *)reader;
    uint64_t count = reader->volume.channels;
    return at / count * reader->source->volume.channels + channels->first +
           at % count * channels->step;
}

static bool go_to(struct reader *source, uint64_t sample, struct fail *fail)
{
    return sample == source->at || reader_skip(source, sample - source->at, fail);
}

/* Reads whole voxels, the first of which has sample number `at`; returns how many there were. */
static size_t read_voxels(const struct channels *channels, uint64_t at, float *v, size_t voxels,
                          struct fail *fail)
{
    struct reader *source = channels->reader.source;
    size_t step = channels->step, count = channels->reader.volume.channels,
           from = source->volume.channels;
    if (!go_to(source, at / count * from, fail))
        return 0;
    size_t got = reader_read(source, channels->voxels, voxels * from, fail) / from;
    const float *first = channels->voxels + channels->first;
    for (size_t c = 0; c < count; c++)
        for (size_t i = 0; i < got; i++)
            v[i * count + c] = first[i * from + c * step];
    return got;
}

/* A sample of a voxel that is not wanted whole. */
static size_t read_sample(const struct channels *channels, uint64_t at, float *v, struct fail *fail)
{
    return go_to(channels->reader.source, channels_place(&channels->reader, at), fail)
               ? reader_read(channels->reader.source, v, 1, fail)
               : 0;
}

static size_t channels_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    const struct channels *channels = (const struct channels *)reader;
    size_t count = reader->volume.channels;
    for (size_t done = 0, part, got; done < n; done += part) {
        uint64_t at = reader->at + done;
        size_t voxels = min_u64((n - done) / count, channels->most);
        bool whole = at % count == 0 && voxels > 0;
        part = whole ? voxels * count : 1;
        got = whole ? read_voxels(channels, at, v + done, voxels, fail) * count
                    : read_sample(channels, at, v + done, fail);
        if (got < part)
            return done + got;
    }
    return n;
}

/* To the beginning of a voxel, or further where some of it is read already. */
static bool channels_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    struct reader *source = reader->source;
    uint64_t end = reader->at + n;
    uint64_t voxel = end / reader->volume.channels * source->volume.channels;
    return end == volume_samples(&reader->volume) || voxel <= source->at ||
           go_to(source, voxel, fail);
}

static struct reader *channels_clone(struct reader *reader, struct fail *fail)
{
    const struct channels *channels = (const struct channels *)reader;
    struct reader *source = reader_clone(reader->source, fail);
    return source ? channels_reader(source, &channels->slice, fail) : NULL;
}

static void channels_close(struct reader *reader)
{
    free(((struct channels *)reader)->voxels);
    reader_stack_close(reader);
}

/* Of a list with an entry for each channel, the entries of those that are left. */
static bool keep_entries(struct channels *channels, const char *key, const char *separator,
                         struct fail *fail)
{
    const struct volume *from = &channels->reader.source->volume;
    struct volume *volume = &channels->reader.volume;
    const char *list = volume_value(from, key);
    size_t used = 0, length = 0;
    char *kept = malloc((list ? 3 * strlen(list) : 0) + 1);
    if (!kept)
        return fail_errno(fail, "%s", channels->reader.name);
    for (uint64_t c = 0; list && volume->channels > 1 && c < volume->channels; c++) {
        const char *text =
            entry(list, channels->first + c * channels->step, from->channels, &length);
        if (text)
            used +=
                (size_t)sprintf(kept + used, "%s%.*s", c > 0 ? separator : "", (int)length, text);
    }
    kept[used] = '\0';
    bool ok = set_or_drop(volume, key, kept, fail);
    free(kept);
    return ok;
}

/* What is known of those that are left: red, green and blue stay colours, one alone is gray. */
static void set_kind(struct channels *channels)
{
    struct volume *volume = &channels->reader.volume;
    bool colours = volume_is_colour(volume) && channels->first == 0 && channels->step == 1 &&
                   volume->channels >= 3;
    if (volume->channels == 1)
        volume->channel_kind = CHANNELS_NONE;
    else if (!colours)
        volume->channel_kind = CHANNELS_VECTOR;
    else if (volume->channels == 3)
        volume->channel_kind = CHANNELS_RGB;
}

static bool set_up(struct channels *channels, struct fail *fail)
{
    struct reader *reader = &channels->reader;
    const struct volume *from = &reader->source->volume;
    struct fail why = {.text = ""};
    if (from->channel_kind == CHANNELS_NONE)
        return fail_set(fail, "%s: channel %" PRId64 " of a volume without channels", reader->name,
                        channels->slice.start);
    if (!slice_apply(&channels->slice, from->channels, "channel", &channels->first,
                     &reader->volume.channels, &channels->step, &why))
        return fail_prefix(fail, &why, "%s", reader->name);
    set_kind(channels);
    if (reader->volume.channels < from->channels &&
        !(keep_entries(channels, NAMES, ", ", fail) && keep_entries(channels, COLOURS, ",", fail)))
        return false;
    channels->most = from->channels > BLOCK ? 1 : BLOCK / from->channels;
    size_t samples = channels->most * from->channels;
    reader_stack_access(reader, samples * sizeof(float));
    reader->decode_block = reader->decode_block / from->channels * reader->volume.channels;
    channels->voxels = malloc(samples * sizeof *channels->voxels);
    return channels->voxels || fail_errno(fail, "%s", reader->name);
}

struct reader *channels_reader(struct reader *source, const struct slice *slice, struct fail *fail)
{
    static const struct reader_class class = {.read = channels_read,
                                              .skip = channels_skip,
                                              .rewind = reader_stack_rewind,
                                              .clone = channels_clone,
                                              .close = channels_close,
                                              .place = channels_place};
    struct channels *channels = reader_stack_create(sizeof *channels, &class, source, fail);
    if (!channels)
        return NULL;
    channels->slice = *slice;
    if (set_up(channels, fail))
        return &channels->reader;
    reader_close(&channels->reader);
    return NULL;
}

struct reader *channel_reader(struct reader *source, uint64_t number, struct fail *fail)
{
    const struct slice one = {
        .has_start = true, .single = true, .start = (int64_t)number, .step = 1};
    return channels_reader(source, &one, fail);
}

struct reader *channel_clone(struct reader *source, uint64_t number, struct fail *fail)
{
    struct reader *clone = reader_clone(source, fail);
    return clone ? channel_reader(clone, number, fail) : NULL;
}
