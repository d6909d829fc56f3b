#include "common/picture/canvas.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/picture/font.h"
#include "common/picture/pixels.h"

#define BOX_MARGIN 2 /* dots between a boxed caption and the edge of its box */

/* Rows that are worked on, allocated once for a board. */
struct rows {
    unsigned char *canvas; /* drawn */
    unsigned char *held;   /* a row of the widest panel */
    size_t size;           /* bytes of a drawn pixel */
};

uint64_t caption_width(const struct caption *caption)
{
    return (font_width(caption->text) + (caption->boxed ? 2 * BOX_MARGIN : 0)) * caption->scale;
}

uint64_t caption_height(const struct caption *caption)
{
    return (uint64_t)(caption->boxed ? FONT_CAPITAL + 2 * BOX_MARGIN : FONT_HEIGHT) *
           caption->scale;
}

/* Pixels left..left+width of a row in one colour; what lies beyond the board is left out. */
static void fill(const struct canvas *canvas, const struct rows *rows, uint64_t left,
                 uint64_t width, bool white)
{
    if (left >= canvas->width)
        return;
    if (width > canvas->width - left)
        width = canvas->width - left;
    pixels_fill(canvas->picture, rows->canvas + left * rows->size, width, white);
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
    bool ink[CAPTION_SIZE * FONT_WIDEST];
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
    uint64_t row = pixel_source(y - tile->top, tile->samples_high, tile->height);
    size_t bytes = tile->samples_wide * pixel_held_size(canvas->picture);
    if (!scratch_get(canvas->scratch, tile->held_at + row * bytes, rows->held, bytes, fail))
        return false;
    pixels_draw(canvas->picture, rows->held, tile->samples_wide,
                rows->canvas + tile->left * rows->size, tile->width);
    return true;
}

static bool draw_row(const struct canvas *canvas, const struct rows *rows, uint64_t y,
                     struct fail *fail)
{
    const struct picture_taker *taker = &canvas->picture->taker;
    fill(canvas, rows, 0, canvas->width, true);
    for (size_t i = 0; i < canvas->count; i++)
        if (!draw_tile(canvas, rows, &canvas->tiles[i], y, fail))
            return false;
    for (size_t i = 0; i < canvas->count; i++)
        draw_caption(canvas, rows, &canvas->tiles[i].caption, y);
    return taker->row(taker->state, rows->canvas, fail);
}

bool canvas_draw(const struct canvas *canvas, struct fail *fail)
{
    struct rows rows = {.size = pixel_drawn_size(canvas->picture)};
    uint64_t widest = 1;
    for (size_t i = 0; i < canvas->count; i++)
        if (canvas->tiles[i].samples_wide > widest)
            widest = canvas->tiles[i].samples_wide;
    rows.canvas = malloc(canvas->width * rows.size);
    rows.held = malloc(widest * pixel_held_size(canvas->picture));
    bool ok = (rows.canvas && rows.held) ||
              fail_errno(fail, "a row of %" PRIu64 " pixels", canvas->width);
    for (uint64_t y = 0; ok && y < canvas->height; y++)
        ok = draw_row(canvas, &rows, y, fail);
    free(rows.canvas);
    free(rows.held);
    return ok;
}
