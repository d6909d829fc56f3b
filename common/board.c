#include "common/board.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/font.h"
#include "common/pixel.h"

#define BOX_MARGIN 2 /* dots between a boxed caption and the edge of its box */

/* Rows that are worked on, allocated once for a board. */
struct rows {
    unsigned char *board; /* drawn */
    unsigned char *held;  /* a row of the widest panel */
    size_t size;          /* bytes of a drawn pixel */
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
static void fill(const struct board *board, const struct rows *rows, uint64_t left, uint64_t width,
                 bool white)
{
    if (left >= board->width)
        return;
    if (width > board->width - left)
        width = board->width - left;
    pixels_fill(board->picture, rows->board + left * rows->size, width, white);
}

static void draw_caption(const struct board *board, const struct rows *rows,
                         const struct caption *caption, uint64_t y)
{
    uint64_t scale = caption->scale, margin = caption->boxed ? BOX_MARGIN : 0;
    if (caption->text[0] == '\0' || y < caption->top || y >= caption->top + caption_height(caption))
        return;
    if (caption->boxed)
        fill(board, rows, caption->left, caption_width(caption), false);
    uint64_t line = (y - caption->top) / scale;
    if (line < margin || line - margin >= FONT_HEIGHT)
        return;
    bool ink[CAPTION_SIZE * FONT_WIDEST];
    font_row(caption->text, (unsigned)(line - margin), ink);
    for (uint64_t i = 0; i < font_width(caption->text); i++)
        if (ink[i])
            fill(board, rows, caption->left + (margin + i) * scale, scale, caption->boxed);
}

static bool draw_panel(const struct board *board, const struct rows *rows,
                       const struct panel *panel, uint64_t y, struct fail *fail)
{
    if (y < panel->top || y >= panel->top + panel->height)
        return true;
    uint64_t row = pixel_source(y - panel->top, panel->samples_high, panel->height);
    size_t bytes = panel->samples_wide * pixel_held_size(board->picture);
    if (!scratch_get(board->scratch, panel->held_at + row * bytes, rows->held, bytes, fail))
        return false;
    pixels_draw(board->picture, rows->held, panel->samples_wide,
                rows->board + panel->left * rows->size, panel->width);
    return true;
}

static bool draw_row(const struct board *board, const struct rows *rows, uint64_t y,
                     struct fail *fail)
{
    const struct picture_taker *taker = &board->picture->taker;
    fill(board, rows, 0, board->width, true);
    for (size_t i = 0; i < board->count; i++)
        if (!draw_panel(board, rows, &board->panels[i], y, fail))
            return false;
    for (size_t i = 0; i < board->count; i++)
        draw_caption(board, rows, &board->panels[i].caption, y);
    return taker->row(taker->state, rows->board, fail);
}

bool board_draw(const struct board *board, struct fail *fail)
{
    struct rows rows = {.size = pixel_drawn_size(board->picture)};
    uint64_t widest = 1;
    for (size_t i = 0; i < board->count; i++)
        if (board->panels[i].samples_wide > widest)
            widest = board->panels[i].samples_wide;
    rows.board = malloc(board->width * rows.size);
    rows.held = malloc(widest * pixel_held_size(board->picture));
    bool ok =
        (rows.board && rows.held) || fail_errno(fail, "a row of %" PRIu64 " pixels", board->width);
    for (uint64_t y = 0; ok && y < board->height; y++)
        ok = draw_row(board, &rows, y, fail);
    free(rows.board);
    free(rows.held);
    return ok;
}
