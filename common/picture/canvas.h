/* A board: panels of held pixels on white, with captions, drawn row by row. */
#ifndef COMMON_PICTURE_CANVAS_H
#define COMMON_PICTURE_CANVAS_H

#include "common/base/scratch.h"
#include "common/picture/picture.h"

#define CAPTION_SIZE 48

struct caption {
    char text[CAPTION_SIZE]; /* "": none */
    uint64_t left, top;
    unsigned scale; /* pixels to a dot of the font */
    bool boxed;     /* white on a black box, for a caption that lies on a panel; else black */
};

struct tile {
    uint64_t held_at; /* where its rows begin in the scratch, one behind the other */
    uint64_t samples_wide, samples_high; /* as they are held */
    uint64_t left, top, width, height;   /* as they are drawn, in pixels of the board */
    struct caption caption;
};

struct canvas {
    const struct picture *picture;
    struct scratch *scratch;
    uint64_t width, height;
    const struct tile *tiles;
    size_t count;
};

/* The size of a caption in pixels, its box counted. */
uint64_t caption_width(const struct caption *caption);
uint64_t caption_height(const struct caption *caption);

/* Hands every row of the board to the picture's taker. */
bool canvas_draw(const struct canvas *canvas, struct fail *fail);

#endif
