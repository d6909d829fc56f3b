#include "common/picture/canvas.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/picture/pixels.h"

/* Buffers for a row, allocated once for a canvas. */
struct rows {
    unsigned char *pixels; /* of the canvas */
    unsigned char *levels; /* of the widest tile */
    size_t pixel_size;
};

static bool draw_tile(const struct canvas *canvas, const struct rows *rows, const struct tile *tile,
                      uint64_t y, struct fail *fail)
{
    if (y < tile->top || y >= tile->top + tile->height)
        return true;
    uint64_t row = pixels_source(y - tile->top, tile->rows, tile->height);
    size_t bytes = tile->columns * pixels_level_size(canvas->picture);
    if (!scratch_get(canvas->scratch, tile->levels_at + row * bytes, rows->levels, bytes, fail))
        return false;
    pixels_scale(canvas->picture, rows->levels, tile->columns,
                 rows->pixels + tile->left * rows->pixel_size, tile->width);
    return true;
}

static bool draw_row(const struct canvas *canvas, const struct rows *rows, uint64_t y,
                     struct fail *fail)
{
    pixels_fill(canvas->picture, rows->pixels, canvas->width, true);
    for (size_t i = 0; i < canvas->count; i++)
        if (!draw_tile(canvas, rows, &canvas->tiles[i], y, fail))
            return false;
    for (size_t i = 0; i < canvas->count; i++)
        caption_draw(&canvas->tiles[i].caption, canvas->picture, rows->pixels, canvas->width, y);
    if (canvas->bar)
        scale_bar_draw(canvas->bar, canvas->picture, rows->pixels, canvas->width, y);
    return true;
}

bool canvas_write(const struct canvas *canvas, struct fail *fail)
{
    struct rows rows = {.pixel_size = pixels_size(canvas->picture)};
    uint64_t widest = 1;
    for (size_t i = 0; i < canvas->count; i++)
        if (canvas->tiles[i].columns > widest)
            widest = canvas->tiles[i].columns;
    rows.pixels = malloc(canvas->width * rows.pixel_size);
    rows.levels = malloc(widest * pixels_level_size(canvas->picture));
    bool ok = (rows.pixels && rows.levels) ||
              fail_errno(fail, "a row of %" PRIu64 " pixels", canvas->width);
    for (uint64_t y = 0; ok && y < canvas->height; y++)
        ok = draw_row(canvas, &rows, y, fail) &&
             image_writer_row(canvas->picture->images, rows.pixels, fail);
    free(rows.pixels);
    free(rows.levels);
    return ok;
}
