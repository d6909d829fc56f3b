#include "common/shape/crop.h"

#include <stdlib.h>
#include <string.h>

#include "common/stream/loop.h"
#include "common/volume/part.h"

struct crop {
    struct reader reader;
    struct slice slice[AXES];
    uint64_t first[AXES], step[AXES];
    float *gathered; /* a part of a row, where columns are left out between others */
};

/* The number in the source of sample number `at` of the part. */
static uint64_t source_sample(const struct crop *crop, uint64_t at)
{
    const struct volume *from = &crop->reader.source->volume;
    struct place place = volume_place(&crop->reader.volume, at);
    uint64_t plane = crop->first[AXIS_PLANE] + place.plane * crop->step[AXIS_PLANE];
    uint64_t row = crop->first[AXIS_ROW] + place.row * crop->step[AXIS_ROW];
    uint64_t column = crop->first[AXIS_COLUMN] + place.column * crop->step[AXIS_COLUMN];
    return ((plane * from->size[AXIS_ROW] + row) * from->size[AXIS_COLUMN] + column) *
               from->channels +
           place.channel;
}

static bool takes_all(const struct crop *crop, enum axis axis)
{
    return crop->step[axis] == 1 &&
           crop->reader.volume.size[axis] == crop->reader.source->volume.size[axis];
}

/* How many samples of the part, from number `at` on, follow one another in the source. */
static uint64_t run_length(const struct crop *crop, uint64_t at)
{
    const struct volume *part = &crop->reader.volume;
    uint64_t row = volume_row_samples(part), plane = volume_plane_samples(part);
    if (crop->step[AXIS_COLUMN] > 1)
        return part->channels - at % part->channels;
    if (!takes_all(crop, AXIS_COLUMN) || crop->step[AXIS_ROW] > 1)
        return row - at % row;
    if (!takes_all(crop, AXIS_ROW) || crop->step[AXIS_PLANE] > 1)
        return plane - at % plane;
    return volume_samples(part) - at;
}

static bool go_to(struct crop *crop, uint64_t sample, struct fail *fail)
{
    return sample == crop->reader.source->at ||
           reader_skip(crop->reader.source, sample - crop->reader.source->at, fail);
}

/* Reads a part of one row at once and picks every step-th column. Returns how many samples of the
 * part that gave. */
static size_t gather(struct crop *crop, uint64_t at, float *v, size_t n, struct fail *fail)
{
    const struct volume *part = &crop->reader.volume;
    uint64_t channels = part->channels, voxel = channels * crop->step[AXIS_COLUMN];
    uint64_t left = (volume_row_samples(part) - at % volume_row_samples(part)) / channels;
    uint64_t max = LOOP_BLOCK / voxel, wanted = n / channels;
    uint64_t voxels = left < max ? left : max;
    voxels = wanted < voxels ? wanted : voxels;
    size_t length = ((voxels - 1) * voxel + channels);
    if (reader_read(crop->reader.source, crop->gathered, length, fail) < length)
        return 0;
    for (uint64_t i = 0; i < voxels; i++)
        for (uint64_t c = 0; c < channels; c++)
            v[i * channels + c] = crop->gathered[i * voxel + c];
    return (voxels * channels);
}

static bool gathers(const struct crop *crop, uint64_t at, size_t n)
{
    uint64_t channels = crop->reader.volume.channels;
    return crop->gathered && crop->step[AXIS_COLUMN] * channels <= LOOP_BLOCK / 2 &&
           at % channels == 0 && n >= channels;
}

static size_t crop_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct crop *crop = (struct crop *)reader;
    size_t got = 0;
    while (got < n) {
        uint64_t at = reader->at + got;
        if (!go_to(crop, source_sample(crop, at), fail))
            return got;
        size_t part;
        if (gathers(crop, at, n - got)) {
            part = gather(crop, at, v + got, n - got, fail);
            if (part == 0)
                return got;
        } else {
            uint64_t run = run_length(crop, at);
            part = run < n - got ? run : n - got;
            size_t read = reader_read(crop->reader.source, v + got, part, fail);
            if (read < part)
                return got + read;
        }
        got += part;
    }
    return got;
}

static bool crop_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    struct crop *crop = (struct crop *)reader;
    uint64_t end = reader->at + n;
    return end == volume_samples(&reader->volume) || go_to(crop, source_sample(crop, end), fail);
}

static uint64_t crop_place(const struct reader *reader, uint64_t at)
{
    return source_sample((const struct crop *)reader, at);
}

static struct reader *crop_clone(struct reader *reader, struct fail *fail)
{
    struct crop *crop = (struct crop *)reader;
    struct reader *source = reader_clone(crop->reader.source, fail);
    return source ? crop_reader(source, crop->slice, fail) : NULL;
}

static void crop_close(struct reader *reader)
{
    free(((struct crop *)reader)->gathered);
    reader_stack_close(reader);
}

/* Notes which planes it has, where these follow one another. */
static bool note_part(struct crop *crop, struct fail *fail)
{
    struct volume *volume = &crop->reader.volume;
    struct part part;
    if (!volume_part(&crop->reader.source->volume, &part))
        return true;
    part.first += crop->first[AXIS_PLANE];
    part.end = part.first + volume->size[AXIS_PLANE];
    return crop->step[AXIS_PLANE] == 1 ? volume_set_part(volume, &part, fail)
                                       : volume_drop_part(volume, fail);
}

static bool set_part(struct crop *crop, const struct slice slice[AXES], struct fail *fail)
{
    const struct volume *from = &crop->reader.source->volume;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        if (!slice_apply(&slice[a], from->size[a], axis_names[a], &crop->first[a],
                         &crop->reader.volume.size[a], &crop->step[a], fail))
            return false;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        volume_take_steps(&crop->reader.volume, a, (double)crop->first[a], (double)crop->step[a]);
    if (!note_part(crop, fail))
        return false;
    reader_stack_access(&crop->reader, 0);
    if (crop->reader.access == ACCESS_BLOCKS &&
        !(takes_all(crop, AXIS_ROW) && takes_all(crop, AXIS_COLUMN)))
        crop->reader.access = ACCESS_IN_ORDER; /* blocks would be cut */
    return true;
}

struct reader *crop_reader(struct reader *source, const struct slice slice[AXES], struct fail *fail)
{
    static const struct reader_class class = {.read = crop_read,
                                              .skip = crop_skip,
                                              .rewind = reader_stack_rewind,
                                              .close = crop_close,
                                              .place = crop_place,
                                              .clone = crop_clone};
    struct crop *crop = reader_stack_create(sizeof *crop, &class, source, fail);
    if (!crop)
        return NULL;
    memcpy(crop->slice, slice, sizeof crop->slice);
    bool ok = set_part(crop, slice, fail);
    if (ok && crop->step[AXIS_COLUMN] > 1) {
        crop->gathered = malloc(LOOP_BLOCK * sizeof *crop->gathered);
        ok = crop->gathered || fail_errno(fail, "%s", source->name);
    }
    if (ok)
        return &crop->reader;
    reader_close(&crop->reader);
    return NULL;
}

struct reader *crop_slab(struct reader *source, const struct part_choice *choice, struct fail *fail)
{
    struct slice slices[AXES] = {{0}};
    struct part part, of;
    if (!part_planes(choice, source->volume.size[AXIS_PLANE], &part, fail)) {
        reader_close(source);
        return NULL;
    }
    slices[AXIS_PLANE] = (struct slice){.has_start = true,
                                        .has_stop = true,
                                        .start = (int64_t)part.first,
                                        .stop = (int64_t)part.end,
                                        .step = 1};
    bool has_note = volume_part(&source->volume, &of);
    struct reader *slab = crop_reader(source, slices, fail);
    if (!slab || has_note || volume_set_part(&slab->volume, &part, fail))
        return slab;
    reader_close(slab);
    return NULL;
}
