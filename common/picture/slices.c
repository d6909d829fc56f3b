#include "common/picture/slices.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/picture/caption.h"
#include "common/picture/pixels.h"
#include "common/stream/loop.h"

struct slices {
    const struct picture *picture;
    uint64_t width, height; /* of a slice, in samples a channel */
    uint64_t image_width, image_height;
    unsigned char *levels, *pixels; /* a row; pixels is NULL where the levels are the pixels */
    uint64_t image_row;             /* the next one */
    struct scale_bar bar;
};

static const unsigned char *make_pixels(const struct slices *slices)
{
    if (!slices->pixels)
        return slices->levels;
    pixels_scale(slices->picture, slices->levels, slices->width, slices->pixels,
                 slices->image_width);
    return slices->pixels;
}

/* Writes a row of the slice as often as the image repeats it. */
static bool write_row(struct slices *slices, uint64_t row, struct fail *fail)
{
    const unsigned char *pixels = make_pixels(slices);
    for (; slices->image_row < slices->image_height &&
           pixels_source(slices->image_row, slices->height, slices->image_height) == row;
         slices->image_row++) {
        if (slices->bar.width > 0) { /* which differs from row to row of the image */
            pixels = make_pixels(slices);
            scale_bar_draw(&slices->bar, slices->picture, slices->pixels, slices->image_width,
                           slices->image_row);
        }
        if (!image_writer_row(slices->picture->images, pixels, fail))
            return false;
    }
    return true;
}

static bool add_samples(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct slices *slices = state;
    const struct picture *picture = slices->picture;
    const uint64_t row_samples = slices->width * picture->channels;
    for (size_t part; n > 0; v += part, at += part, n -= part) {
        uint64_t row = at / row_samples % slices->height, first = at % row_samples;
        uint64_t slice = at / row_samples / slices->height;
        if (row == 0 && first == 0) {
            slices->image_row = 0;
            if (!image_writer_begin(picture->images, picture->first + slice * picture->step,
                                    slices->image_width, slices->image_height, fail))
                return false;
        }
        part = samples_in_row(at, n, row_samples);
        pixels_levels(picture, picture_window(picture, slice), v, part,
                      slices->levels + first * picture->depth / 8);
        if (first + part == row_samples && !write_row(slices, row, fail))
            return false;
    }
    return true;
}

bool slices_write(const struct picture *picture, struct reader *reader, enum axis along,
                  struct fail *fail)
{
    enum axis across = along == AXIS_COLUMN ? AXIS_ROW : AXIS_COLUMN;
    enum axis down = along == AXIS_PLANE ? AXIS_ROW : AXIS_PLANE;
    struct slices slices = {.picture = picture,
                            .width = reader->volume.size[across],
                            .height = reader->volume.size[down],
                            .image_width = picture->pixels[across],
                            .image_height = picture->pixels[down]};
    if (!scale_bar_place(&slices.bar, picture, 0, 0, slices.image_width, slices.image_height, fail))
        return false;
    bool is_scaled = slices.width != slices.image_width || picture->colours || slices.bar.width > 0;
    slices.levels = malloc(slices.width * pixels_level_size(picture));
    if (is_scaled)
        slices.pixels = malloc(slices.image_width * pixels_size(picture));
    bool ok = slices.levels && (!is_scaled || slices.pixels);
    ok = ok ? loop_each_block(add_samples, &slices, reader, fail)
            : fail_errno(fail, "a row of %" PRIu64 " pixels", slices.image_width);
    free(slices.levels);
    free(slices.pixels);
    return ok;
}

/* ---- a window for each slice ----------------------------------------------------------------- */

struct window_scan {
    const struct reader *reader;
    uint64_t slice_samples;
    struct window *windows;
};

static bool extend_windows(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    const struct window_scan *scan = state;
    for (size_t part; n > 0; v += part, at += part, n -= part) {
        part = samples_in_row(at, n, scan->slice_samples);
        size_t finite = window_extend(&scan->windows[at / scan->slice_samples], v, part);
        if (finite < part)
            return picture_refuse_infinite(scan->reader, at + finite, fail);
    }
    return true;
}

bool slices_find_windows(struct reader *reader, uint64_t slice_samples, struct window *windows,
                         struct fail *fail)
{
    uint64_t count = volume_samples(&reader->volume) / slice_samples;
    for (uint64_t i = 0; i < count; i++)
        windows[i] = WINDOW_EMPTY;
    struct window_scan scan = {reader, slice_samples, windows};
    if (!loop_each_block(extend_windows, &scan, reader, fail))
        return false;
    for (uint64_t i = 0; i < count; i++)
        window_close(&windows[i]);
    return true;
}
