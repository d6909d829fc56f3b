#include "common/picture/montage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/picture/canvas.h"
#include "common/picture/pixels.h"
#include "common/stream/loop.h"

#define LABEL_INSET 2 /* dots between a label and the corner of its tile */

struct tiles {
    const struct picture *picture;
    const struct montage *montage;
    const struct volume *volume;
    struct scratch scratch; /* levels of a row of tiles, tile after tile */
    struct tile *tile;      /* of that row */
    unsigned char *levels;  /* of a block of samples */
    struct scale_bar bar;   /* on the first tile, until it is drawn */
};

static void set_tile(const struct tiles *tiles, uint64_t column, uint64_t plane)
{
    const uint64_t *size = tiles->volume->size, *pixels = tiles->picture->pixels;
    uint64_t gap = tiles->montage->gap;
    uint64_t levels = size[AXIS_ROW] * size[AXIS_COLUMN] * pixels_level_size(tiles->picture);
    struct tile *tile = &tiles->tile[column];
    *tile = (struct tile){.levels_at = column * levels,
                          .columns = size[AXIS_COLUMN],
                          .rows = size[AXIS_ROW],
                          .left = gap + column * (pixels[AXIS_COLUMN] + gap),
                          .top = gap,
                          .width = pixels[AXIS_COLUMN],
                          .height = pixels[AXIS_ROW]};
    if (!tiles->montage->numbers)
        return;
    struct caption *label = &tile->caption;
    snprintf(label->text, CAPTION_SIZE, "%" PRIu64,
             tiles->picture->first + plane * tiles->picture->step);
    label->scale = caption_scale(pixels[AXIS_COLUMN], pixels[AXIS_ROW]);
    label->boxed = true;
    label->left = tile->left + LABEL_INSET * label->scale;
    label->top = tile->top + LABEL_INSET * label->scale;
}

/* Pixels of so many tiles with the gaps between and around them. */
static uint64_t length_of_tiles(const struct tiles *tiles, uint64_t count, enum axis axis)
{
    return count * (tiles->picture->pixels[axis] + tiles->montage->gap) + tiles->montage->gap;
}

/* Writes `height` rows of pixels with the first `count` tiles below a gap; without any, all white.
 */
static bool write_tiles(struct tiles *tiles, uint64_t count, uint64_t height, struct fail *fail)
{
    struct canvas canvas = {.picture = tiles->picture,
                            .scratch = &tiles->scratch,
                            .width = length_of_tiles(tiles, tiles->montage->columns, AXIS_COLUMN),
                            .height = height,
                            .tiles = tiles->tile,
                            .count = count,
                            .bar = &tiles->bar};
    bool ok = canvas_write(&canvas, fail);
    tiles->bar.width = 0;
    return ok;
}

/* A row of tiles ends with its last column, or with the volume. */
static bool end_plane(struct tiles *tiles, uint64_t plane, struct fail *fail)
{
    uint64_t columns = tiles->montage->columns, count = plane % columns + 1;
    if (count < columns && plane + 1 < tiles->volume->size[AXIS_PLANE])
        return true;
    for (uint64_t i = 0; i < count; i++)
        set_tile(tiles, i, plane + 1 - count + i);
    return write_tiles(tiles, count, tiles->montage->gap + tiles->picture->pixels[AXIS_ROW], fail);
}

static bool add_samples(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct tiles *tiles = state;
    const struct picture *picture = tiles->picture;
    uint64_t plane_samples = volume_plane_samples(tiles->volume);
    size_t level_size = picture->depth / 8;
    for (size_t part; n > 0; v += part, at += part, n -= part) {
        uint64_t plane = at / plane_samples, first = at % plane_samples;
        uint64_t column = plane % tiles->montage->columns;
        part = samples_in_row(at, n, plane_samples);
        pixels_levels(picture, picture_window(picture, plane), v, part, tiles->levels);
        if (!scratch_put(&tiles->scratch, (column * plane_samples + first) * level_size,
                         tiles->levels, part * level_size, fail))
            return false;
        if (first + part == plane_samples && !end_plane(tiles, plane, fail))
            return false;
    }
    return true;
}

/* The rest of the grid below the last plane, and the last gap. */
static bool write_rest(struct tiles *tiles, struct fail *fail)
{
    uint64_t planes = tiles->volume->size[AXIS_PLANE];
    uint64_t used_rows = (planes - 1) / tiles->montage->columns + 1;
    return write_tiles(tiles, 0, length_of_tiles(tiles, tiles->montage->rows - used_rows, AXIS_ROW),
                       fail);
}

static bool allocate(struct tiles *tiles, struct fail *fail)
{
    uint64_t planes = tiles->volume->size[AXIS_PLANE], columns = tiles->montage->columns;
    uint64_t count = planes < columns ? planes : columns;
    uint64_t tile_size = volume_plane_samples(tiles->volume) * tiles->picture->depth / 8;
    tiles->tile = calloc(count, sizeof *tiles->tile);
    tiles->levels = malloc(LOOP_BLOCK * sizeof(float));
    if (!tiles->tile || !tiles->levels)
        return fail_errno(fail, "a row of %" PRIu64 " tiles", count);
    return scratch_open(&tiles->scratch, "a picture", count * tile_size, SCRATCH_MEMORY, fail);
}

bool montage_write(const struct picture *picture, struct reader *reader,
                   const struct montage *montage, struct fail *fail)
{
    struct tiles tiles = {
        .picture = picture, .montage = montage, .volume = &reader->volume, .scratch.fd = -1};
    bool ok = allocate(&tiles, fail) &&
              scale_bar_place(&tiles.bar, picture, montage->gap, montage->gap,
                              picture->pixels[AXIS_COLUMN], picture->pixels[AXIS_ROW], fail) &&
              image_writer_begin(picture->images, 0,
                                 length_of_tiles(&tiles, montage->columns, AXIS_COLUMN),
                                 length_of_tiles(&tiles, montage->rows, AXIS_ROW), fail) &&
              loop_each_block(add_samples, &tiles, reader, fail) && write_rest(&tiles, fail);
    scratch_close(&tiles.scratch);
    free(tiles.tile);
    free(tiles.levels);
    return ok;
}
