/* Any order of axes is made of two steps: rows and columns exchanged, which takes each plane by
 * itself, and planes and rows exchanged, which reads bands of rows from all planes. */
#include "common/shape/axes.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/stream/bands.h"
#include "common/stream/second_pass.h"
#include "common/volume/part.h"

#define MEMORY ((16u << 20) / sizeof(float)) /* samples of a band */
#define ROWS 16                              /* read at once: their samples fill a cache line */

struct step {
    struct reader reader;
    struct axes_change change;

    struct bands bands;             /* planes of the result, or rows of one plane */
    uint64_t low[AXES], high[AXES]; /* the box of the source that it is made of */
    ptrdiff_t stride[AXES];         /* from one of its samples to the next, in the result */
    float *origin;                  /* where the first one of the box goes */

    float *rows; /* of the source */
    float *made;
    struct ready ready;
};

/* ---- a band --------------------------------------------------------------------------------- */

/* Finds the box of the source, and where its samples go. */
static void find_box(struct step *step)
{
    const struct band *made = &step->bands.made;
    const uint64_t first[AXES] = {made->low[AXIS_PLANE], made->low[AXIS_ROW], 0},
                   end[AXES] = {made->high[AXIS_PLANE], made->high[AXIS_ROW],
                                step->reader.volume.size[AXIS_COLUMN]};
    ptrdiff_t stride = (ptrdiff_t)step->reader.volume.channels;
    step->origin = step->made;
    for (size_t i = AXES; i-- > 0;) {
        enum axis axis = step->change.order[i];
        uint64_t size = step->reader.source->volume.size[axis], n = end[i] - first[i];
        bool flip = step->change.flip[axis];
        step->low[axis] = flip ? size - end[i] : first[i];
        step->high[axis] = step->low[axis] + n;
        step->stride[axis] = flip ? -stride : stride;
        step->origin += flip ? (ptrdiff_t)(n - 1) * stride : 0;
        stride *= (ptrdiff_t)n;
    }
}

/* Puts voxels of one row in their places, the first of them to `to`. */
static void put_row(const struct step *step, const float *v, float *to)
{
    size_t channels = step->reader.volume.channels,
           n = step->high[AXIS_COLUMN] - step->low[AXIS_COLUMN];
    ptrdiff_t stride = step->stride[AXIS_COLUMN];
    v += step->low[AXIS_COLUMN] * channels;
    if (stride == (ptrdiff_t)channels) {
        memcpy(to, v, n * channels * sizeof *v);
        return;
    }
    for (size_t x = 0; x < n; x++, v += channels, to += stride)
        for (size_t c = 0; c < channels; c++)
            to[c] = v[c];
}

/* The same for `count` rows whose samples come to lie side by side. */
static void put_columns(const struct step *step, const float *v, uint64_t count, float *to)
{
    size_t channels = step->reader.volume.channels;
    size_t row = volume_row_samples(&step->reader.source->volume);
    for (uint64_t x = step->low[AXIS_COLUMN]; x < step->high[AXIS_COLUMN]; x++) {
        float *next = to;
        for (uint64_t y = 0; y < count; y++, next += step->stride[AXIS_ROW])
            for (size_t c = 0; c < channels; c++)
                next[c] = v[y * row + x * channels + c];
        to += step->stride[AXIS_COLUMN];
    }
}

static bool take_rows(struct step *step, uint64_t plane, uint64_t y, uint64_t count,
                      struct fail *fail)
{
    const struct volume *from = &step->reader.source->volume;
    size_t row = volume_row_samples(from);
    if (!bands_read(&step->bands, plane * volume_plane_samples(from) + y * row, step->rows,
                    count * row, fail))
        return false;
    float *to = step->origin +
                (ptrdiff_t)(plane - step->low[AXIS_PLANE]) * step->stride[AXIS_PLANE] +
                (ptrdiff_t)(y - step->low[AXIS_ROW]) * step->stride[AXIS_ROW];
    if (step->change.order[AXIS_COLUMN] == AXIS_ROW) {
        put_columns(step, step->rows, count, to);
        return true;
    }
    for (uint64_t i = 0; i < count; i++, to += step->stride[AXIS_ROW])
        put_row(step, step->rows + i * row, to);
    return true;
}

static bool make_band(struct reader *reader, struct fail *fail)
{
    struct step *step = (struct step *)reader;
    const struct band *made = &step->bands.made;
    bands_next(&step->bands);
    find_box(step);
    for (uint64_t z = step->low[AXIS_PLANE]; z < step->high[AXIS_PLANE]; z++)
        for (uint64_t y = step->low[AXIS_ROW]; y < step->high[AXIS_ROW]; y += ROWS)
            if (!take_rows(step, z, y, min_u64(ROWS, step->high[AXIS_ROW] - y), fail))
                return false;
    uint64_t rows = (made->high[AXIS_PLANE] - made->low[AXIS_PLANE]) *
                    (made->high[AXIS_ROW] - made->low[AXIS_ROW]);
    step->ready = (struct ready){step->made, rows * volume_row_samples(&reader->volume)};
    return true;
}

/* ---- the reader of a step ------------------------------------------------------------------- */

static size_t step_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    return reader_pass_on(reader, &((struct step *)reader)->ready, make_band, v, n, fail);
}

static void step_close(struct reader *reader)
{
    struct step *step = (struct step *)reader;
    bands_close(&step->bands);
    free(step->rows);
    free(step->made);
    reader_stack_close(reader);
}

/* Whether planes stay what they are, in their order. */
static bool keeps_planes(const struct axes_change *change)
{
    return change->order[AXIS_PLANE] == AXIS_PLANE && !change->flip[AXIS_PLANE];
}

static void set_volume(struct step *step)
{
    const struct volume *from = &step->reader.source->volume;
    struct volume *volume = &step->reader.volume;
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        for (size_t w = 0; step->change.flip[axis] && w < 3; w++)
            volume->origin[w] += (double)(from->size[axis] - 1) * from->direction[axis][w];
    for (size_t i = 0; i < AXES; i++) {
        enum axis axis = step->change.order[i];
        volume->size[i] = from->size[axis];
        for (size_t w = 0; w < 3; w++) {
            double along = from->direction[axis][w];
            bool turned = step->change.flip[axis] && (along > 0 || along < 0);
            volume->direction[i][w] = turned ? -along : along;
        }
    }
}

/* Bands are whole planes where one fits: one of them where the source is read in its order, else as
 * many as fit. */
static void choose_band(struct step *step)
{
    const struct volume *volume = &step->reader.volume;
    uint64_t planes = MEMORY / volume_plane_samples(volume),
             rows = MEMORY / volume_row_samples(volume);
    bool in_order = step->change.order[AXIS_PLANE] == AXIS_PLANE;
    step->bands.planes = planes == 0 || in_order ? 1 : min_u64(planes, volume->size[AXIS_PLANE]);
    step->bands.rows = planes > 0 ? volume->size[AXIS_ROW] : rows > 0 ? rows : 1;
}

static bool set_up(struct step *step, struct fail *fail)
{
    set_volume(step);
    choose_band(step);
    const struct volume *volume = &step->reader.volume;
    bool in_order = keeps_planes(&step->change) && step->bands.rows == volume->size[AXIS_ROW];
    size_t band = step->bands.planes * step->bands.rows * volume_row_samples(volume);
    step->made = malloc(band * sizeof *step->made);
    step->rows =
        malloc(ROWS * volume_row_samples(&step->reader.source->volume) * sizeof *step->rows);
    return (keeps_planes(&step->change) || volume_drop_part(&step->reader.volume, fail)) &&
           ((step->made && step->rows) || fail_errno(fail, "%s", step->reader.name)) &&
           bands_open(&step->bands, &step->reader, !in_order, fail);
}

static struct reader *step_reader(const struct axes_change *change, struct reader *source,
                                  struct fail *fail)
{
    static const struct reader_class class = {.read = step_read, .close = step_close};
    struct step *step = reader_stack_create(sizeof *step, &class, source, fail);
    if (!step)
        return NULL;
    step->change = *change;
    if (set_up(step, fail))
        return &step->reader;
    reader_close(&step->reader);
    return NULL;
}

/* ---- steps ---------------------------------------------------------------------------------- */

static struct reader *exchange_columns(struct reader *source, struct fail *fail)
{
    static const struct axes_change change = {.order = {AXIS_PLANE, AXIS_COLUMN, AXIS_ROW}};
    return step_reader(&change, source, fail);
}

struct reader *axes_reader(const struct axes_change *change, struct reader *source,
                           struct fail *fail)
{
    struct axes_change rest = *change;
    bool from_columns = change->order[AXIS_PLANE] == AXIS_COLUMN;
    if (from_columns) { /* they become rows first */
        source = exchange_columns(source, fail);
        for (size_t i = 0; i < AXES; i++)
            rest.order[i] = change->order[i] == AXIS_PLANE ? AXIS_PLANE
                            : change->order[i] == AXIS_ROW ? AXIS_COLUMN
                                                           : AXIS_ROW;
        rest.flip[AXIS_ROW] = change->flip[AXIS_COLUMN];
        rest.flip[AXIS_COLUMN] = change->flip[AXIS_ROW];
    }
    if (!source)
        return NULL;
    bool to_columns = rest.order[AXIS_COLUMN] == AXIS_PLANE;
    if (to_columns) { /* planes become rows, and then columns */
        rest.order[AXIS_COLUMN] = rest.order[AXIS_ROW];
        rest.order[AXIS_ROW] = AXIS_PLANE;
    }
    source = step_reader(&rest, source, fail);
    return source && to_columns ? exchange_columns(source, fail) : source;
}
