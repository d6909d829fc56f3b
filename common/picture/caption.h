/* Captions and scale bars, drawn on the rows of an image. */
#ifndef COMMON_PICTURE_CAPTION_H
#define COMMON_PICTURE_CAPTION_H

#include "common/picture/picture.h"

#define CAPTION_SIZE 48

struct caption {
    char text[CAPTION_SIZE]; /* "": none */
    uint64_t left, top;
    unsigned scale; /* pixels to a dot of the font */
    bool boxed;     /* white on a black box, for a caption on a tile; else black */
};

/* Pixels to a dot, for captions that grow with an image of that size. */
unsigned caption_scale(uint64_t width, uint64_t height);

/* The size of a caption in pixels, with its box. */
uint64_t caption_width(const struct caption *caption);
uint64_t caption_height(const struct caption *caption);

/* Draws what belongs to row y of an image on its pixels, `width` of them. */
void caption_draw(const struct caption *caption, const struct picture *picture,
                  unsigned char *pixels, uint64_t width, uint64_t y);

/* A bar with its length above it, mostly white on a black box. */
struct scale_bar {
    struct caption caption; /* not boxed: the bar's box contains it */
    bool has_box, is_white;
    uint64_t left, top, width, height; /* of the box; width 0: no bar */
    uint64_t bar_left, bar_top, bar_width, bar_height;
};

/* Places the picture's bar, if it has one, in a corner of a part of the image, from
 * left and top on. A round length is about a fifth of the part. Fails where it doesn't fit. */
MUST_CHECK bool scale_bar_place(struct scale_bar *bar, const struct picture *picture, uint64_t left,
                                uint64_t top, uint64_t width, uint64_t height, struct fail *fail);

void scale_bar_draw(const struct scale_bar *bar, const struct picture *picture,
                    unsigned char *pixels, uint64_t width, uint64_t y);

#endif
