/* A canvas: tiles on white, with captions, that is written to an image row by row. */
#ifndef COMMON_PICTURE_CANVAS_H
#define COMMON_PICTURE_CANVAS_H

#include "common/io/scratch.h"
#include "common/picture/caption.h"

struct tile {
    uint64_t levels_at;                /* where its levels begin in the scratch, row after row */
    uint64_t columns, rows;            /* of levels */
    uint64_t left, top, width, height; /* in pixels of the canvas */
    struct caption caption;
};

struct canvas {
    const struct picture *picture;
    struct scratch *scratch;
    uint64_t width, height;
    const struct tile *tiles;
    size_t count;
    const struct scale_bar *bar; /* NULL: none */
};

/* Writes the rows of the canvas, which are the next rows of the image. */
MUST_CHECK bool canvas_write(const struct canvas *canvas, struct fail *fail);

#endif
