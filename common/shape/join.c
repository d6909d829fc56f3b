#include "common/shape/join.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/volume/labels.h"
#include "common/volume/part.h"

#define BLOCK 65536
#define TOLERANCE 1e-4 /* of a step: places and steps may be rounded */

/* Samples come in rounds, to which each piece gives a run of its own. */
struct join {
    struct reader reader;
    struct reader **pieces;
    uint64_t *runs;
    size_t count;

    /* Where rounds are long: the piece that gives next, and how much is left of its run. */
    size_t piece;
    uint64_t left;

    /* Where rounds are short: several of them are put together. */
    float *block, *part; /* NULL where rounds are long */
    uint64_t round;      /* samples */
    uint64_t next;       /* sample that the next block begins with */
    struct ready ready;
};

/* ---- reading -------------------------------------------------------------------------------- */

/* Puts several rounds together. */
static bool make_block(struct reader *reader, struct fail *fail)
{
    struct join *join = (struct join *)reader;
    uint64_t left = volume_samples(&reader->volume) - join->next, first = 0;
    uint64_t rounds = min_u64(left, BLOCK) / join->round;
    for (size_t i = 0; i < join->count; i++) {
        uint64_t run = join->runs[i], n = rounds * run;
        if (reader_read(join->pieces[i], join->part, n, fail) < n)
            return false;
        for (uint64_t k = 0; k < rounds; k++)
            memcpy(join->block + k * join->round + first, join->part + k * run,
                   run * sizeof *join->block);
        first += run;
    }
    join->ready = (struct ready){join->block, rounds * join->round};
    join->next += join->ready.samples;
    return true;
}

static size_t read_long(struct join *join, float *v, size_t n, struct fail *fail)
{
    for (size_t got = 0, part; got < n; got += part) {
        while (join->left == 0) {
            join->piece = (join->piece + 1) % join->count;
            join->left = join->runs[join->piece];
        }
        part = min_u64(n - got, join->left);
        size_t read = reader_read(join->pieces[join->piece], v + got, part, fail);
        if (read < part)
            return got + read;
        join->left -= part;
    }
    return n;
}

static size_t join_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct join *join = (struct join *)reader;
    return join->block ? reader_pass_on(reader, &join->ready, make_block, v, n, fail)
                       : read_long(join, v, n, fail);
}

static struct reader *join_part(const struct reader *reader, size_t i)
{
    const struct join *join = (const struct join *)reader;
    return i < join->count ? join->pieces[i] : NULL;
}

static void join_close(struct reader *reader)
{
    struct join *join = (struct join *)reader;
    readers_close(join->pieces, join->count);
    free(join->pieces);
    free(join->runs);
    free(join->block);
    free(join->part);
    free(join);
}

/* ---- whether they fit ----------------------------------------------------------------------- */

static bool refuse(const struct reader *first, const struct reader *other, const char *what,
                   struct fail *fail)
{
    return fail_set(fail, "%s: %s than %s has", other->name, what, first->name);
}

static bool check_shape(const struct reader *first, const struct reader *other, enum join_axis axis,
                        struct fail *fail)
{
    const struct volume *a = &first->volume, *b = &other->volume;
    for (enum axis i = AXIS_PLANE; i < AXES; i++)
        if ((int)i != (int)axis && a->size[i] != b->size[i])
            return fail_set(fail, "%s: %" PRIu64 " %ss, but %s has %" PRIu64, other->name,
                            b->size[i], axis_names[i], first->name, a->size[i]);
    if (axis != JOIN_CHANNELS && (a->channels != b->channels || a->channel_kind != b->channel_kind))
        return refuse(first, other, "other channels", fail);
    return true;
}

static bool same_step(const double a[3], const double b[3])
{
    double length = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    if (isnan(a[0]) || isnan(b[0]))
        return isnan(a[0]) && isnan(b[0]);
    for (size_t w = 0; w < 3; w++)
        if (!(fabs(a[w] - b[w]) <= TOLERANCE * length))
            return false;
    return true;
}

static bool check_space(const struct reader *first, const struct reader *other, struct fail *fail)
{
    const struct volume *a = &first->volume, *b = &other->volume;
    for (enum axis i = AXIS_PLANE; i < AXES; i++) {
        if (!same_step(a->direction[i], b->direction[i]))
            return refuse(first, other, "another spacing or direction", fail);
        if (strcmp(a->unit[i], b->unit[i]) != 0)
            return refuse(first, other, "another unit", fail);
    }
    return strcmp(a->space, b->space) == 0 || refuse(first, other, "another space", fail);
}

/* Whether the piece begins `steps` steps behind the first one. */
static bool check_place(const struct reader *first, const struct reader *other, enum join_axis axis,
                        uint64_t steps, struct fail *fail)
{
    const struct volume *a = &first->volume, *b = &other->volume;
    const double *step = a->direction[axis == JOIN_CHANNELS ? JOIN_COLUMNS : axis];
    if (isnan(a->origin[0]) || isnan(b->origin[0]) || isnan(step[0]))
        return true;
    double length = sqrt(step[0] * step[0] + step[1] * step[1] + step[2] * step[2]), far = 0;
    for (size_t w = 0; w < 3; w++) {
        double end = a->origin[w] + (axis == JOIN_CHANNELS ? 0 : (double)steps) * step[w];
        far = fmax(far, fabs(b->origin[w] - end));
    }
    /* The error of the step adds up. */
    return far <= TOLERANCE * length * (double)(steps + 1) ||
           fail_set(fail,
                    "%s: does not begin where the volume before it ends, but %.6g steps from "
                    "there: give the pieces in order, or --any-place",
                    other->name, far / length);
}

/* Whether slabs that say which planes they are follow one another. */
static bool check_parts(struct reader *const *pieces, size_t count, struct fail *fail)
{
    struct part last, part;
    for (size_t i = 1; i < count; i++) {
        if (!volume_part(&pieces[i - 1]->volume, &last) || !volume_part(&pieces[i]->volume, &part))
            continue;
        if (part.of != last.of)
            return fail_set(fail, "%s: is part of %" PRIu64 " planes, but %s of %" PRIu64,
                            pieces[i]->name, part.of, pieces[i - 1]->name, last.of);
        if (part.first != last.end)
            return fail_set(fail,
                            "%s: begins with plane %" PRIu64 ", but %s ends before plane %" PRIu64
                            ": a slab is missing, twice or out of order (--any-place joins them)",
                            pieces[i]->name, part.first, pieces[i - 1]->name, last.end);
    }
    return true;
}

static bool check_pieces(struct reader *const *pieces, size_t count, enum join_axis axis,
                         bool any_place, struct fail *fail)
{
    uint64_t steps = 0;
    if (axis == JOIN_PLANES && !any_place && !check_parts(pieces, count, fail))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!check_shape(pieces[0], pieces[i], axis, fail) ||
            !check_space(pieces[0], pieces[i], fail) ||
            (!any_place && !check_place(pieces[0], pieces[i], axis, steps, fail)))
            return false;
        steps += axis == JOIN_CHANNELS ? 0 : pieces[i]->volume.size[axis];
    }
    return true;
}

/* ---- what is kept --------------------------------------------------------------------------- */

/* Ends *text behind the last whole line that other begins with as well. */
static void keep_common_lines(char *text, const char *other)
{
    size_t kept = 0;
    for (size_t i = 0;; i++) {
        bool ends = text[i] == '\0' || text[i] == '\n',
             other_ends = *other == '\0' || *other == '\n';
        if (ends && other_ends)
            kept = i;
        if (text[i] != *other || text[i] == '\0')
            break;
        other++;
    }
    text[kept] = '\0';
}

/* Whether another volume says the same. */
static bool agrees(const struct key_value *own, const struct volume *other)
{
    const char *theirs =
        own->is_field ? volume_field(other, own->key) : volume_value(other, own->key);
    return theirs && strcmp(theirs, own->value) == 0;
}

static bool keep_agreed(struct volume *volume, const struct volume *other, struct fail *fail)
{
    for (size_t i = 0; i < volume->key_value_count;) {
        struct key_value *own = &volume->key_values[i];
        bool history = !own->is_field && strcmp(own->key, "history") == 0;
        const char *theirs = history ? volume_value(other, "history") : NULL;
        if (theirs)
            keep_common_lines(own->value, theirs);
        if ((theirs && own->value[0] != '\0') || (!history && agrees(own, other))) {
            i++;
            continue;
        }
        char key[256];
        snprintf(key, sizeof key, "%s", own->key);
        if (!(own->is_field ? volume_set_field(volume, key, NULL, fail)
                            : volume_set_value(volume, key, NULL, fail)))
            return false;
    }
    return true;
}

/* Which planes slabs are together; nothing where they do not all say so and follow one another. */
static bool join_parts(struct join *join, struct fail *fail)
{
    struct part first, part;
    bool all = volume_part(&join->pieces[0]->volume, &first);
    for (size_t i = 1; all && i < join->count; i++) {
        all = volume_part(&join->pieces[i]->volume, &part) && part.of == first.of &&
              part.first == first.end;
        first.end = part.end;
    }
    return all ? volume_set_part(&join->reader.volume, &first, fail)
               : volume_drop_part(&join->reader.volume, fail);
}

/* Labels of all pieces are labels up to the largest. */
static bool join_labels(struct join *join, struct fail *fail)
{
    uint32_t largest = 0, one;
    for (size_t i = 0; i < join->count; i++) {
        if (!volume_labels(&join->pieces[i]->volume, &one))
            return true;
        largest = one > largest ? one : largest;
    }
    return volume_set_labels(&join->reader.volume, largest, fail);
}

static bool set_volume(struct join *join, enum join_axis axis, struct fail *fail)
{
    struct volume *volume = &join->reader.volume;
    for (size_t i = 1; i < join->count; i++) {
        const struct volume *other = &join->pieces[i]->volume;
        uint64_t more = axis == JOIN_CHANNELS ? other->channels : other->size[axis];
        if (!add_u64(axis == JOIN_CHANNELS ? &volume->channels : &volume->size[axis], more))
            return fail_set(fail, "the joined volume is too large");
        if (!keep_agreed(volume, other, fail))
            return false;
    }
    if (axis == JOIN_CHANNELS)
        volume->channel_kind = CHANNELS_VECTOR;
    if (axis == JOIN_PLANES && !join_parts(join, fail))
        return false;
    return join_labels(join, fail) &&
           (volume_fits(volume) || fail_set(fail, "the joined volume is too large"));
}

/* ---- setting up ----------------------------------------------------------------------------- */

static uint64_t run_of(const struct volume *volume, enum join_axis axis)
{
    return axis == JOIN_PLANES    ? volume_samples(volume)
           : axis == JOIN_ROWS    ? volume_plane_samples(volume)
           : axis == JOIN_COLUMNS ? volume_row_samples(volume)
                                  : volume->channels;
}

static bool allocate(struct join *join, struct fail *fail)
{
    if (join->round > BLOCK)
        return true;
    join->block = malloc(BLOCK * sizeof *join->block);
    join->part = malloc(BLOCK * sizeof *join->part);
    return (join->block && join->part) || fail_errno(fail, "%s", join->reader.name);
}

static bool set_up(struct join *join, struct reader *const *pieces, size_t count,
                   enum join_axis axis, struct fail *fail)
{
    join->pieces = malloc(count * sizeof *join->pieces);
    join->runs = malloc(count * sizeof *join->runs);
    if (!join->pieces || !join->runs)
        return fail_errno(fail, "%zu volumes", count);
    for (size_t i = 0; i < count; i++) {
        join->pieces[i] = pieces[i];
        join->runs[i] = run_of(&pieces[i]->volume, axis);
        join->round += join->runs[i];
    }
    join->count = count;
    join->left = join->runs[0];
    return set_volume(join, axis, fail) && allocate(join, fail);
}

struct reader *join_reader(struct reader *const *pieces, size_t count, enum join_axis axis,
                           bool any_place, struct fail *fail)
{
    static const struct reader_class class = {
        .read = join_read, .close = join_close, .part = join_part};
    if (!check_pieces(pieces, count, axis, any_place, fail)) {
        readers_close(pieces, count);
        return NULL;
    }
    struct join *join = reader_stack_create(sizeof *join, &class, pieces[0], fail);
    if (!join) { /* the first one is closed */
        readers_close(pieces + 1, count - 1);
        return NULL;
    }
    if (set_up(join, pieces, count, axis, fail))
        return &join->reader;
    if (join->count == 0)
        readers_close(pieces, count);
    reader_close(&join->reader);
    return NULL;
}
