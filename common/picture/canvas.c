#include "common/picture/canvas.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/picture/font.h"
#include "common/picture/pixels.h"

#define BOX_MARGIN 2 /* dots between a boxed caption and the edge of its box */

/* Buffers for a row, allocated once for a canvas. */
struct rows {
    unsigned char *pixels; /* of the canvas */
    unsigned char *levels; /* of the widest tile */
    size_t pixel_size;
};

uint64_t caption_width(const struct caption *caption)
{
    return (font_width(caption->text) + (caption->boxed ? 2 * BOX_MARGIN : 0)) * caption->scale;
}

uint64_t caption_height(const struct caption *caption)
{
    return (caption->boxed ? FONT_CAPITAL + 2 * BOX_MARGIN : FONT_HEIGHT) *
           (uint64_t)caption->scale;
}

/* Makes pixels left..left+width of the row, as far as they lie on the canvas, white or black. */
static void fill(const struct canvas *canvas, const struct rows *rows, uint64_t left,
                 uint64_t width, bool white)
{
    if (left >= canvas->width)
        return;
    if (width > canvas->width - left)
        width = canvas->width - left;
    pixels_fill(canvas->picture, rows->pixels + left * rows->pixel_size, width, white);
}

static void draw_caption(const struct canvas *canvas, const struct rows *rows,
                         const struct caption *caption, uint64_t y)
{
    uint64_t scale = caption->scale, margin = caption->boxed ? BOX_MARGIN : 0;
    if (caption->text[0] == '\0' || y < caption->top || y >= caption->top + caption_height(caption))
        return;
    if (caption->boxed)
        fill(canvas, rows, caption->left, caption_width(caption), false);
    uint64_t line = (y - caption->top) / scale;
    if (line < margin || line - margin >= FONT_HEIGHT)
        return;
    bool ink[CAPTION_SIZE * FONT_MAX_WIDTH];
    font_row(caption->text, (unsigned)(line - margin), ink);
    for (uint64_t i = 0; i < font_width(caption->text); i++)
        if (ink[i])
            fill(canvas, rows, caption->left + (margin + i) * scale, scale, caption->boxed);
}

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
    fill(canvas, rows, 0, canvas->width, true);
    for (size_t i = 0; i < canvas->count; i++)
        if (!draw_tile(canvas, rows, &canvas->tiles[i], y, fail))
            return false;
    for (size_t i = 0; i < canvas->count; i++)
        draw_caption(canvas, rows, &canvas->tiles[i].caption, y);
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
