/* PNG files, written row by row. */
#ifndef FORMAT_PNG_OUT_H
#define FORMAT_PNG_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/fail.h"

enum png_pixels { PNG_GRAY, PNG_PALETTE, PNG_RGB, PNG_RGBA };

struct png_text {
    const char *key;  /* 1 to 79 letters */
    const char *text; /* lines end in \n; other than printable ASCII becomes '?' */
};

#define PNG_FAST (-1) /* runs alone: ~5 times as fast as level 6 for a few percent more bytes */
#define PNG_LARGEST 0x7fffffff

struct png_header {
    uint64_t width, height; /* 1 to PNG_LARGEST */
    enum png_pixels pixels;
    unsigned depth;                    /* bits a sample: 8, or 16 but for palettes */
    const unsigned char (*palette)[3]; /* 256 colours */
    int level;                         /* deflate's 0 to 9, or PNG_FAST */

    /* How wide and high a pixel is: in metres, or only in proportion. 0 or NAN: unknown. */
    double pixel_width, pixel_height;
    bool in_metres;

    const struct png_text *texts;
    size_t text_count;
};

struct png_out;

/* Begins a picture in path (output.h's rules: NULL is standard output). What header points to must
 * last until png_out_close(). NULL on failure. */
struct png_out *png_out_create(const char *path, const struct png_header *header,
                               struct fail *fail);

/* The next row: its samples pixel after pixel, those of 16 bits with the higher byte first. */
bool png_out_row(struct png_out *out, const unsigned char *row, struct fail *fail);

/* Ends the picture and frees out; NULL is allowed. whole: all rows were written and nothing failed;
 * else no file appears. Returns whole, or false when ending it failed. */
bool png_out_close(struct png_out *out, bool whole, struct fail *fail);

#endif
