/* A band of a PNG image: some of its rows, which are filtered and compressed without the others, so
 * that threads can work on several bands. The compressed bands, one after the other and followed by
 * a checksum, are one zlib stream (RFC 1950). */
#ifndef FORMAT_PNG_BAND_H
#define FORMAT_PNG_BAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

#define PNG_FAST (-1) /* a level: search for repetitions only where that pays */

/* How an image is divided into bands; depends on the image alone. */
struct png_band_layout {
    size_t row_size;   /* bytes of a row, with one before it for its filter */
    size_t pixel_size; /* bytes, 1 to 8 */
    int level;         /* deflate's 0 to 9, or PNG_FAST */
    size_t rows;       /* max of a band */
    size_t overlap;    /* max of rows that are copied from the band before; at least 1 */
};

struct png_band {
    struct png_band_layout layout;
    unsigned char *bytes; /* the rows copied from the band before, then its own */
    size_t overlap, rows; /* how many of each */
    bool is_first, is_last;
    void *image; /* to which it belongs; for the caller */

    unsigned char *compressed;
    size_t compressed_size; /* 0: zlib failed */
    uint32_t checksum;      /* Adler-32 of its own filtered rows */

    size_t bytes_capacity, compressed_capacity;
};

struct png_compressor;

struct png_band_layout png_band_layout(size_t row_bytes, size_t pixel_bytes, int level);

/* Makes a band, zeroed or used before, an empty one: the first of an image, or the one after
 * `before`, which must be full and not compressed yet. */
MUST_CHECK bool png_band_begin(struct png_band *band, const struct png_band_layout *layout,
                               const struct png_band *before, struct fail *fail);
/* Adds the next row, without the byte for its filter. Returns whether the band is full now. */
bool png_band_add_row(struct png_band *band, const unsigned char *row);
/* Filters and compresses a band. Leaves 4 bytes free after the compressed ones. */
void png_band_compress(struct png_compressor *compressor, struct png_band *band);
void png_band_free(struct png_band *band);

/* NULL: no memory. All bands that it compresses must have the same level. */
struct png_compressor *png_compressor_open(void);
void png_compressor_close(struct png_compressor *compressor); /* NULL is allowed */

#endif
