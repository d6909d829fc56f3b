/* Three views: a plane, a row and a column of the volume, side by side with their captions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/picture/canvas.h"
#include "common/picture/font.h"
#include "common/picture/pixels.h"
#include "common/volume/loop.h"

/* Around the panels and between them, in dots of the font; and between a caption and its panel. */
#define MARGIN 12
#define BETWEEN 24
#define BELOW_CAPTION 2

/* Which axis runs across and down each view's picture. */
static const enum axis across[AXES] = {AXIS_COLUMN, AXIS_COLUMN, AXIS_ROW};
static const enum axis down[AXES] = {AXIS_ROW, AXIS_PLANE, AXIS_PLANE};

struct views {
    const struct picture *picture; /* NULL: windows are looked for, nothing is held */
    const struct reader *reader;
    const uint64_t *index;
    struct window *windows;

    struct scratch scratch;
    uint64_t held_at[AXES];
    unsigned char *held;   /* a block of samples as pixels */
    unsigned char *column; /* the row of the column view that is being gathered */
};

/* ---- what is seen ------------------------------------------------------------------------- */

/* Samples v[0..n) of a view, the first of which is sample number `first` of its picture's row.
 * `at` is their number in the volume. */
static bool see(struct views *views, enum axis view, uint64_t row, uint64_t first, const float *v,
                size_t n, uint64_t at, struct fail *fail)
{
    const struct picture *picture = views->picture;
    const struct volume *volume = &views->reader->volume;
    if (!picture) {
        size_t good = window_extend(&views->windows[view], v, n);
        return good == n || picture_infinite(views->reader, at + good, fail);
    }
    size_t sample = picture->depth / 8;
    const struct window *window = &picture->windows[picture->own ? view : 0];
    if (view == AXIS_COLUMN) { /* a voxel at a time: gathered until the row is whole */
        pixels_hold(picture, window, v, n, views->column + first * sample);
        if (first + n < volume->size[AXIS_ROW] * volume->channels)
            return true;
        return scratch_put(&views->scratch, views->held_at[view] + row * (first + n) * sample,
                           views->column, (first + n) * sample, fail);
    }
    uint64_t row_samples = volume_row_samples(volume);
    pixels_hold(picture, window, v, n, views->held);
    return scratch_put(&views->scratch, views->held_at[view] + (row * row_samples + first) * sample,
                       views->held, n * sample, fail);
}

/* A part of one row of the volume, from sample number `first` of the row on. */
static bool see_row(struct views *views, uint64_t plane, uint64_t row, uint64_t first,
                    const float *v, size_t n, uint64_t at, struct fail *fail)
{
    uint64_t channels = views->reader->volume.channels;
    uint64_t column = views->index[AXIS_COLUMN] * channels;
    if (plane == views->index[AXIS_PLANE] && !see(views, AXIS_PLANE, row, first, v, n, at, fail))
        return false;
    if (row == views->index[AXIS_ROW] && !see(views, AXIS_ROW, plane, first, v, n, at, fail))
        return false;
    if (column < first || column >= first + n)
        return true;
    return see(views, AXIS_COLUMN, plane, row * channels, v + (column - first), channels,
               at + (column - first), fail);
}

static bool take_views(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct views *views = state;
    const struct volume *volume = &views->reader->volume;
    uint64_t row_samples = volume_row_samples(volume);
    while (n > 0) {
        uint64_t first = at % row_samples, row = at / row_samples;
        size_t part = row_samples - first < n ? (size_t)(row_samples - first) : n;
        if (!see_row(views, row / volume->size[AXIS_ROW], row % volume->size[AXIS_ROW], first, v,
                     part, at, fail))
            return false;
        v += part;
        at += part;
        n -= part;
    }
    return true;
}

bool picture_view_windows(struct reader *reader, const uint64_t index[AXES],
                          struct window windows[AXES], struct fail *fail)
{
    struct views views = {.reader = reader, .index = index, .windows = windows};
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        windows[a] = WINDOW_EMPTY;
    if (!loop_each_block(take_views, &views, reader, fail))
        return false;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        window_close(&windows[a]);
    return true;
}

/* ---- how it is laid out ------------------------------------------------------------------- */

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Captions grow with the panels, but not with very long and narrow ones. */
static unsigned font_scale(const struct picture *picture)
{
    uint64_t widest = 0, highest = 0;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        widest = larger(widest, picture->pixels[across[a]]);
        highest = larger(highest, picture->pixels[down[a]]);
    }
    uint64_t scale = 1 + (widest < highest ? widest : highest) / 400;
    return scale < 100 ? (unsigned)scale : 100;
}

static void set_tile_place(struct tile *tile, const struct views *views, enum axis view,
                           unsigned scale)
{
    static const char *const names[AXES] = {"Plane", "Row", "Column"};
    const struct volume *volume = &views->reader->volume;
    *tile = (struct tile){.held_at = views->held_at[view],
                          .samples_wide = volume->size[across[view]],
                          .samples_high = volume->size[down[view]],
                          .width = views->picture->pixels[across[view]],
                          .height = views->picture->pixels[down[view]],
                          .caption.scale = scale};
    snprintf(tile->caption.text, CAPTION_SIZE, "%s = %" PRIu64, names[view], views->index[view]);
}

/* Side by side, the middles of the panels at one height, each caption above its panel. */
static void lay_out(struct canvas *canvas, struct tile tiles[AXES], unsigned scale)
{
    uint64_t margin = (uint64_t)MARGIN * scale, highest = 0, left = margin;
    uint64_t caption = caption_height(&tiles[0].caption) + (uint64_t)BELOW_CAPTION * scale;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        highest = larger(highest, tiles[a].height);
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        struct tile *tile = &tiles[a];
        uint64_t text = caption_width(&tile->caption), cell = larger(tile->width, text);
        tile->left = left + (cell - tile->width) / 2;
        tile->top = margin + caption + (highest - tile->height) / 2;
        tile->caption.left = left + (cell - text) / 2;
        tile->caption.top = tile->top - caption;
        left += cell + (uint64_t)BETWEEN * scale;
    }
    canvas->width = left - (uint64_t)BETWEEN * scale + margin;
    canvas->height = margin + caption + highest + margin;
}

static bool draw_views(struct views *views, struct fail *fail)
{
    const struct picture *picture = views->picture;
    const struct picture_taker *taker = &picture->taker;
    struct tile tiles[AXES];
    struct canvas canvas = {
        .picture = picture, .scratch = &views->scratch, .tiles = tiles, .count = AXES};
    unsigned scale = font_scale(picture);
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        set_tile_place(&tiles[a], views, a, scale);
    lay_out(&canvas, tiles, scale);
    return taker->begin(taker->state, 0, canvas.width, canvas.height, fail) &&
           canvas_draw(&canvas, fail) && taker->end(taker->state, fail);
}

static bool open_views(struct views *views, struct fail *fail)
{
    const struct volume *volume = &views->reader->volume;
    uint64_t size = 0, pixel = pixel_held_size(views->picture);
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        views->held_at[a] = size;
        size += volume->size[across[a]] * volume->size[down[a]] * pixel;
    }
    views->held = malloc(LOOP_BLOCK * sizeof(float));
    views->column = malloc(volume->size[AXIS_ROW] * pixel);
    if (!views->held || !views->column)
        return fail_errno(fail, "a row of %" PRIu64 " pixels", volume->size[AXIS_ROW]);
    return scratch_open(&views->scratch, size, fail);
}

bool picture_views(const struct picture *picture, struct reader *reader, const uint64_t index[AXES],
                   struct fail *fail)
{
    struct views views = {.picture = picture, .reader = reader, .index = index, .scratch.fd = -1};
    bool ok = open_views(&views, fail) && loop_each_block(take_views, &views, reader, fail) &&
              draw_views(&views, fail);
    scratch_close(&views.scratch);
    free(views.held);
    free(views.column);
    return ok;
}
