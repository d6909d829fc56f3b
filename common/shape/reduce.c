#include "common/shape/reduce.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "common/base/count.h"
#include "common/stream/bands.h"
#include "common/stream/second_pass.h"
#include "common/volume/part.h"

#define MEMORY (16u << 20) /* of the accumulators */
#define BLOCK 65536        /* samples of the source read at once, and a voxel at least */

struct reduce {
    struct reader reader;
    struct reduce_options options;
    struct bands bands; /* of rows of one plane; or of one row, which is made in parts: */
    uint64_t part_columns;
    uint64_t column, end_column; /* of the part that is made, of the band */
    struct accumulators accumulators;
    float *made;
    struct ready ready;

    float *block;
    size_t block_samples;
};

uint64_t reduce_count(uint64_t size, uint64_t factor, bool partial)
{
    return partial ? (size - 1) / factor + 1 : size / factor;
}

/* ---- one band ------------------------------------------------------------------------------- */

/* The samples of the source along an axis that make those before number `end`. */
static uint64_t source_end(const struct reduce *reduce, enum axis axis, uint64_t end)
{
    return min_u64(end * reduce->options.factor[axis], reduce->reader.source->volume.size[axis]);
}

/* Adds a part of a row, whole voxels, the first of which is number `column`; its sums begin with
 * number `first`. */
static void add_part(struct reduce *reduce, size_t first, uint64_t column, const float *v,
                     uint64_t voxels)
{
    size_t channels = reduce->reader.volume.channels;
    uint64_t factor = reduce->options.factor[AXIS_COLUMN];
    uint64_t used = source_end(reduce, AXIS_COLUMN, reduce->reader.volume.size[AXIS_COLUMN]);
    voxels = column < used ? min_u64(voxels, used - column) : 0;
    first += (column / factor - reduce->column) * channels;
    uint64_t begun = min_u64(column % factor > 0 ? factor - column % factor : 0, voxels);
    if (begun > 0) {
        accumulators_add(&reduce->accumulators, first, v, begun, channels, factor);
        first += begun + column % factor == factor ? channels : 0;
    }
    if (voxels > begun)
        accumulators_add(&reduce->accumulators, first, v + begun * channels, voxels - begun,
                         channels, factor);
}

/* Adds v[0..n), whose first sample is number `at` of the source. */
static void add_block(struct reduce *reduce, uint64_t at, const float *v, size_t n)
{
    const struct volume *from = &reduce->reader.source->volume;
    uint64_t row_samples = volume_row_samples(from);
    size_t sums = reduce->part_columns * from->channels;
    while (n > 0) {
        struct place place = volume_place(from, at);
        size_t part = samples_in_row(at, n, row_samples);
        uint64_t row =
            place.row / reduce->options.factor[AXIS_ROW] - reduce->bands.made.low[AXIS_ROW];
        add_part(reduce, row * sums, place.column, v, part / from->channels);
        at += part;
        v += part;
        n -= part;
    }
}

static bool add_samples(struct reduce *reduce, uint64_t at, uint64_t left, struct fail *fail)
{
    for (size_t n; left > 0; left -= n, at += n) {
        n = min_u64(left, reduce->block_samples);
        if (!bands_read(&reduce->bands, at, reduce->block, n, fail))
            return false;
        add_block(reduce, at, reduce->block, n);
    }
    return true;
}

static bool makes_whole_rows(const struct reduce *reduce)
{
    return reduce->part_columns == reduce->reader.volume.size[AXIS_COLUMN];
}

/* Adds what the band sees of a plane: rows, or a part of each. */
static bool add_plane(struct reduce *reduce, uint64_t plane, struct fail *fail)
{
    const struct volume *volume = &reduce->reader.source->volume;
    const uint64_t *factor = reduce->options.factor;
    uint64_t row = volume_row_samples(volume),
             first = reduce->bands.made.low[AXIS_ROW] * factor[AXIS_ROW],
             last = source_end(reduce, AXIS_ROW, reduce->bands.made.high[AXIS_ROW]);
    uint64_t at = plane * volume_plane_samples(volume) + first * row;
    if (makes_whole_rows(reduce))
        return add_samples(reduce, at, (last - first) * row, fail);
    uint64_t column = reduce->column * factor[AXIS_COLUMN],
             columns = source_end(reduce, AXIS_COLUMN, reduce->end_column) - column;
    at += column * volume->channels;
    for (; first < last; first++, at += row)
        if (!add_samples(reduce, at, columns * volume->channels, fail))
            return false;
    return true;
}

static bool make_part(struct reader *reader, struct fail *fail)
{
    struct reduce *reduce = (struct reduce *)reader;
    const uint64_t *size = reader->volume.size;
    const struct band *made = &reduce->bands.made;
    reduce->column = reduce->end_column % size[AXIS_COLUMN];
    reduce->end_column = min_u64(reduce->column + reduce->part_columns, size[AXIS_COLUMN]);
    if (reduce->column == 0)
        bands_next(&reduce->bands);
    uint64_t plane = made->low[AXIS_PLANE] * reduce->options.factor[AXIS_PLANE];
    for (; plane < source_end(reduce, AXIS_PLANE, made->high[AXIS_PLANE]); plane++)
        if (!add_plane(reduce, plane, fail))
            return false;
    size_t voxels =
        (made->high[AXIS_ROW] - made->low[AXIS_ROW]) * (reduce->end_column - reduce->column);
    size_t n = voxels * reader->volume.channels;
    accumulators_finish(&reduce->accumulators, reduce->made, n);
    reduce->ready = (struct ready){reduce->made, n};
    return true;
}

/* ---- the reader ----------------------------------------------------------------------------- */

static size_t reduce_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct ready *ready = &((struct reduce *)reader)->ready;
    return reader_pass_on(reader, ready, make_part, v, n, fail);
}

static enum outcome reduce_rewind(struct reader *reader, struct fail *fail)
{
    struct reduce *reduce = (struct reduce *)reader;
    reduce->bands.made = (struct band){{0}, {0}};
    reduce->end_column = 0;
    reduce->ready.samples = 0;
    accumulators_clear(&reduce->accumulators);
    return reader_rewind(reduce->bands.from, fail);
}

static void reduce_close(struct reader *reader)
{
    struct reduce *reduce = (struct reduce *)reader;
    bands_close(&reduce->bands);
    accumulators_free(&reduce->accumulators);
    free(reduce->made);
    free(reduce->block);
    reader_stack_close(reader);
}

/* ---- setting up ----------------------------------------------------------------------------- */

/* Sums and deviations lie elsewhere than the samples, so that their window means nothing. */
static bool set_notes(struct reduce *reduce, struct fail *fail)
{
    const struct reduce_options *options = &reduce->options;
    struct volume *volume = &reduce->reader.volume;
    bool elsewhere = options->kind == REDUCE_SUM || options->kind == REDUCE_DEVIATION;
    return (!elsewhere || volume_set_value(volume, "window", NULL, fail)) &&
           (options->factor[AXIS_PLANE] == 1 || volume_drop_part(volume, fail));
}

static bool set_shape(struct reduce *reduce, struct fail *fail)
{
    const struct reduce_options *options = &reduce->options;
    const struct volume *from = &reduce->reader.source->volume;
    struct volume *volume = &reduce->reader.volume;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        volume->size[a] = reduce_count(from->size[a], options->factor[a], options->partial);
        if (volume->size[a] == 0)
            return fail_set(fail, "%s: blocks of %" PRIu64 " along the %s axis, which has %" PRIu64,
                            reduce->reader.name, options->factor[a], axis_names[a], from->size[a]);
    }
    for (enum axis a = AXIS_PLANE; a < AXES; a++) /* a sample is in the middle of its block */
        volume_take_steps(volume, a, (double)(options->factor[a] - 1) / 2,
                          (double)options->factor[a]);
    return set_notes(reduce, fail);
}

/* As many rows at once as fit the memory, or equal parts of a row that does not fit. Where planes
 * are not reduced, rows of one block are enough: more would gain nothing. */
static bool choose_band(struct reduce *reduce, double most, struct fail *fail)
{
    const struct volume *volume = &reduce->reader.volume;
    uint64_t columns = volume->size[AXIS_COLUMN], rows = volume->size[AXIS_ROW];
    double each = reduce->options.kind == REDUCE_MEDIAN
                      ? most * sizeof(float) + sizeof(uint32_t)
                      : (double)accumulators_size(reduce->options.kind, 1);
    double voxel = each * (double)volume->channels, fit = floor(MEMORY / voxel);
    if (fit < 1 || most > UINT32_MAX)
        return fail_set(fail, "%s: blocks of %.0f samples take %.0f MiB of memory each, %u at most",
                        reduce->reader.name, most, voxel / (1 << 20), MEMORY >> 20);
    uint64_t parts = (columns - 1) / (uint64_t)fit + 1;
    reduce->part_columns = (columns - 1) / parts + 1;
    reduce->bands.rows = parts > 1 ? 1 : min_u64((uint64_t)fit / columns, rows);
    if (reduce->options.factor[AXIS_PLANE] == 1)
        reduce->bands.rows = min_u64(reduce->bands.rows, BLOCK / volume_row_samples(volume) + 1);
    return true;
}

static bool set_up(struct reduce *reduce, struct fail *fail)
{
    size_t channels = reduce->reader.volume.channels;
    double most = 1;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        most *= (double)min_u64(reduce->options.factor[a], reduce->reader.source->volume.size[a]);
    if (!set_shape(reduce, fail) || !choose_band(reduce, most, fail))
        return false;
    bool in_order =
        makes_whole_rows(reduce) && (reduce->options.factor[AXIS_PLANE] == 1 ||
                                     reduce->bands.rows == reduce->reader.volume.size[AXIS_ROW]);
    size_t band = reduce->bands.rows * reduce->part_columns * channels;
    reduce->block_samples = channels > BLOCK ? channels : BLOCK - BLOCK % channels;
    reduce->block = malloc(reduce->block_samples * sizeof *reduce->block);
    reduce->made = malloc(band * sizeof *reduce->made);
    return accumulators_init(&reduce->accumulators, reduce->options.kind, band, (size_t)most,
                             fail) &&
           ((reduce->block && reduce->made) || fail_errno(fail, "%s", reduce->reader.name)) &&
           bands_open(&reduce->bands, &reduce->reader, !in_order, fail);
}

/* Blocks of one sample are that sample, which sums would change where it is -0 or NaN. */
static bool is_identity(const struct reduce_options *options)
{
    bool is_one = options->kind != REDUCE_DEVIATION;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        is_one = is_one && options->factor[a] == 1;
    return is_one;
}

struct reader *reduce_reader(const struct reduce_options *options, struct reader *source,
                             struct fail *fail)
{
    static const struct reader_class class = {
        .read = reduce_read, .rewind = reduce_rewind, .close = reduce_close};
    if (is_identity(options))
        return source;
    struct reduce *reduce = reader_stack_create(sizeof *reduce, &class, source, fail);
    if (!reduce)
        return NULL;
    reduce->options = *options;
    reduce->bands.planes = 1;
    if (set_up(reduce, fail))
        return &reduce->reader;
    reader_close(&reduce->reader);
    return NULL;
}
