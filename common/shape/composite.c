#include "common/shape/composite.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"

#define VOXELS 4096 /* of the source read at once */

struct composite {
    struct reader reader;
    struct composite_channel channels[COMPOSITE_MAX];
    float *samples; /* of the source */
    float voxel[3]; /* the one whose colours are read next, where a read ends within it */
};

/* The level of a sample in its channel, 0 to 1. */
static float level_of(const struct composite_channel *channel, float v)
{
    double extent = channel->high - channel->low;
    double level = extent > 0 ? ((double)v - channel->low) / extent : (double)v > channel->low;
    return level > 0 ? level < 1 ? (float)level : 1 : 0; /* NaN is not above 0 */
}

static void mix(const struct composite *composite, const float *v, float rgb[3])
{
    float sum[3] = {0, 0, 0};
    for (size_t c = 0; c < composite->reader.source->volume.channels; c++) {
        float level = level_of(&composite->channels[c], v[c]);
        for (size_t k = 0; k < 3; k++)
            sum[k] += level * (float)composite->channels[c].colour[k] / 255;
    }
    for (size_t k = 0; k < 3; k++)
        rgb[k] = sum[k] < 1 ? sum[k] : 1;
}

/* The colours of the next voxels. */
static bool read_voxels(struct composite *composite, uint64_t count, float *rgb, struct fail *fail)
{
    size_t channels = composite->reader.source->volume.channels, n = count * channels;
    if (reader_read(composite->reader.source, composite->samples, n, fail) < n)
        return false;
    for (size_t i = 0; i < count; i++)
        mix(composite, composite->samples + i * channels, rgb + 3 * i);
    return true;
}

static size_t composite_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct composite *composite = (struct composite *)reader;
    for (size_t got = 0; got < n;) {
        size_t begun = (reader->at + got) % 3, whole = min_u64((n - got) / 3, VOXELS);
        if (begun == 0 && whole > 0) {
            if (!read_voxels(composite, whole, v + got, fail))
                return got;
            got += 3 * whole;
            continue;
        }
        if (begun == 0 && !read_voxels(composite, 1, composite->voxel, fail))
            return got;
        v[got++] = composite->voxel[begun];
    }
    return n;
}

static void composite_close(struct reader *reader)
{
    free(((struct composite *)reader)->samples);
    reader_stack_close(reader);
}

struct reader *composite_reader(const struct composite_channel *channels, struct reader *source,
                                struct fail *fail)
{
    static const struct reader_class class = {
        .read = composite_read, .rewind = reader_stack_rewind, .close = composite_close};
    struct composite *composite = reader_stack_create(sizeof *composite, &class, source, fail);
    if (!composite)
        return NULL;
    struct volume *volume = &composite->reader.volume;
    size_t count = volume->channels;
    memcpy(composite->channels, channels, count * sizeof *channels);
    composite->samples = malloc(VOXELS * count * sizeof *composite->samples);
    volume->channels = 3;
    volume->channel_kind = CHANNELS_RGB;
    if (composite->samples ? volume_set_window(volume, (const double[]){0, 1}, fail)
                           : fail_errno(fail, "%s", source->name))
        return &composite->reader;
    reader_close(&composite->reader);
    return NULL;
}
