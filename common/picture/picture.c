#include "common/picture/picture.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/picture/pixels.h"
#include "common/volume/loop.h"

/* ---- proportions -------------------------------------------------------------------------- */

/* A sample is repeated so often at most: what asks for more is a mistake in a header. */
#define MOST_PIXELS 1000
#define LONGEST 0x7fffffff

double picture_metres(const struct volume *volume, enum axis axis)
{
    return volume_spacing(volume, axis) * unit_metres(volume_unit(volume, axis));
}

/* In metres where every axis that is drawn has them, else as the numbers stand. Returns the
 * smallest; NAN when none is known. */
static double drawn_spacing(const struct volume *volume, const bool drawn[AXES],
                            double spacing[AXES])
{
    bool metres = true;
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        metres &= !drawn[a] || !isnan(picture_metres(volume, a));
    double smallest = NAN;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        spacing[a] = metres ? picture_metres(volume, a) : volume_spacing(volume, a);
        if (drawn[a])
            smallest = fmin(smallest, spacing[a]);
    }
    return smallest;
}

bool picture_proportion(struct picture *picture, const struct volume *volume, bool true_proportions,
                        uint64_t zoom, const bool drawn[AXES], struct fail *fail)
{
    double spacing[AXES], smallest = drawn_spacing(volume, drawn, spacing);
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        picture->pixels[a] = volume->size[a];
        if (!drawn[a])
            continue;
        double each = true_proportions && !isnan(spacing[a]) ? spacing[a] / smallest : 1;
        double pixels = rint((double)volume->size[a] * each * (double)zoom);
        if (each > MOST_PIXELS)
            return fail_set(fail,
                            "the spacing of %ss is %.4g times the finest one, too much to draw in "
                            "true proportions (up to %d times)",
                            axis_names[a], each, MOST_PIXELS);
        if (pixels > LONGEST)
            return fail_set(fail, "%" PRIu64 " %ss take %.0f pixels; a picture has up to %d",
                            volume->size[a], axis_names[a], pixels, LONGEST);
        if (each > 1 || zoom > 1)
            picture->pixels[a] = (uint64_t)pixels;
    }
    return true;
}

/* ---- sheets ------------------------------------------------------------------------------- */

struct slices {
    const struct picture *picture;
    uint64_t width, height; /* samples (pixels' worth of channels) */
    uint64_t drawn_width, drawn_height;
    unsigned char *held,
        *drawn; /* a row each; drawn is NULL where held rows are drawn as they are */
    size_t held_size;
    uint64_t filled; /* samples of the row that are there, channels counted */
    uint64_t number, row, drawn_row;
};

/* The row is whole: it becomes as many rows of pixels as show it. */
static bool finish_row(struct slices *slices, struct fail *fail)
{
    const struct picture_taker *taker = &slices->picture->taker;
    if (slices->drawn)
        pixels_draw(slices->picture, slices->held, slices->width, slices->drawn,
                    slices->drawn_width);
    const unsigned char *pixels = slices->drawn ? slices->drawn : slices->held;
    while (slices->drawn_row < slices->drawn_height &&
           pixel_source(slices->drawn_row, slices->height, slices->drawn_height) == slices->row) {
        if (!taker->row(taker->state, pixels, fail))
            return false;
        slices->drawn_row++;
    }
    slices->filled = 0;
    if (++slices->row < slices->height)
        return true;
    slices->row = slices->drawn_row = 0;
    slices->number++;
    return taker->end(taker->state, fail);
}

static bool take_slices(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    (void)at;
    struct slices *slices = state;
    const struct picture *picture = slices->picture;
    const struct picture_taker *taker = &picture->taker;
    const uint64_t row_samples = slices->width * picture->channels;
    while (n > 0) {
        if (slices->row == 0 && slices->filled == 0 &&
            !taker->begin(taker->state, slices->number, slices->drawn_width, slices->drawn_height,
                          fail))
            return false;
        uint64_t room = row_samples - slices->filled;
        size_t part = room < n ? (size_t)room : n;
        const struct window *window = &picture->windows[picture->own ? slices->number : 0];
        pixels_hold(picture, window, v, part, slices->held + slices->filled * picture->depth / 8);
        slices->filled += part;
        v += part;
        n -= part;
        if (slices->filled == row_samples && !finish_row(slices, fail))
            return false;
    }
    return true;
}

bool picture_slices(const struct picture *picture, struct reader *reader, enum axis along,
                    struct fail *fail)
{
    enum axis across = along == AXIS_COLUMN ? AXIS_ROW : AXIS_COLUMN;
    enum axis down = along == AXIS_PLANE ? AXIS_ROW : AXIS_PLANE;
    struct slices slices = {.picture = picture,
                            .width = reader->volume.size[across],
                            .height = reader->volume.size[down],
                            .drawn_width = picture->pixels[across],
                            .drawn_height = picture->pixels[down]};
    bool as_held = slices.width == slices.drawn_width && !picture->colours;
    slices.held = malloc(slices.width * pixel_held_size(picture));
    if (!as_held)
        slices.drawn = malloc(slices.drawn_width * pixel_drawn_size(picture));
    bool ok = slices.held && (as_held || slices.drawn);
    ok = ok ? loop_each_block(take_slices, &slices, reader, fail)
            : fail_errno(fail, "a row of %" PRIu64 " pixels", slices.drawn_width);
    free(slices.held);
    free(slices.drawn);
    return ok;
}

/* ---- each sheet's own window -------------------------------------------------------------- */

struct measure {
    const struct reader *reader;
    uint64_t slice_samples;
    struct window *windows;
};

static bool measure_slices(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    const struct measure *measure = state;
    while (n > 0) {
        uint64_t room = measure->slice_samples - at % measure->slice_samples;
        size_t part = room < n ? (size_t)room : n;
        size_t good = window_extend(&measure->windows[at / measure->slice_samples], v, part);
        if (good < part)
            return picture_infinite(measure->reader, at + good, fail);
        v += part;
        at += part;
        n -= part;
    }
    return true;
}

bool picture_infinite(const struct reader *reader, uint64_t at, struct fail *fail)
{
    char place[PLACE_SIZE];
    return fail_set(fail,
                    "%s: infinite sample at %s; a window of minimum and maximum needs finite ones "
                    "(give its limits instead)",
                    reader->name, reader_place(reader, at, place));
}

bool picture_slice_windows(struct reader *reader, uint64_t slice_samples, struct window *windows,
                           struct fail *fail)
{
    uint64_t count = volume_samples(&reader->volume) / slice_samples;
    for (uint64_t i = 0; i < count; i++)
        windows[i] = WINDOW_EMPTY;
    struct measure measure = {reader, slice_samples, windows};
    if (!loop_each_block(measure_slices, &measure, reader, fail))
        return false;
    for (uint64_t i = 0; i < count; i++)
        window_close(&windows[i]);
    return true;
}
