/* One PNG file: what stands around its pixels, by libpng; the pixels come in as a zlib stream. */
#ifndef FORMAT_PNG_FILE_H
#define FORMAT_PNG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

enum png_pixels { PNG_GRAY, PNG_PALETTE, PNG_RGB, PNG_RGBA };

struct png_text {
    const char *key;  /* 1 to 79 letters */
    const char *text; /* UTF-8; lines end in \n, other control characters become '?' */
};

#define PNG_LARGEST 0x7fffffff /* width, height */
#define PNG_LONGEST (1u << 30) /* bytes of a row */

struct png_header {
    uint64_t width, height; /* 1 to PNG_LARGEST */
    enum png_pixels pixels;
    unsigned depth;                    /* bits a sample: 8, or 16 but for palettes */
    const unsigned char (*palette)[3]; /* 256 colours */

    /* How wide and high a pixel is: in metres, or only in proportion. 0 or NAN: unknown. */
    double pixel_width, pixel_height;
    bool in_metres;

    const struct png_text *texts;
    size_t text_count;
};

/* Bytes of a pixel, and of a row. */
size_t png_pixel_bytes(const struct png_header *header);
uint64_t png_row_bytes(const struct png_header *header);

struct png_file;

/* Begins a file in path (output.h's rules: NULL is standard output). NULL on failure. */
struct png_file *png_file_create(const char *path, const struct png_header *header,
                                 struct fail *fail);

/* For messages. */
const char *png_file_name(const struct png_file *file);

/* The next part of the zlib stream of filtered rows: a chunk of its own. */
bool png_file_pixels(struct png_file *file, const unsigned char *bytes, size_t n,
                     struct fail *fail);

/* Ends the file and frees it; NULL is allowed. whole: the stream is complete and nothing failed;
 * else no file appears. Returns whole, or false when ending it failed. */
bool png_file_close(struct png_file *file, bool whole, struct fail *fail);

#endif
