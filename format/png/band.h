/* A band of a PNG picture: some of its rows, filtered and deflated apart from all others, so that
 * bands can be made side by side. What they become follows one another as one zlib stream. */
#ifndef FORMAT_PNG_BAND_H
#define FORMAT_PNG_BAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

#define PNG_FAST (-1) /* a level: no search for repetitions where they don't pay */

/* How a picture is cut into bands, which depends on the picture alone. */
struct png_cut {
    size_t row;   /* bytes of a row, with one in front for its filter */
    size_t pixel; /* bytes of a pixel, 1 to 8 */
    int level;    /* deflate's 0 to 9, or PNG_FAST */
    size_t rows;  /* of a band at most */
    size_t lead;  /* rows of the band before that a band begins with at most, 1 at least */
};

struct png_band {
    struct png_cut cut;
    unsigned char *bytes; /* the rows that lead, then its own */
    size_t lead, rows;    /* how many they are */
    bool first, last;     /* of its picture */
    void *owner;          /* for whoever gives the band */

    unsigned char *packed;
    size_t packed_size; /* 0: zlib failed */
    uint32_t check;     /* Adler-32 of its own rows */

    size_t bytes_room, packed_room;
};

struct png_cut png_cut(size_t row_bytes, size_t pixel_bytes, int level);

/* Makes a band an empty one of such a picture: the first, or the one behind `before`, which is full
 * and not packed yet. Memory of the band is used again. */
bool png_band_begin(struct png_band *band, const struct png_cut *cut, const struct png_band *before,
                    struct fail *fail);
/* The next row, without a byte for its filter. True when the band is full. */
bool png_band_put(struct png_band *band, const unsigned char *row);
/* As pool_work: the worker is of png_packer_open(). What is packed has room for 4 bytes more. */
void png_band_pack(void *worker, void *job);
void png_band_free(struct png_band *band);

struct png_packer;
/* NULL: no memory. */
struct png_packer *png_packer_open(void);
void png_packer_close(struct png_packer *packer);

#endif
