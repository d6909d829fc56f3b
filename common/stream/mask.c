#include "common/stream/mask.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

struct mask {
    struct reader reader;
    struct reader *source, *mask;
    uint64_t left_out;
};

#define CHOSEN 1024 /* voxels at a time */

/* Spans are whole voxels (loop.h). */
static size_t mask_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct mask *mask = (struct mask *)reader;
    size_t each = reader->volume.channels / mask->mask->volume.channels;
    size_t got = reader_read(mask->source, v, n, fail);
    float chosen[CHOSEN];
    for (size_t begin = 0; begin < got;) {
        size_t voxels = (got - begin) / each;
        voxels = voxels < CHOSEN ? voxels : CHOSEN;
        if (voxels == 0 || reader_read(mask->mask, chosen, voxels, fail) < voxels)
            return begin;
        for (size_t i = 0; i < voxels * each; i++)
            if (chosen[i / each] == 0) {
                v[begin + i] = NAN;
                mask->left_out++;
            }
        begin += voxels * each;
    }
    return got;
}

static bool mask_skip(struct reader *reader, uint64_t n, struct fail *fail)
{
    struct mask *mask = (struct mask *)reader;
    uint64_t each = reader->volume.channels / mask->mask->volume.channels;
    bool ok = reader_skip(mask->source, n, fail) && reader_skip(mask->mask, n / each, fail);
    if (!ok)
        reader->at = mask->source->at;
    return ok;
}

static enum outcome mask_rewind(struct reader *reader, struct fail *fail)
{
    struct mask *mask = (struct mask *)reader;
    mask->left_out = 0;
    enum outcome outcome = reader_rewind(mask->source, fail);
    return outcome == OUTCOME_DONE ? reader_rewind(mask->mask, fail) : outcome;
}

static void mask_close(struct reader *reader)
{
    free(reader);
}

static bool same_shape(const struct volume *a, const struct volume *mask)
{
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        if (a->size[axis] != mask->size[axis])
            return false;
    return mask->channels == 1 || mask->channels == a->channels;
}

struct reader *mask_reader(struct reader *source, struct reader *mask, struct fail *fail)
{
    static const struct reader_class class = {
        .read = mask_read, .skip = mask_skip, .rewind = mask_rewind, .close = mask_close};
    const uint64_t *size = source->volume.size, *found = mask->volume.size;
    struct mask *reader = NULL;
    if (!same_shape(&source->volume, &mask->volume))
        fail_set(fail,
                 "%s: is %" PRIu64 " x %" PRIu64 " x %" PRIu64
                 " (planes, rows, columns), but the volume is %" PRIu64 " x %" PRIu64 " x %" PRIu64,
                 mask->name, found[0], found[1], found[2], size[0], size[1], size[2]);
    else if (!(reader = calloc(1, sizeof *reader)))
        fail_errno(fail, "%s", mask->name);
    if (!reader || !volume_copy(&reader->reader.volume, &source->volume, fail)) {
        free(reader);
        return NULL;
    }
    reader->reader.class = &class;
    reader->reader.name = source->name;
    reader->source = source;
    reader->mask = mask;
    return &reader->reader;
}

uint64_t mask_left_out(const struct reader *reader)
{
    return ((const struct mask *)reader)->left_out;
}
