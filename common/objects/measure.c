/* Labels are taken as runs. A run adds to its object's voxels, places and box by a few
 * multiplications. Surfaces lie at corners of voxels: eight voxels meet at each, and which of them
 * are in an object says what the corner adds to its Euler number and to the crossings in each
 * direction, by two tables of 256. Where eight voxels are alike it adds nothing, and along rows the
 * same eight meet many times: so only the places where one of four rows of runs changes cost time.
 *
 * Euler number: corners less edges plus faces less cubes of the object as a set of closed cubes.
 * The corner, and of its edges, faces and cubes those behind it, are counted where the eight voxels
 * meet; each is there once.
 *
 * Samples in a run are added as integers: mantissas, shifted by what their exponents are above the
 * smallest one in the run, in 128 bits. Where exponents lie further apart, one by one. */
#include "common/objects/measure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/kernel/bits.h"
#include "common/stream/loop.h"
#include "common/text/number.h"
#include "common/volume/labels.h"

#define PAGE 4096
#define PAGES (LABELS_MAX / PAGE + 1)

/* ---- objects ---- */

bool objects_init(struct objects *objects, size_t intensities)
{
    *objects = (struct objects){.index = calloc(PAGES, sizeof *objects->index),
                                .intensities = intensities};
    return objects->index;
}

void objects_free(struct objects *objects)
{
    for (size_t i = 0; objects->index && i < PAGES; i++)
        free(objects->index[i]);
    free(objects->index);
    free(objects->object);
    free(objects->intensity);
    *objects = (struct objects){.index = NULL};
}

size_t objects_find(struct objects *objects, uint32_t label)
{
    uint32_t **page = &objects->index[label / PAGE];
    if (!*page && !(*page = calloc(PAGE, sizeof **page)))
        return SIZE_MAX;
    uint32_t *index = &(*page)[label % PAGE];
    if (*index > 0)
        return *index - 1;
    size_t count = objects->count + 1, intensities = count * objects->intensities;
    if (!array_reserve(objects->object, &objects->capacity, count) ||
        (intensities > 0 &&
         !array_reserve(objects->intensity, &objects->intensity_capacity, intensities)))
        return SIZE_MAX;
    struct object *object = &objects->object[count - 1];
    *object = (struct object){.label = label};
    for (enum axis axis = 0; axis < AXES; axis++)
        object->first[axis] = UINT64_MAX;
    for (size_t i = intensities - objects->intensities; i < intensities; i++)
        objects->intensity[i] = (struct intensity){.minimum = INFINITY, .maximum = -INFINITY};
    *index = (uint32_t)count;
    objects->count = count;
    return count - 1;
}

bool objects_next(const struct objects *objects, uint32_t *label, size_t *at)
{
    for (uint32_t next = *label + 1; next <= LABELS_MAX; next++) {
        const uint32_t *page = objects->index[next / PAGE];
        if (!page) {
            next |= PAGE - 1; /* the last one of the page */
            continue;
        }
        if (page[next % PAGE] == 0)
            continue;
        *label = next;
        *at = page[next % PAGE] - 1;
        return true;
    }
    return false;
}

void object_add(struct object *to, const struct object *part)
{
    to->faces |= part->faces;
    to->voxels += part->voxels;
    to->euler += part->euler;
    for (enum axis axis = 0; axis < AXES; axis++) {
        to->first[axis] = part->first[axis] < to->first[axis] ? part->first[axis] : to->first[axis];
        to->end[axis] = part->end[axis] > to->end[axis] ? part->end[axis] : to->end[axis];
        to->places[axis] += part->places[axis];
    }
    for (int k = 0; k < DIRECTIONS; k++)
        to->crossings[k] += part->crossings[k];
}

void intensity_add(struct intensity *to, const struct intensity *part)
{
    to->nans += part->nans;
    to->minimum = fminf(to->minimum, part->minimum);
    to->maximum = fmaxf(to->maximum, part->maximum);
    moments_add(&to->moments, &part->moments);
    for (enum axis axis = 0; axis < AXES; axis++)
        int768_add(&to->places[axis], &part->places[axis]);
}

/* ---- surfaces ---- */

/* Voxels that meet at a corner: bit 4 * plane + 2 * row + column, each 0 for the one before and 1
 * for the one behind. What an object adds that has the voxels of a mask: */
struct corner {
    signed char euler;
    uint16_t crossings; /* a bit for each direction */
};

static void fill_corners(struct corner corners[256])
{
    /* The voxels around each edge and face behind the corner. */
    static const unsigned char edges[] = {0xaa, 0xcc, 0xf0}, faces[] = {0x88, 0xa0, 0xc0};
    for (unsigned mask = 0; mask < 256; mask++) {
        int euler = mask != 0;
        for (int i = 0; i < 3; i++)
            euler += ((mask & faces[i]) != 0) - ((mask & edges[i]) != 0);
        euler -= (mask & 0x80) != 0;
        corners[mask] = (struct corner){.euler = (signed char)euler};
        for (int k = 0; k < DIRECTIONS; k++) {
            unsigned to = 0, from = 0;
            for (int axis = 0; axis < AXES; axis++) {
                int step = neighbour_steps[k][axis];
                to = to << 1 | (step >= 0);
                from = from << 1 | (step <= 0);
            }
            if ((mask >> to & 1) != (mask >> from & 1))
                corners[mask].crossings |= (uint16_t)(1u << k);
        }
    }
}

/* Adds the corner at which voxels with these labels meet, `times` times. */
static bool add_corner(struct objects *objects, const struct corner corners[256],
                       const uint32_t labels[8], uint64_t times)
{
    unsigned left = 0xff;
    for (unsigned i = 0; i < 8; i++) {
        unsigned mask = 0;
        if (!(left >> i & 1) || labels[i] == 0)
            continue;
        for (unsigned k = i; k < 8; k++)
            mask |= (unsigned)(labels[k] == labels[i]) << k;
        left &= ~mask;
        if (mask == 0xff)
            return true;
        size_t at = objects_find(objects, labels[i]);
        if (at == SIZE_MAX)
            return false;
        struct object *object = &objects->object[at];
        object->euler += corners[mask].euler * (int64_t)times;
        for (unsigned k = corners[mask].crossings; k != 0; k &= k - 1)
            object->crossings[__builtin_ctz(k)] += times;
    }
    return true;
}

struct row_of_runs {
    const struct run *run, *end;
};

static struct row_of_runs row_of(const struct plane_runs *plane, uint64_t row, bool there)
{
    if (!plane || !there)
        return (struct row_of_runs){NULL, NULL};
    return (struct row_of_runs){plane->runs.run + plane->ends[row],
                                plane->runs.run + plane->ends[row + 1]};
}

/* Adds the corners between four rows: two of the plane before, two of the plane. */
static bool add_corners(struct objects *objects, const struct corner corners[256],
                        struct row_of_runs rows[4], uint64_t columns)
{
    uint32_t labels[8] = {0}, alike[8];
    for (uint64_t x = 0;;) {
        uint64_t next = columns;
        for (int k = 0; k < 4; k++) {
            struct row_of_runs *row = &rows[k];
            while (row->run < row->end && row->run->end <= x)
                row->run++;
            bool left = row->run < row->end, inside = left && row->run->begin <= x;
            uint64_t change = !left ? columns : inside ? row->run->end : row->run->begin;
            next = change < next ? change : next;
            labels[2 * k + 1] = inside ? row->run->number : 0;
            alike[2 * k] = alike[2 * k + 1] = labels[2 * k + 1];
        }
        if (!add_corner(objects, corners, labels, 1))
            return false;
        if (x == columns)
            return true;
        if (next > x + 1 && !add_corner(objects, corners, alike, next - x - 1))
            return false;
        for (int k = 0; k < 4; k++)
            labels[2 * k] = labels[2 * k + 1];
        x = next;
    }
}

bool measure_between(struct objects *objects, const struct plane_runs *before,
                     const struct plane_runs *plane, uint64_t columns)
{
    struct corner corners[256];
    uint64_t rows = before ? before->rows : plane->rows;
    fill_corners(corners);
    for (uint64_t row = 0; row <= rows; row++) {
        struct row_of_runs four[4] = {
            row_of(before, row - 1, row > 0), row_of(before, row, row < rows),
            row_of(plane, row - 1, row > 0), row_of(plane, row, row < rows)};
        bool empty = true;
        for (int k = 0; k < 4; k++)
            empty = empty && four[k].run == four[k].end;
        if (!empty && !add_corners(objects, corners, four, columns))
            return false;
    }
    return true;
}

/* ---- runs and samples ---- */

struct measuring {
    struct objects *objects;
    struct reader *labels, *const *volumes;
    struct part part;
    struct measured_faces *faces;
    struct plane_runs plane, before;
    size_t checked; /* runs of the plane whose labels are found to be some */
    float *samples; /* of a volume */
    uint64_t largest;
};

static bool is_no_label(const struct measuring *measuring, float value, uint64_t at,
                        struct fail *fail)
{
    char place[PLACE_SIZE], number[NUMBER_SIZE] = "nan", range[48];
    bool is_fraction = value > 0 && value != floorf(value);
    const char *advice = value < 1 ? " (those of a TIFF are read with tiff2vol --raw)" : "";
    if (!isnan(value))
        number_text_float(value, number);
    snprintf(range, sizeof range, "they go from 0 to %" PRIu64, measuring->largest);
    return fail_set(fail, "%s: sample %s at %s is no label: %s%s", measuring->labels->name, number,
                    reader_place(measuring->labels, at, place),
                    is_fraction ? "labels are whole numbers" : range, is_fraction ? advice : "");
}

/* Makes numbers of the values of new runs. */
static bool check_labels(struct measuring *measuring, struct place row, struct fail *fail)
{
    struct runs *runs = &measuring->plane.runs;
    const struct volume *volume = &measuring->labels->volume;
    for (; measuring->checked < runs->count; measuring->checked++) {
        struct run *run = &runs->run[measuring->checked];
        if (!(run->value >= 0 && (double)run->value <= (double)measuring->largest &&
              run->value == floorf(run->value)))
            return is_no_label(measuring, run->value,
                               row.plane * volume_plane_samples(volume) +
                                   row.row * volume_row_samples(volume) + run->begin,
                               fail);
        run->number = (uint32_t)run->value;
    }
    return true;
}

/* The sum of the indices first to end - 1. */
static uint64_t sum_of_indices(uint64_t first, uint64_t end)
{
    uint64_t n = end - first, twice = first + end - 1;
    return n % 2 == 0 ? n / 2 * twice : n * (twice / 2);
}

static bool add_run(struct measuring *measuring, const struct run *run, struct place row)
{
    const struct volume *volume = &measuring->labels->volume;
    size_t at = objects_find(measuring->objects, run->number);
    if (at == SIZE_MAX)
        return false;
    uint64_t n = run->end - run->begin, plane = measuring->part.first + row.plane;
    struct object part = {.voxels = n,
                          .first = {plane, row.row, run->begin},
                          .end = {plane + 1, row.row + 1, run->end},
                          .places = {n * plane, n * row.row, sum_of_indices(run->begin, run->end)}};
    const uint64_t sizes[AXES] = {measuring->part.of, volume->size[AXIS_ROW],
                                  volume->size[AXIS_COLUMN]};
    for (enum axis axis = 0; axis < AXES; axis++)
        part.faces |= (uint8_t)((part.first[axis] == 0) << 2 * axis |
                                (part.end[axis] == sizes[axis]) << (2 * axis + 1));
    object_add(&measuring->objects->object[at], &part);
    return true;
}

__extension__ typedef __int128 int128;

static void add_signed(struct int768 *to, int128 number, unsigned shift)
{
    if (number < 0)
        int768_negate(to);
    int768_add_shifted(to, (uint128)(number < 0 ? -number : number), shift);
    if (number < 0)
        int768_negate(to);
}

/* A float is sign * mantissa * 2^(shift - 149). */
static unsigned shift_of(float value)
{
    unsigned exponent = bits_of(value) >> 23 & 255;
    return exponent > 0 ? exponent - 1 : 0;
}

static int64_t mantissa_of(float value)
{
    uint32_t bits = bits_of(value);
    int64_t mantissa = (bits & 0x7fffff) | ((bits >> 23 & 255) > 0 ? 1 << 23 : 0);
    return bits & BITS_SIGN ? -mantissa : mantissa;
}

/* So many samples, whose exponents differ by so much, keep all sums below in 127 bits: a sample has
 * 24 + 24 bits, its square 96, its product with an index 80, and 2^12 of them 12 more. */
#define SPREAD 24
#define TOGETHER 4096

/* Adds samples side by side in a row, the first in this column, that are neither NaN nor infinite.
 */
static void add_samples(struct intensity *to, const float *v, size_t n, const uint64_t place[AXES])
{
    unsigned low = 255, high = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned shift = shift_of(v[i]);
        low = v[i] != 0 && shift < low ? shift : low;
        high = v[i] != 0 && shift > high ? shift : high;
        to->minimum = v[i] < to->minimum ? v[i] : to->minimum;
        to->maximum = v[i] > to->maximum ? v[i] : to->maximum;
    }
    if (low > high)
        return; /* all are 0 */
    if (high - low > SPREAD && n > 1) {
        const uint64_t middle[AXES] = {place[0], place[1], place[2] + n / 2};
        add_samples(to, v, n / 2, place);
        add_samples(to, v + n / 2, n - n / 2, middle);
        return;
    }
    int128 sum = 0, squares = 0, columns = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i] == 0)
            continue;
        int64_t value = mantissa_of(v[i]) * ((int64_t)1 << (shift_of(v[i]) - low));
        sum += value;
        squares += (int128)value * value;
        columns += (int128)value * (int64_t)i;
    }
    add_signed(&to->moments.sum, sum, low);
    add_signed(&to->moments.squares, squares, 2 * low);
    add_signed(&to->places[AXIS_PLANE], sum * (int64_t)place[AXIS_PLANE], low);
    add_signed(&to->places[AXIS_ROW], sum * (int64_t)place[AXIS_ROW], low);
    add_signed(&to->places[AXIS_COLUMN], columns + sum * (int64_t)place[AXIS_COLUMN], low);
}

/* Adds v[0..n), of which the first is sample number `at`. */
static bool add_run_samples(struct intensity *to, const struct reader *volume, const float *v,
                            size_t n, uint64_t at, uint64_t first_plane, struct fail *fail)
{
    struct place begin = volume_place(&volume->volume, at);
    for (size_t i = 0, end; i < n; i = end) {
        end = i;
        while (end < n && end - i < TOGETHER && isfinite(v[end]))
            end++;
        const uint64_t place[AXES] = {first_plane + begin.plane, begin.row, begin.column + i};
        add_samples(to, v + i, end - i, place);
        if (end == i && isinf(v[end]))
            return reader_refuse_infinite(volume, at + end, "", fail);
        if (end == i) {
            to->nans++;
            end++;
        }
    }
    return true;
}

/* Adds the samples of a row's span, from sample number `at` on, that lie in its runs from the given
 * one on. */
static bool add_span_samples(struct measuring *measuring, size_t intensity, size_t first,
                             const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct objects *objects = measuring->objects;
    const struct runs *runs = &measuring->plane.runs;
    uint64_t column = volume_place(&measuring->labels->volume, at).column;
    for (const struct run *run = runs->run + first; run < runs->run + runs->count; run++) {
        uint64_t begin = run->begin > column ? run->begin : column;
        uint64_t end = run->end < column + n ? run->end : column + n;
        size_t found = begin < end ? objects_find(objects, run->number) : 0;
        if (found == SIZE_MAX)
            return fail_errno(fail, "%zu objects", objects->count);
        if (begin < end &&
            !add_run_samples(&objects->intensity[found * objects->intensities + intensity],
                             measuring->volumes[intensity], v + (begin - column), end - begin,
                             at + (begin - column), measuring->part.first, fail))
            return false;
    }
    return true;
}

static bool no_memory(const struct measuring *measuring, struct fail *fail)
{
    return fail_errno(fail, "%s: %zu objects", measuring->labels->name, measuring->objects->count);
}

static bool end_plane(struct measuring *measuring, uint64_t number, struct fail *fail)
{
    const struct volume *volume = &measuring->labels->volume;
    uint64_t columns = volume->size[AXIS_COLUMN];
    struct plane_runs *plane = &measuring->plane, done = *plane;
    bool is_first = number == 0, is_last = number + 1 == volume->size[AXIS_PLANE], ok = true;
    /* Between slabs it is for those who have both planes. */
    if (!is_first || measuring->part.first == 0)
        ok = measure_between(measuring->objects, is_first ? NULL : &measuring->before, plane,
                             columns);
    if (ok && is_last && measuring->part.end == measuring->part.of)
        ok = measure_between(measuring->objects, plane, NULL, columns);
    if (ok && measuring->faces && is_first)
        ok = plane_runs_copy(&measuring->faces->first, plane);
    if (ok && measuring->faces && is_last)
        ok = plane_runs_copy(&measuring->faces->last, plane);
    *plane = measuring->before;
    measuring->before = done;
    plane->runs.count = measuring->checked = 0;
    return ok || no_memory(measuring, fail);
}

static bool add_row_span(struct measuring *measuring, const float *v, size_t n, uint64_t at,
                         struct fail *fail)
{
    struct plane_runs *plane = &measuring->plane;
    const struct volume *volume = &measuring->labels->volume;
    struct place place = volume_place(volume, at);
    size_t first = plane->ends[place.row];
    size_t touched = plane->runs.count > first ? plane->runs.count - 1 : first;
    if (!runs_add(&plane->runs, first, RUNS_OF_VALUES, (uint32_t)place.column, v, n))
        return no_memory(measuring, fail);
    if (!check_labels(measuring, place, fail))
        return false;
    for (size_t i = 0; i < measuring->objects->intensities; i++)
        if (plane->runs.count > touched &&
            !add_span_samples(measuring, i, touched, measuring->samples + i * LOOP_BLOCK, n, at,
                              fail))
            return false;
    if (place.column + n < volume->size[AXIS_COLUMN])
        return true;
    plane->ends[place.row + 1] = plane->runs.count;
    for (size_t i = first; i < plane->runs.count; i++)
        if (!add_run(measuring, &plane->runs.run[i], place))
            return no_memory(measuring, fail);
    return place.row + 1 < volume->size[AXIS_ROW] || end_plane(measuring, place.plane, fail);
}

/* An observer. */
static bool add_span(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct measuring *measuring = state;
    size_t intensities = measuring->objects->intensities;
    float *samples = measuring->samples;
    for (size_t i = 0; i < intensities; i++)
        if (reader_read(measuring->volumes[i], samples + i * LOOP_BLOCK, n, fail) < n)
            return false;
    for (size_t part; n > 0; v += part, measuring->samples += part, n -= part, at += part) {
        part = samples_in_row(at, n, measuring->labels->volume.size[AXIS_COLUMN]);
        if (!add_row_span(measuring, v, part, at, fail))
            break;
    }
    measuring->samples = samples;
    return n == 0;
}

bool measure_volume(struct objects *objects, struct reader *labels, struct reader *const *volumes,
                    const struct part *part, struct measured_faces *faces, struct fail *fail)
{
    uint32_t noted;
    const uint64_t *size = labels->volume.size;
    if (labels->volume.channels > 1)
        return fail_set(fail, "%s: has %" PRIu64 " channels: labels have one", labels->name,
                        labels->volume.channels);
    if (size[AXIS_COLUMN] > RUNS_MAX_COLUMNS)
        return fail_set(fail, "%s: has rows of %" PRIu64 " columns, more than %" PRIu32,
                        labels->name, size[AXIS_COLUMN], RUNS_MAX_COLUMNS);
    struct measuring measuring = {.objects = objects,
                                  .labels = labels,
                                  .volumes = volumes,
                                  .part = *part,
                                  .faces = faces,
                                  .largest = LABELS_MAX - 1};
    if (volume_labels(&labels->volume, &noted))
        measuring.largest = noted;
    measuring.samples = malloc((objects->intensities * LOOP_BLOCK + 1) * sizeof(float));
    bool ok = measuring.samples && plane_runs_init(&measuring.plane, size[AXIS_ROW]) &&
              plane_runs_init(&measuring.before, size[AXIS_ROW]);
    ok = ok ? loop_each_block(add_span, &measuring, labels, fail) : no_memory(&measuring, fail);
    free(measuring.samples);
    plane_runs_free(&measuring.plane);
    plane_runs_free(&measuring.before);
    return ok;
}
