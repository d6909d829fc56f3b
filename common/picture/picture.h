/* What the pictures of a volume have in common: slices (slices.h), three views (views.h) and a
 * montage (montage.h). Each reads the volume once, in order, and writes images row by row; in
 * between it keeps pixels, never a plane of samples. */
#ifndef COMMON_PICTURE_PICTURE_H
#define COMMON_PICTURE_PICTURE_H

#include "common/picture/image_writer.h"
#include "common/picture/window.h"

struct picture {
    struct image_writer *images; /* where to write them */

    unsigned channels;                 /* samples a pixel: 1, 3 (red, green, blue), 4 (and alpha) */
    struct window alpha;               /* samples of alpha that are transparent and opaque */
    unsigned depth;                    /* bits a sample: 8, or 16 with the higher byte first */
    const unsigned char (*colours)[3]; /* NULL, or the colour of each 8-bit gray level */

    const struct window *windows; /* one; or */
    bool has_own_windows;         /* one for each slice, view or tile */

    uint64_t step;         /* the volume's planes are numbers 0, step, 2 step, ... */
    uint64_t pixels[AXES]; /* length of each axis in the image, at least its number of samples */
};

/* The window of a slice, view or tile, counted from 0. */
static inline const struct window *picture_window(const struct picture *picture, uint64_t number)
{
    return &picture->windows[picture->has_own_windows ? number : 0];
}

/* Sets pixels: `zoom` for each sample; or, in true proportions of the axes that are shown, as many
 * as make pixels square, with `zoom` for a sample of the axis with the finest spacing. An axis of
 * unknown spacing is shown like the finest known one. */
MUST_CHECK bool picture_set_proportions(struct picture *picture, const struct volume *volume,
                                        bool true_proportions, uint64_t zoom,
                                        const bool is_shown[AXES], struct fail *fail);

/* Spacings of all axes, NAN where unknown: in metres, and true, where those of all axes that are
 * shown can be told in metres; else as the numbers stand. */
bool picture_spacings(const struct volume *volume, const bool is_shown[AXES], double spacing[AXES]);

/* Fails because sample number `at` is infinite and its window is sought. */
bool picture_refuse_infinity(const struct reader *reader, uint64_t at, struct fail *fail);

#endif
