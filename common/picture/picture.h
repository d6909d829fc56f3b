/* What the pictures of a volume have in common: slices (slices.h), three views (views.h) and a
 * montage (montage.h). Each reads the volume once, in order, and writes images row by row; in
 * between it keeps pixels, never a plane of samples. */
#ifndef COMMON_PICTURE_PICTURE_H
#define COMMON_PICTURE_PICTURE_H

#include "common/picture/image_writer.h"
#include "common/picture/window.h"

enum bar_corner { LOWER_RIGHT, LOWER_LEFT, UPPER_RIGHT, UPPER_LEFT };

struct picture {
    struct image_writer *images; /* where to write them */

    unsigned channels;                 /* samples a pixel: 1, 3 (red, green, blue), 4 (and alpha) */
    struct window alpha;               /* samples of alpha that are transparent and opaque */
    bool is_labels;                    /* samples are labels: each has a level of its own, as far as
                                          there are some; 0 is level 0 */
    unsigned depth;                    /* bits a sample: 8, or 16 with the higher byte first */
    const unsigned char (*colours)[3]; /* NULL, or the colour of each 8-bit gray level */

    const struct window *windows; /* one, or one for each slice, view or tile */
    bool is_window_per_picture;

    uint64_t first, step;  /* the planes have the numbers first, first + step, ... */
    uint64_t pixels[AXES]; /* length of each axis in the image, at least its number of samples */

    /* A scale bar on the image, or on its first view or tile. */
    struct {
        double pixel;  /* length of a pixel, from left to right; 0: no bar */
        double length; /* of the bar; 0: a round one */
        const char *unit;
        bool has_no_label, has_no_box, is_black; /* else white on a black box, its length above */
        enum bar_corner corner;
    } bar;
};

/* The window of a slice, view or tile, counted from 0. */
static inline const struct window *picture_window(const struct picture *picture, uint64_t number)
{
    return &picture->windows[picture->is_window_per_picture ? number : 0];
}

/* Sets pixels: `zoom` for each sample; or, in true proportions of the axes that are shown, as many
 * as make pixels square, with `zoom` for a sample of the axis with the finest spacing. An axis of
 * unknown spacing is shown like the finest known one. */
MUST_CHECK bool picture_set_proportions(struct picture *picture, const struct volume *volume,
                                        bool true_proportions, uint64_t zoom,
                                        const bool is_shown[AXES], struct fail *fail);

/* Sets spacing of each axis, NAN where unknown: in metres, and returns true, if that is possible
 * for all axes that are shown; otherwise in whatever units they have. */
bool picture_spacings(const struct volume *volume, const bool is_shown[AXES], double spacing[AXES]);

/* Fails because sample number `at`, for whose window minimum and maximum are sought, is infinite.
 */
bool picture_refuse_infinite(const struct reader *reader, uint64_t at, struct fail *fail);

#endif
