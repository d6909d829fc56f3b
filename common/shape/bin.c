#include "common/shape/bin.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 65536 /* samples of the source read at once, and a voxel at least */

struct bin {
    struct reader reader;
    uint64_t factor[AXES];

    /* Means that are computed together: one row of them, or a plane where planes are averaged. The
     * samples they are made of follow one another in the source. */
    size_t band; /* means in it */
    double *sum;
    uint32_t *count;
    float *block;
    size_t block_samples;
};

uint64_t bin_count(uint64_t size, uint64_t factor)
{
    return (size - 1) / factor + 1;
}

static bool averages_planes(const struct bin *bin)
{
    return bin->factor[AXIS_PLANE] > 1;
}

/* Adds a part of one row of the source: whole voxels, the first of them in the given column. */
static void add_row_part(const struct bin *bin, size_t first, uint64_t column, const float *v,
                         size_t n)
{
    size_t channels = bin->reader.source->volume.channels;
    uint64_t factor = bin->factor[AXIS_COLUMN], filled = column % factor;
    double *sum = bin->sum + first + column / factor * channels;
    uint32_t *count = bin->count + first + column / factor * channels;
    for (const float *end = v + n; v < end; v += channels) {
        for (size_t c = 0; c < channels; c++) {
            bool number = !isnan(v[c]);
            sum[c] += number ? (double)v[c] : 0;
            count[c] += number;
        }
        if (++filled == factor) {
            filled = 0;
            sum += channels;
            count += channels;
        }
    }
}

/* Adds v[0..n), whose first sample is number `at` of the source. */
static void add_block(const struct bin *bin, uint64_t at, const float *v, size_t n)
{
    const struct volume *from = &bin->reader.source->volume;
    uint64_t row_samples = volume_row_samples(from);
    size_t means_row = volume_row_samples(&bin->reader.volume);
    while (n > 0) {
        struct place place = volume_place(from, at);
        uint64_t left = row_samples - at % row_samples;
        size_t part = left < n ? left : n;
        uint64_t row = averages_planes(bin) ? place.row / bin->factor[AXIS_ROW] : 0;
        add_row_part(bin, row * means_row, place.column, v, part);
        at += part;
        v += part;
        n -= part;
    }
}

/* The number of the first sample of the source after the band that begins with mean number `at`. */
static uint64_t band_end(const struct bin *bin, uint64_t at)
{
    const struct volume *from = &bin->reader.source->volume;
    struct place place = volume_place(&bin->reader.volume, at);
    uint64_t plane_samples = volume_plane_samples(from);
    uint64_t plane = place.plane * bin->factor[AXIS_PLANE];
    uint64_t planes = from->size[AXIS_PLANE] - plane, rows = from->size[AXIS_ROW];
    if (averages_planes(bin))
        return (plane + (planes < bin->factor[AXIS_PLANE] ? planes : bin->factor[AXIS_PLANE])) *
               plane_samples;
    uint64_t row = place.row * bin->factor[AXIS_ROW], end = row + bin->factor[AXIS_ROW];
    return plane * plane_samples + (end < rows ? end : rows) * volume_row_samples(from);
}

static bool fill_band(struct bin *bin, uint64_t at, struct fail *fail)
{
    uint64_t end = band_end(bin, at);
    memset(bin->sum, 0, bin->band * sizeof *bin->sum);
    memset(bin->count, 0, bin->band * sizeof *bin->count);
    while (bin->reader.source->at < end) {
        uint64_t from = bin->reader.source->at, left = end - from;
        size_t n = left < bin->block_samples ? left : bin->block_samples;
        if (reader_read(bin->reader.source, bin->block, n, fail) < n)
            return false;
        add_block(bin, from, bin->block, n);
    }
    return true;
}

static size_t bin_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct bin *bin = (struct bin *)reader;
    for (size_t i = 0; i < n; i++) {
        size_t in_band = ((reader->at + i) % bin->band);
        if (in_band == 0 && !fill_band(bin, reader->at + i, fail))
            return i;
        /* 0 / 0 is NaN: no sample was a number */
        v[i] = (float)(bin->sum[in_band] / bin->count[in_band]);
    }
    return n;
}

static void bin_close(struct reader *reader)
{
    struct bin *bin = (struct bin *)reader;
    free(bin->sum);
    free(bin->count);
    free(bin->block);
    reader_stack_close(reader);
}

/* A mean lies in the middle of its samples. */
static void move_origin(struct volume *volume, const uint64_t factor[AXES])
{
    for (size_t a = 0; a < AXES; a++) {
        if (factor[a] > 1 && isnan(volume->direction[a][0]))
            volume->origin[0] = NAN;
        for (size_t w = 0; w < 3 && !isnan(volume->direction[a][0]); w++) {
            volume->origin[w] += (double)(factor[a] - 1) / 2 * volume->direction[a][w];
            volume->direction[a][w] *= (double)factor[a];
        }
    }
}

static bool set_up(struct bin *bin, struct fail *fail)
{
    const struct volume *from = &bin->reader.source->volume;
    struct volume *volume = &bin->reader.volume;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        volume->size[a] = bin_count(from->size[a], bin->factor[a]);
    move_origin(volume, bin->factor);
    uint64_t band =
        averages_planes(bin) ? volume_plane_samples(volume) : volume_row_samples(volume);
    if (band <= SIZE_MAX / sizeof *bin->sum && from->channels <= SIZE_MAX / sizeof *bin->block) {
        size_t channels = from->channels;
        bin->band = band;
        bin->block_samples = channels > BLOCK ? channels : BLOCK - BLOCK % channels;
        bin->sum = malloc(bin->band * sizeof *bin->sum);
        bin->count = malloc(bin->band * sizeof *bin->count);
        bin->block = malloc(bin->block_samples * sizeof *bin->block);
    }
    return (bin->sum && bin->count && bin->block) ||
           fail_errno(fail, "%s: means of %" PRIu64 " samples", bin->reader.source->name, band);
}

struct reader *bin_reader(struct reader *source, const uint64_t factor[AXES], struct fail *fail)
{
    static const struct reader_class class = {
        .read = bin_read, .rewind = reader_stack_rewind, .close = bin_close};
    struct bin *bin = reader_stack_create(sizeof *bin, &class, source, fail);
    if (!bin)
        return NULL;
    memcpy(bin->factor, factor, sizeof bin->factor);
    if (set_up(bin, fail))
        return &bin->reader;
    reader_close(&bin->reader);
    return NULL;
}
