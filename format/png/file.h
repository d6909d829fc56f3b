/* A PNG file: libpng writes everything but the pixels, which the caller has compressed. */
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

#define PNG_MAX_SIZE 0x7fffffff /* width, height */
#define PNG_MAX_ROW_BYTES (1u << 30)

struct png_header {
    uint64_t width, height; /* 1 to PNG_MAX_SIZE */
    enum png_pixels pixels;
    unsigned depth;                    /* bits a sample: 8, or 16 without a palette */
    const unsigned char (*palette)[3]; /* 256 colours, for PNG_PALETTE */

    double pixel_width, pixel_height; /* in one unit; 0 or NAN: unknown */
    bool in_metres;                   /* whether that unit is the metre */

    const struct png_text *texts;
    size_t text_count;
};

/* Bytes of a pixel, and of a row. */
size_t png_pixel_bytes(const struct png_header *header);
uint64_t png_row_bytes(const struct png_header *header);

struct png_file;

/* Begins a file in path (by output.h's rules: NULL is standard output). NULL on failure. */
MUST_CHECK struct png_file *png_file_create(const char *path, const struct png_header *header,
                                            struct fail *fail);

/* For messages. */
const char *png_file_name(const struct png_file *file);

/* Writes the next part of the zlib stream of filtered rows as a chunk. */
MUST_CHECK bool png_file_pixels(struct png_file *file, const unsigned char *bytes, size_t n,
                                struct fail *fail);

/* Ends the file and frees it; NULL is allowed. whole: the stream is complete and nothing failed;
 * otherwise no file appears. Returns whole, or false when ending the file failed. */
bool png_file_close(struct png_file *file, bool whole, struct fail *fail);

#endif
