/* Maxima are minima of samples in the opposite order, so there is but one kernel for each shape.
 *
 * A box is three windows of one axis each, for which time does not grow with its size: along planes
 * by minimum_planes.h, or, where so many planes are too large for memory, by bands of rows; then
 * along the rows and columns of each plane.
 *
 * A ball is symmetric: of the planes at equal distance before and behind one, the smaller of each
 * two samples is taken first. Each of their rows gives the minima of windows of growing width, each
 * made of the one before, and each is added to the rows that see this one with a chord of that
 * width. So time grows with the number of rows that the ball has, not with that of its voxels.
 *
 * Of a mask, whose samples are 0 and 1, a ball with very many rows is made by distances, for which
 * time does not grow with its size.
 *
 * Beyond the volume lies the nearest sample: it is in the window anyway, since the window of every
 * shape reaches along each axis from the voxel on. So it counts for nothing. */
#include "common/morphology/extreme.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/kernel/cpu.h"
#include "common/local/rank_search.h"
#include "common/morphology/distance.h"
#include "common/morphology/minimum.h"
#include "common/morphology/minimum_planes.h"
#include "common/stream/neighbours.h"
#include "common/volume/labels.h"

#define MEMORY (24u << 20)     /* for planes, or rows of them */
#define MEMORY_ROWS (2u << 20) /* for rows of a plane; more only where a window takes it */
#define TILE 512               /* samples of a row whose windows are made at once */
#define MANY_ROWS 150          /* of a quarter of a ball: from here on distances are faster */
#define PLANE_STEP 16          /* planes made at once where they are made by bands of rows */

/* ---- the order of samples ------------------------------------------------------------------- */

static inline CPU_INLINE void turn_body(float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t key;
        memcpy(&key, v + i, sizeof key);
        key = ~key;
        memcpy(v + i, &key, sizeof key);
    }
}
CPU_VARIANTS(turn, turn_body, (float *v, size_t n), (v, n))

static void turned_keys(float *v, size_t n)
{
    rank_keys(v, n);
    turn(v, n);
}

static void turned_values(float *v, size_t n)
{
    turn(v, n);
    rank_values(v, n);
}

typedef void change_samples(float *v, size_t n);
static change_samples *const to_keys[] = {
    [EXTREME_MINIMUM] = rank_keys, [EXTREME_MAXIMUM] = turned_keys};
static change_samples *const to_values[] = {
    [EXTREME_MINIMUM] = rank_values, [EXTREME_MAXIMUM] = turned_values};

/* ---- boxes ---------------------------------------------------------------------------------- */

static size_t side(const struct extremes *extremes, enum axis axis)
{
    return (size_t)extent_size(&extremes->extent, axis);
}

static void box_planes(const void *state, const struct surroundings *around, float *made)
{
    const struct extremes *extremes = state;
    ptrdiff_t before = (ptrdiff_t)extremes->extent.before[AXIS_PLANE];
    for (size_t i = 0; i < around->count; i++)
        minimum_across(surroundings_rows(around, i, -before, 0), around->count,
                       side(extremes, AXIS_PLANE), made + i * around->row_samples,
                       around->plane_samples, around->planes, around->row_samples);
}

/* Minima along a row, in scratch with the nearest samples before and after it. */
static void box_columns(const struct extremes *extremes, float *row, size_t row_samples,
                        float *padded)
{
    const struct extent *extent = &extremes->extent;
    size_t channels = extremes->channels, before = extent->before[AXIS_COLUMN] * channels,
           after = extent->after[AXIS_COLUMN] * channels;
    float *behind = padded + before + row_samples;
    for (size_t i = 0; i < before; i += channels)
        memcpy(padded + i, row, channels * sizeof *row);
    memcpy(padded + before, row, row_samples * sizeof *row);
    for (size_t i = 0; i < after; i += channels)
        memcpy(behind + i, row + row_samples - channels, channels * sizeof *row);
    minimum_along(padded, channels, side(extremes, AXIS_COLUMN), row, row_samples);
}

static void box_plane(const void *state, const struct surroundings *around, float *made)
{
    const struct extremes *extremes = state;
    size_t n = around->row_samples;
    minimum_across(surroundings_rows(around, 0, 0, -(ptrdiff_t)extremes->extent.before[AXIS_ROW]),
                   1, side(extremes, AXIS_ROW), made, n, around->count, n);
    for (size_t i = 0; side(extremes, AXIS_COLUMN) > 1 && i < around->count; i++)
        box_columns(extremes, made + i * n, n, around->scratch);
}

/* ---- balls ---------------------------------------------------------------------------------- */

static const int64_t *chords_of(const struct extremes *extremes, uint64_t dz)
{
    return extremes->chord + dz * (extremes->extent.after[AXIS_ROW] + 1);
}

/* A part of rows that are made, and the smaller samples of two rows that they see. */
struct tile {
    const struct surroundings *around;
    float *made; /* this part of the first row */
    size_t n;
    float *low; /* minima of windows of 1 + 2 * half voxels */
    int64_t half;
};

/* Makes windows of low wider, to 1 + 2 * half voxels, for `most` - half voxels on each side of the
 * part. */
static void widen(struct tile *tile, int64_t half, int64_t most, size_t channels)
{
    while (tile->half < half) {
        int64_t most_step = tile->half > 0 ? tile->half : 1, left = half - tile->half,
                step = left < most_step ? left : most_step;
        size_t n = tile->n + 2 * (size_t)(most - tile->half - step) * channels;
        const float *middle = tile->low + channels, *far = tile->low + 2 * (size_t)step * channels;
        if (tile->half == 0) {
            float *low = tile->low;
            minimum_pair(low, low, middle, n + channels);
            minimum_pair(low, low, middle, n);
        } else
            minimum_pair(tile->low, tile->low, far, n);
        tile->half += step;
    }
}

static void add_to_row(const struct tile *tile, int64_t row, const float *low)
{
    float *made = tile->made + row * (int64_t)tile->around->row_samples;
    if (row >= 0 && row < (int64_t)tile->around->count)
        minimum_pair(made, made, low, tile->n);
}

/* Adds what row number y gives, of the two planes dz away, in the order of growing chords: to the
 * rows that are farthest away first. */
static void add_row(const struct extremes *extremes, struct tile *tile, uint64_t dz, int64_t y)
{
    const int64_t *chord = chords_of(extremes, dz), most = chord[0];
    size_t channels = extremes->channels;
    tile->half = 0;
    for (int64_t dy = (int64_t)extremes->extent.after[AXIS_ROW]; dy >= 0; dy--) {
        if (chord[dy] < 0)
            continue;
        widen(tile, chord[dy], most, channels);
        const float *low = tile->low + (size_t)(most - chord[dy]) * channels;
        add_to_row(tile, y - dy, low);
        if (dy > 0)
            add_to_row(tile, y + dy, low);
    }
}

static void ball_tile(const struct extremes *extremes, struct tile *tile, size_t x)
{
    const struct surroundings *around = tile->around;
    const struct extent *extent = &extremes->extent;
    int64_t count = (int64_t)around->count, rows = (int64_t)extent->after[AXIS_ROW];
    for (size_t i = 0; i < around->count; i++)
        memcpy(tile->made + i * around->row_samples, surroundings_row(around, i, 0, 0) + x,
               tile->n * sizeof *tile->made);
    for (ptrdiff_t dz = 0; dz <= (ptrdiff_t)extent->after[AXIS_PLANE]; dz++) {
        const int64_t *chord = chords_of(extremes, (uint64_t)dz);
        int64_t reach = rows;
        while (reach >= 0 && chord[reach] < 0)
            reach--;
        size_t more = reach < 0 ? 0 : (size_t)chord[0] * extremes->channels;
        for (int64_t y = -reach; reach >= 0 && y < count + reach; y++) {
            const float *front = surroundings_row(around, 0, -dz, y) + x - more,
                        *behind = surroundings_row(around, 0, dz, y) + x - more;
            minimum_pair(tile->low, front, behind, tile->n + 2 * more);
            add_row(extremes, tile, (uint64_t)dz, y);
        }
    }
}

static void ball(const void *state, const struct surroundings *around, float *made)
{
    const struct extremes *extremes = state;
    for (size_t x = 0, n = around->row_samples; x < n; x += TILE) {
        struct tile tile = {around, made + x, n - x < TILE ? n - x : TILE, around->scratch, 0};
        ball_tile(extremes, &tile, x);
    }
}

/* ---- readers -------------------------------------------------------------------------------- */

/* How the samples of one of several readers, one on another, are turned into integers and back. */
struct ends {
    change_samples *prepare, *finish;
};

static struct reader *planes_reader(const struct extremes *extremes, struct ends ends,
                                    struct reader *source, struct fail *fail)
{
    const struct extent *extent = &extremes->extent;
    struct minimum_planes options = {extent->before[AXIS_PLANE], extent->after[AXIS_PLANE],
                                     ends.prepare, ends.finish};
    if (minimum_planes_memory(&options, &source->volume) <= MEMORY)
        return minimum_planes_reader(&options, source, fail);
    struct neighbour_filter filter = {.make = box_planes,
                                      .state = extremes,
                                      .planes = extent->before[AXIS_PLANE],
                                      .step = PLANE_STEP,
                                      .prepare = ends.prepare,
                                      .finish = ends.finish,
                                      .memory = MEMORY - MEMORY_ROWS};
    return neighbours_reader(&filter, source, fail);
}

static struct reader *rows_reader(const struct extremes *extremes, struct ends ends,
                                  struct reader *source, struct fail *fail)
{
    uint64_t rows = extent_size(&extremes->extent, AXIS_ROW),
             row = volume_row_samples(&source->volume);
    size_t padded = row + (side(extremes, AXIS_COLUMN) - 1) * extremes->channels;
    struct neighbour_filter filter = {.make = box_plane,
                                      .state = extremes,
                                      .rows = extremes->extent.before[AXIS_ROW],
                                      .scratch = padded * sizeof(float),
                                      .prepare = ends.prepare,
                                      .finish = ends.finish};
    filter.memory = min_u64(2 * rows * row * sizeof(float), MEMORY);
    filter.memory = filter.memory < MEMORY_ROWS ? MEMORY_ROWS : filter.memory;
    return neighbours_reader(&filter, source, fail);
}

static struct reader *box_reader(const struct extremes *extremes, struct ends ends,
                                 struct reader *source, struct fail *fail)
{
    bool rows = side(extremes, AXIS_ROW) > 1 || side(extremes, AXIS_COLUMN) > 1;
    if (side(extremes, AXIS_PLANE) > 1) {
        source = planes_reader(extremes, (struct ends){ends.prepare, rows ? NULL : ends.finish},
                               source, fail);
        ends.prepare = NULL;
    }
    return rows && source ? rows_reader(extremes, ends, source, fail) : source;
}

static struct reader *ball_reader(const struct extremes *extremes, struct ends ends,
                                  struct reader *source, struct fail *fail)
{
    const struct extent *extent = &extremes->extent;
    size_t low = TILE + 2 * extent->after[AXIS_COLUMN] * extremes->channels;
    struct neighbour_filter filter = {.make = ball,
                                      .state = extremes,
                                      .planes = extent->after[AXIS_PLANE],
                                      .rows = extent->after[AXIS_ROW],
                                      .columns = extent->after[AXIS_COLUMN],
                                      .scratch = low * sizeof(float),
                                      .prepare = ends.prepare,
                                      .finish = ends.finish};
    return neighbours_reader(&filter, source, fail);
}

/* A mask is eroded where a 0 lies in the ball, dilated where a 1 does. */
static struct reader *mask_reader(const struct extremes *extremes, enum extreme kind,
                                  struct reader *source, struct fail *fail)
{
    struct distance_options options = {
        .outside = kind == EXTREME_MAXIMUM, .most = 1.01, .within = 1 + EXTENT_MARGIN};
    for (enum axis axis = 0; axis < AXES; axis++) {
        double radius = extremes->extent.radius[axis];
        options.step[axis] = radius > 0 ? 1 / radius : 2;
    }
    return distance_reader(&options, source, fail);
}

static bool has_many_rows(const struct extremes *extremes)
{
    const uint64_t *after = extremes->extent.after;
    return (after[AXIS_PLANE] + 1) * (after[AXIS_ROW] + 1) >= MANY_ROWS;
}

struct reader *extreme_reader(const struct extremes *extremes, enum extreme kind,
                              struct reader *source, struct fail *fail)
{
    struct ends ends = {to_keys[kind], to_values[kind]};
    if (extremes->extent.shape == SHAPE_BOX)
        return box_reader(extremes, ends, source, fail);
    return extremes->is_mask && has_many_rows(extremes) ? mask_reader(extremes, kind, source, fail)
                                                        : ball_reader(extremes, ends, source, fail);
}

bool extremes_init(struct extremes *extremes, const struct extent *extent,
                   const struct volume *volume, struct fail *fail)
{
    *extremes = (struct extremes){*extent, volume->channels, volume_is_mask(volume), NULL};
    for (enum axis axis = 0; axis < AXES; axis++) {
        uint64_t most = volume->size[axis] - 1;
        extremes->extent.before[axis] = min_u64(extent->before[axis], most);
        extremes->extent.after[axis] = min_u64(extent->after[axis], most);
    }
    if (extent->shape == SHAPE_BOX)
        return true;
    uint64_t planes = extremes->extent.after[AXIS_PLANE] + 1,
             rows = extremes->extent.after[AXIS_ROW] + 1;
    extremes->chord = calloc(planes, rows * sizeof *extremes->chord);
    if (!extremes->chord)
        return fail_memory(fail, "ball of %.0f rows", (double)planes * (double)rows);
    for (uint64_t dz = 0; dz < planes; dz++)
        for (uint64_t dy = 0; dy < rows; dy++)
            extremes->chord[dz * rows + dy] = extent_chord(&extremes->extent, dz, dy);
    return true;
}

void extremes_free(struct extremes *extremes)
{
    free(extremes->chord);
}
