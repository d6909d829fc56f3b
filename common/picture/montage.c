/* A montage: every plane a tile, row after row of tiles. One row of tiles is held at a time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/picture/canvas.h"
#include "common/picture/pixels.h"
#include "common/volume/loop.h"

#define LABEL_INSET 2 /* dots between a label and the corner of its tile */

struct mosaic {
    const struct picture *picture;
    const struct montage *montage;
    const struct volume *volume;
    struct scratch scratch; /* tiles of the row, one behind the other */
    struct tile *tiles;
    unsigned char *held; /* a block of samples as pixels */
};

/* Large tiles have larger labels. */
static unsigned label_scale(const struct mosaic *mosaic)
{
    const uint64_t *pixels = mosaic->picture->pixels;
    bool wide = pixels[AXIS_COLUMN] > pixels[AXIS_ROW];
    uint64_t scale = 1 + pixels[wide ? AXIS_ROW : AXIS_COLUMN] / 400;
    return scale < 100 ? (unsigned)scale : 100;
}

static void set_tile(const struct mosaic *mosaic, uint64_t column, uint64_t plane)
{
    const struct volume *volume = mosaic->volume;
    const struct montage *montage = mosaic->montage;
    struct tile *tile = &mosaic->tiles[column];
    uint64_t width = mosaic->picture->pixels[AXIS_COLUMN];
    uint64_t samples = volume->size[AXIS_ROW] * volume->size[AXIS_COLUMN];
    *tile = (struct tile){.held_at = column * samples * pixel_held_size(mosaic->picture),
                          .samples_wide = volume->size[AXIS_COLUMN],
                          .samples_high = volume->size[AXIS_ROW],
                          .left = montage->gap + column * (width + montage->gap),
                          .top = montage->gap,
                          .width = width,
                          .height = mosaic->picture->pixels[AXIS_ROW]};
    if (!montage->labels)
        return;
    struct caption *label = &tile->caption;
    snprintf(label->text, CAPTION_SIZE, "%" PRIu64, plane * montage->step);
    label->scale = label_scale(mosaic);
    label->boxed = true;
    label->left = tile->left + LABEL_INSET * label->scale;
    label->top = tile->top + LABEL_INSET * label->scale;
}

static uint64_t canvas_width(const struct picture *picture, const struct montage *montage)
{
    return montage->columns * (picture->pixels[AXIS_COLUMN] + montage->gap) + montage->gap;
}

/* Draws the gap above a row of tiles and its first `count` tiles; none: all white. */
static bool draw_tiles(struct mosaic *mosaic, uint64_t count, uint64_t height, struct fail *fail)
{
    struct canvas canvas = {.picture = mosaic->picture,
                            .scratch = &mosaic->scratch,
                            .width = canvas_width(mosaic->picture, mosaic->montage),
                            .height = height,
                            .tiles = mosaic->tiles,
                            .count = (size_t)count};
    return canvas_draw(&canvas, fail);
}

/* A row of tiles ends with its last column, or with the volume. */
static bool finish_plane(struct mosaic *mosaic, uint64_t plane, struct fail *fail)
{
    uint64_t columns = mosaic->montage->columns, count = plane % columns + 1;
    if (count < columns && plane + 1 < mosaic->volume->size[AXIS_PLANE])
        return true;
    for (uint64_t i = 0; i < count; i++)
        set_tile(mosaic, i, plane + 1 - count + i);
    return draw_tiles(mosaic, count, mosaic->montage->gap + mosaic->picture->pixels[AXIS_ROW],
                      fail);
}

static bool take_tiles(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct mosaic *mosaic = state;
    const struct picture *picture = mosaic->picture;
    uint64_t tile = volume_plane_samples(mosaic->volume);
    size_t sample = picture->depth / 8;
    while (n > 0) {
        uint64_t plane = at / tile, first = at % tile;
        uint64_t column = plane % mosaic->montage->columns;
        size_t part = tile - first < n ? (size_t)(tile - first) : n;
        pixels_hold(picture, &picture->windows[picture->own ? plane : 0], v, part, mosaic->held);
        if (!scratch_put(&mosaic->scratch, (column * tile + first) * sample, mosaic->held,
                         part * sample, fail))
            return false;
        if (first + part == tile && !finish_plane(mosaic, plane, fail))
            return false;
        v += part;
        at += part;
        n -= part;
    }
    return true;
}

static bool open_mosaic(struct mosaic *mosaic, struct fail *fail)
{
    uint64_t planes = mosaic->volume->size[AXIS_PLANE], columns = mosaic->montage->columns;
    uint64_t widest = planes < columns ? planes : columns;
    uint64_t tile = volume_plane_samples(mosaic->volume) * mosaic->picture->depth / 8;
    mosaic->tiles = calloc((size_t)widest, sizeof *mosaic->tiles);
    mosaic->held = malloc(LOOP_BLOCK * sizeof(float));
    if (!mosaic->tiles || !mosaic->held)
        return fail_errno(fail, "a row of %" PRIu64 " tiles", widest);
    return scratch_open(&mosaic->scratch, widest * tile, fail);
}

/* What is left of the grid below the last plane is white, as is the gap at the end. */
static bool draw_rest(struct mosaic *mosaic, struct fail *fail)
{
    const struct montage *montage = mosaic->montage;
    uint64_t used = (mosaic->volume->size[AXIS_PLANE] - 1) / montage->columns + 1;
    uint64_t each = mosaic->picture->pixels[AXIS_ROW] + montage->gap;
    return draw_tiles(mosaic, 0, (montage->rows - used) * each + montage->gap, fail);
}

bool picture_montage(const struct picture *picture, struct reader *reader,
                     const struct montage *montage, struct fail *fail)
{
    const struct picture_taker *taker = &picture->taker;
    struct mosaic mosaic = {
        .picture = picture, .montage = montage, .volume = &reader->volume, .scratch.fd = -1};
    uint64_t height = montage->rows * (picture->pixels[AXIS_ROW] + montage->gap) + montage->gap;
    bool ok = open_mosaic(&mosaic, fail) &&
              taker->begin(taker->state, 0, canvas_width(picture, montage), height, fail) &&
              loop_each_block(take_tiles, &mosaic, reader, fail) && draw_rest(&mosaic, fail) &&
              taker->end(taker->state, fail);
    scratch_close(&mosaic.scratch);
    free(mosaic.tiles);
    free(mosaic.held);
    return ok;
}
