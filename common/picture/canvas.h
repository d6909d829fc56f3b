/* A canvas: tiles on white, with captions, that is written to an image row by row. */
#ifndef COMMON_PICTURE_CANVAS_H
#define COMMON_PICTURE_CANVAS_H

#include "common/picture/picture.h"
#include "common/picture/scratch.h"

#define CAPTION_SIZE 48

struct caption {
    char text[CAPTION_SIZE]; /* "": none */
    uint64_t left, top;
    unsigned scale; /* pixels to a dot of the font */
    bool boxed;     /* white on a black box, for a caption on a tile; else black */
};

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
};

/* The size of a caption in pixels, with its box. */
uint64_t caption_width(const struct caption *caption);
uint64_t caption_height(const struct caption *caption);

/* Writes the rows of the canvas, which are the next rows of the image. */
MUST_CHECK bool canvas_write(const struct canvas *canvas, struct fail *fail);

#endif
