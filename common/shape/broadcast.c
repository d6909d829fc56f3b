#include "common/shape/broadcast.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/stream/second_pass.h"

#define HELD_SAMPLES (1u << 20) /* at most: 4 MiB */

struct broadcast {
    struct reader reader;
    struct volume stored; /* the source's shape; nothing else */
    float *held;          /* all of its samples, or NULL */
};

static bool fits_axis(uint64_t size, uint64_t wanted)
{
    return size == 1 || size == wanted;
}

const struct reader *broadcast_model(struct reader *const *readers, size_t count, struct fail *fail)
{
    const struct reader *model = readers[0];
    for (size_t i = 1; i < count; i++)
        if (volume_samples(&readers[i]->volume) > volume_samples(&model->volume))
            model = readers[i];
    const struct volume *a = &model->volume;
    for (size_t i = 0; i < count; i++) {
        const struct volume *b = &readers[i]->volume;
        bool fits = fits_axis(b->channels, a->channels);
        for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
            fits = fits && fits_axis(b->size[axis], a->size[axis]);
        if (!fits) {
            fail_set(fail,
                     "%s: is %" PRIu64 " x %" PRIu64 " x %" PRIu64 " x %" PRIu64
                     " (planes, rows, columns, channels), but %s is %" PRIu64 " x %" PRIu64
                     " x %" PRIu64 " x %" PRIu64 ": expected these sizes, or 1 for all",
                     readers[i]->name, b->size[0], b->size[1], b->size[2], b->channels, model->name,
                     a->size[0], a->size[1], a->size[2], a->channels);
            return NULL;
        }
    }
    return model;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Stored samples from number `at` on. */
static bool fetch(struct broadcast *broadcast, uint64_t at, float *v, size_t n, struct fail *fail)
{
    struct reader *source = broadcast->reader.source;
    if (!broadcast->held)
        return reader_seek(source, at, fail) && reader_read(source, v, n, fail) == n;
    memcpy(v, broadcast->held + at, n * sizeof *v);
    return true;
}

/* The stored sample that stands for the first one of the row of sample `at`. */
static uint64_t stored_row(const struct broadcast *broadcast, uint64_t at)
{
    const struct volume *stored = &broadcast->stored;
    struct place place = volume_place(&broadcast->reader.volume, at);
    uint64_t plane = stored->size[AXIS_PLANE] > 1 ? place.plane : 0;
    uint64_t row = stored->size[AXIS_ROW] > 1 ? place.row : 0;
    return (plane * stored->size[AXIS_ROW] + row) * volume_row_samples(stored);
}

/* Reads n samples from number `first` of the row on, where one channel stands for several. */
static bool repeat_channel(struct broadcast *broadcast, uint64_t row, uint64_t first, float *v,
                           size_t n, struct fail *fail)
{
    uint64_t channels = broadcast->reader.volume.channels;
    bool one = broadcast->stored.size[AXIS_COLUMN] == 1;
    uint64_t column = one ? 0 : first / channels, phase = one ? 0 : first % channels;
    uint64_t each = one ? n : channels; /* samples that a stored one stands for */
    if (!fetch(broadcast, row + column, v, (phase + n - 1) / each + 1, fail))
        return false;
    for (size_t end = n, begin; end > 0;
         end = begin) { /* from the last one, not to overwrite any */
        uint64_t from = (phase + end - 1) / each;
        float sample = v[from];
        begin = from > 0 ? (size_t)(from * each - phase) : 0;
        for (size_t i = begin; i < end; i++)
            v[i] = sample;
    }
    return true;
}

/* The same of one stored voxel with all channels. */
static bool repeat_voxel(struct broadcast *broadcast, uint64_t row, uint64_t first, float *v,
                         size_t n, struct fail *fail)
{
    uint64_t channels = broadcast->stored.channels, phase = first % channels;
    size_t before = min_u64(n, channels - phase), after = min_u64(n - before, phase);
    if (!fetch(broadcast, row + phase, v, before, fail) ||
        (after > 0 && !fetch(broadcast, row, v + before, after, fail)))
        return false;
    for (size_t i = before + after; i < n; i++)
        v[i] = v[i - channels];
    return true;
}

/* Reads samples from number `at` on, as many as are stored or repeated together; 0 on failure. */
static size_t read_some(struct broadcast *broadcast, uint64_t at, float *v, size_t n,
                        struct fail *fail)
{
    const struct volume *stored = &broadcast->stored, *volume = &broadcast->reader.volume;
    uint64_t length = volume_row_samples(volume), first = at % length;
    uint64_t row = stored_row(broadcast, at);
    size_t in_row = samples_in_row(at, n, length);
    bool ok;
    if (volume_row_samples(stored) == length) { /* to the end of the plane where there are rows */
        bool rows = stored->size[AXIS_ROW] == volume->size[AXIS_ROW];
        in_row = rows ? samples_in_row(at, n, volume_plane_samples(volume)) : in_row;
        ok = fetch(broadcast, row + first, v, in_row, fail);
    } else if (stored->channels == volume->channels && stored->channels > 1) {
        ok = repeat_voxel(broadcast, row, first, v, in_row, fail);
    } else {
        ok = repeat_channel(broadcast, row, first, v, in_row, fail);
    }
    return ok ? in_row : 0;
}

static size_t broadcast_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct broadcast *broadcast = (struct broadcast *)reader;
    size_t done = 0, part = 1;
    for (; done < n && part > 0; done += part)
        part = read_some(broadcast, reader->at + done, v + done, n - done, fail);
    return done;
}

static void broadcast_close(struct reader *reader)
{
    free(((struct broadcast *)reader)->held);
    reader_stack_close(reader);
}

/* ---- opening -------------------------------------------------------------------------------- */

static void held_clone_close(struct reader *reader)
{
    free(reader);
}

/* What is held is the other reader's. */
static struct reader *clone_held(const struct broadcast *broadcast, struct fail *fail)
{
    static const struct reader_class class = {.read = broadcast_read,
                                              .skip = reader_at_skip,
                                              .rewind = reader_at_rewind,
                                              .close = held_clone_close};
    struct broadcast *clone = calloc(1, sizeof *clone);
    if (clone && volume_copy(&clone->reader.volume, &broadcast->reader.volume, fail)) {
        clone->reader.class = &class;
        clone->reader.name = broadcast->reader.name;
        clone->stored = broadcast->stored;
        clone->held = broadcast->held;
        return &clone->reader;
    }
    fail_errno(fail, "%s", broadcast->reader.name);
    free(clone);
    return NULL;
}

static struct broadcast *create(struct reader *source, const struct reader *model,
                                struct fail *fail);

static struct reader *broadcast_clone(struct reader *reader, struct fail *fail)
{
    struct broadcast *broadcast = (struct broadcast *)reader;
    if (broadcast->held)
        return clone_held(broadcast, fail);
    struct reader *source = reader_clone(reader->source, fail);
    return source ? (struct reader *)create(source, reader, fail) : NULL;
}

static struct broadcast *create(struct reader *source, const struct reader *model,
                                struct fail *fail)
{
    static const struct reader_class class = {.read = broadcast_read,
                                              .skip = reader_at_skip,
                                              .rewind = reader_at_rewind,
                                              .clone = broadcast_clone,
                                              .close = broadcast_close};
    struct broadcast *broadcast = reader_stack_create(sizeof *broadcast, &class, source, fail);
    if (!broadcast)
        return NULL;
    struct reader *reader = &broadcast->reader;
    volume_init(&broadcast->stored);
    memcpy(broadcast->stored.size, source->volume.size, sizeof source->volume.size);
    broadcast->stored.channels = source->volume.channels;
    reader->access = ACCESS_ANY;
    reader->clone_size = source->clone_size;
    volume_free(&reader->volume);
    if (volume_copy(&reader->volume, &model->volume, fail))
        return broadcast;
    reader_close(reader);
    return NULL;
}

static bool hold(struct broadcast *broadcast, struct fail *fail)
{
    struct reader *source = broadcast->reader.source;
    size_t n = (size_t)volume_samples(&source->volume);
    broadcast->held = malloc(n * sizeof *broadcast->held);
    return broadcast->held ? reader_read(source, broadcast->held, n, fail) == n
                           : fail_errno(fail, "%s", source->name);
}

struct reader *broadcast_reader(struct reader *source, const struct reader *model,
                                struct fail *fail)
{
    const struct volume *a = &source->volume, *b = &model->volume;
    if (a->channels == b->channels && memcmp(a->size, b->size, sizeof a->size) == 0)
        return source;
    bool is_small = volume_samples(&source->volume) <= HELD_SAMPLES;
    if (!is_small && !(source = second_pass_cloneable(source, fail)))
        return NULL;
    struct broadcast *broadcast = create(source, model, fail);
    if (!broadcast || !is_small || hold(broadcast, fail))
        return (struct reader *)broadcast;
    reader_close(&broadcast->reader);
    return NULL;
}
