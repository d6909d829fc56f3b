/* Pictures of a volume: sheets (every plane, or one view), three views side by side, a montage.
 * Samples come in by the loop, in order; rows of pixels go out, top to bottom. What is held on the
 * way is bytes of pixels, never a plane of samples. */
#ifndef COMMON_PICTURE_PICTURE_H
#define COMMON_PICTURE_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/picture/window.h"
#include "common/volume/stream.h"

/* Whoever takes the pictures: for each of them begin, every row, end. */
struct picture_taker {
    bool (*begin)(void *state, uint64_t number, uint64_t width, uint64_t height, struct fail *fail);
    bool (*row)(void *state, const unsigned char *pixels, struct fail *fail);
    bool (*end)(void *state, struct fail *fail);
    void *state;
};

struct picture {
    unsigned channels; /* samples a pixel: 1, 3 (red, green, blue), 4 (and alpha, 0 to 1) */
    unsigned depth;    /* bits a sample: 8, or 16 with the higher byte first */
    const unsigned char (*colours)[3]; /* NULL, or what each 8-bit gray becomes */

    /* One window; or, with `own`, one for each sheet, view or tile. */
    const struct window *windows;
    bool own;

    uint64_t pixels[AXES]; /* how long each axis is drawn, at least its number of samples */
    struct picture_taker taker;
};

/* Sets pixels: `zoom` a sample; or, in true proportions of the axes that are drawn, as many as make
 * pixels square, and `zoom` for the finest axis. Unknown spacing is drawn like the finest known. */
bool picture_proportion(struct picture *picture, const struct volume *volume, bool true_proportions,
                        uint64_t zoom, const bool drawn[AXES], struct fail *fail);

/* The length of a step along an axis in metres; NAN where it or its unit is unknown. */
double picture_metres(const struct volume *volume, enum axis axis);

/* A picture for each plane, seen along the axis of planes; or one picture of a volume that is one
 * row or one column thick, seen along that axis, planes from top to bottom. */
bool picture_slices(const struct picture *picture, struct reader *reader, enum axis along,
                    struct fail *fail);

/* A plane, a row and a column, side by side with captions. Windows are in that order. */
bool picture_views(const struct picture *picture, struct reader *reader, const uint64_t index[AXES],
                   struct fail *fail);

struct montage {
    uint64_t rows, columns; /* of tiles */
    uint64_t gap;           /* pixels between tiles and around them */
    bool labels;            /* plane numbers on the tiles: 0, step, 2 step, ... */
    uint64_t step;
};

/* All planes as tiles, row after row of them; there must be no more planes than tiles. */
bool picture_montage(const struct picture *picture, struct reader *reader,
                     const struct montage *montage, struct fail *fail);

/* Each picture's own minimum and maximum as its window, when it is looked at before it is made. NaN
 * is left out; an infinite sample is a failure that names its place. */
bool picture_slice_windows(struct reader *reader, uint64_t slice_samples, struct window *windows,
                           struct fail *fail);
bool picture_view_windows(struct reader *reader, const uint64_t index[AXES],
                          struct window windows[AXES], struct fail *fail);

#endif
