#include "common/picture/views.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/picture/canvas.h"
#include "common/picture/pixels.h"
#include "common/stream/loop.h"

/* In dots of the font. */
#define MARGIN 12 /* around the views */
#define BETWEEN 24
#define BELOW_CAPTION 2

/* Which axis of the volume runs across and down each view. */
static const enum axis across[AXES] = {AXIS_COLUMN, AXIS_COLUMN, AXIS_ROW};
static const enum axis down[AXES] = {AXIS_ROW, AXIS_PLANE, AXIS_PLANE};

/* ---- which samples are seen ------------------------------------------------------------------ */

/* Samples of the volume that a view shows, side by side in one of its rows. */
struct span {
    enum axis view;
    uint64_t row, first; /* number of the view's row, and of the span's first sample in it */
    const float *v;
    size_t n;
    uint64_t at; /* number of the first sample in the volume */
};

typedef bool span_visit(void *state, const struct span *span, struct fail *fail);

struct scan {
    const struct volume *volume;
    const uint64_t *index;
    span_visit *visit;
    void *state;
};

/* Visits the spans in a block of samples. A span of the column view is one voxel. */
static bool visit_spans(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    const struct scan *scan = state;
    const uint64_t *index = scan->index, channels = scan->volume->channels;
    const uint64_t row_samples = volume_row_samples(scan->volume);
    const uint64_t rows = scan->volume->size[AXIS_ROW], column = index[AXIS_COLUMN] * channels;
    bool ok = true;
    for (size_t part; ok && n > 0; v += part, at += part, n -= part) {
        uint64_t plane = at / row_samples / rows, row = at / row_samples % rows;
        uint64_t first = at % row_samples;
        part = samples_in_row(at, n, row_samples);
        struct span in_plane = {AXIS_PLANE, row, first, v, part, at};
        struct span in_row = {AXIS_ROW, plane, first, v, part, at};
        if (plane == index[AXIS_PLANE])
            ok = scan->visit(scan->state, &in_plane, fail);
        if (ok && row == index[AXIS_ROW])
            ok = scan->visit(scan->state, &in_row, fail);
        if (ok && column >= first && column - first < part) {
            uint64_t skip = column - first;
            struct span in_column = {AXIS_COLUMN, plane,    row * channels,
                                     v + skip,    channels, at + skip};
            ok = scan->visit(scan->state, &in_column, fail);
        }
    }
    return ok;
}

/* ---- their windows --------------------------------------------------------------------------- */

struct windows {
    const struct reader *reader;
    struct window *of_view;
};

static bool extend_window(void *state, const struct span *span, struct fail *fail)
{
    const struct windows *windows = state;
    size_t finite = window_extend(&windows->of_view[span->view], span->v, span->n);
    return finite == span->n || picture_refuse_infinite(windows->reader, span->at + finite, fail);
}

bool views_find_windows(struct reader *reader, const uint64_t index[AXES],
                        struct window windows[AXES], struct fail *fail)
{
    struct windows found = {reader, windows};
    struct scan scan = {&reader->volume, index, extend_window, &found};
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        windows[a] = WINDOW_EMPTY;
    if (!loop_each_block_ahead(visit_spans, &scan, reader, fail))
        return false;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        window_close(&windows[a]);
    return true;
}

/* ---- their levels ---------------------------------------------------------------------------- */

struct views {
    const struct picture *picture;
    const struct volume *volume;
    const uint64_t *index;

    struct scratch scratch; /* levels of the views, view after view, each row after row */
    uint64_t levels_at[AXES];
    unsigned char *row[AXES]; /* levels of the row of each view that is being filled */
};

static bool keep_span(void *state, const struct span *span, struct fail *fail)
{
    struct views *views = state;
    const struct picture *picture = views->picture;
    uint64_t row_samples = views->volume->size[across[span->view]] * picture->channels;
    uint64_t row_size = row_samples * picture->depth / 8;
    unsigned char *row = views->row[span->view];
    pixels_levels(picture, picture_window(picture, span->view), span->v, span->n,
                  row + span->first * picture->depth / 8);
    return span->first + span->n < row_samples ||
           scratch_put(&views->scratch, views->levels_at[span->view] + span->row * row_size, row,
                       row_size, fail);
}

/* ---- the image ------------------------------------------------------------------------------- */

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Captions grow with the views, but not with very long and narrow ones. */
static unsigned font_scale(const struct picture *picture)
{
    uint64_t width = 0, height = 0;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        width = larger(width, picture->pixels[across[a]]);
        height = larger(height, picture->pixels[down[a]]);
    }
    return caption_scale(width, height);
}

static void set_tile(struct tile *tile, const struct views *views, enum axis view)
{
    static const char *const names[AXES] = {"Plane", "Row", "Column"};
    *tile = (struct tile){.levels_at = views->levels_at[view],
                          .columns = views->volume->size[across[view]],
                          .rows = views->volume->size[down[view]],
                          .width = views->picture->pixels[across[view]],
                          .height = views->picture->pixels[down[view]],
                          .caption.scale = font_scale(views->picture)};
    snprintf(tile->caption.text, CAPTION_SIZE, "%s = %" PRIu64, names[view], views->index[view]);
}

/* Side by side, with their middles at one height, each with its caption above it. */
static void place_tiles(struct canvas *canvas, struct tile tiles[AXES])
{
    uint64_t scale = tiles[0].caption.scale, margin = MARGIN * scale, left = margin, height = 0;
    uint64_t caption = caption_height(&tiles[0].caption) + BELOW_CAPTION * scale;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        height = larger(height, tiles[a].height);
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        struct tile *tile = &tiles[a];
        uint64_t text = caption_width(&tile->caption), cell = larger(tile->width, text);
        tile->left = left + (cell - tile->width) / 2;
        tile->top = margin + caption + (height - tile->height) / 2;
        tile->caption.left = left + (cell - text) / 2;
        tile->caption.top = tile->top - caption;
        left += cell + BETWEEN * scale;
    }
    canvas->width = left - BETWEEN * scale + margin;
    canvas->height = margin + caption + height + margin;
}

static bool write_image(struct views *views, struct fail *fail)
{
    struct tile tiles[AXES];
    struct canvas canvas = {
        .picture = views->picture, .scratch = &views->scratch, .tiles = tiles, .count = AXES};
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        set_tile(&tiles[a], views, a);
    place_tiles(&canvas, tiles);
    struct scale_bar bar;
    canvas.bar = &bar;
    return scale_bar_place(&bar, views->picture, tiles[0].left, tiles[0].top, tiles[0].width,
                           tiles[0].height, fail) &&
           image_writer_begin(views->picture->images, 0, canvas.width, canvas.height, fail) &&
           canvas_write(&canvas, fail);
}

static bool allocate(struct views *views, struct fail *fail)
{
    const uint64_t *size = views->volume->size;
    uint64_t total = 0;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        uint64_t row_size = size[across[a]] * pixels_level_size(views->picture);
        views->row[a] = malloc(row_size);
        if (!views->row[a])
            return fail_errno(fail, "a row of %" PRIu64 " pixels", size[across[a]]);
        views->levels_at[a] = total;
        total += size[down[a]] * row_size;
    }
    return scratch_open(&views->scratch, "a picture", total, SCRATCH_MEMORY, fail);
}

bool views_write(const struct picture *picture, struct reader *reader, const uint64_t index[AXES],
                 struct fail *fail)
{
    struct views views = {
        .picture = picture, .volume = &reader->volume, .index = index, .scratch.fd = -1};
    struct scan scan = {&reader->volume, index, keep_span, &views};
    bool ok = allocate(&views, fail) && loop_each_block_ahead(visit_spans, &scan, reader, fail) &&
              write_image(&views, fail);
    scratch_close(&views.scratch);
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        free(views.row[a]);
    return ok;
}
