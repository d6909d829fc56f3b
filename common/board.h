/* A board: panels of held pixels on white, with captions, drawn row by row. */
#ifndef COMMON_BOARD_H
#define COMMON_BOARD_H

#include "common/picture.h"
#include "common/scratch.h"

#define CAPTION_SIZE 48

struct caption {
    char text[CAPTION_SIZE]; /* "": none */
    uint64_t left, top;
    unsigned scale; /* pixels to a dot of the font */
    bool boxed;     /* white on a black box, for a caption that lies on a panel; else black */
};

struct panel {
    uint64_t held_at; /* where its rows begin in the scratch, one behind the other */
    uint64_t samples_wide, samples_high; /* as they are held */
    uint64_t left, top, width, height;   /* as they are drawn, in pixels of the board */
    struct caption caption;
};

struct board {
    const struct picture *picture;
    struct scratch *scratch;
    uint64_t width, height;
    const struct panel *panels;
    size_t count;
};

/* The size of a caption in pixels, its box counted. */
uint64_t caption_width(const struct caption *caption);
uint64_t caption_height(const struct caption *caption);

/* Hands every row of the board to the picture's taker. */
bool board_draw(const struct board *board, struct fail *fail);

#endif
