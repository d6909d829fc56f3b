/* The checksum behind every deflated strip and tile, which libtiff does not look at: without it,
 * flipped bits become a picture. */
#ifndef FORMAT_TIFF_DECODE_CHECKSUM_H
#define FORMAT_TIFF_DECODE_CHECKSUM_H

#include "format/tiff/decode/page.h"

struct tiff_checksum {
    bool is_deflated;
    unsigned predictor;
    uint32_t value;
    unsigned char *row; /* as it was before it was compressed */
    size_t row_room;
};

/* Before the units of the page entered. */
void tiff_checksum_page(struct tiff_checksum *checksum, const struct tiff_file *file);
/* Before a unit, and for its rows as they were decoded, in order. False: no memory. */
void tiff_checksum_begin(struct tiff_checksum *checksum);
bool tiff_checksum_rows(struct tiff_checksum *checksum, const struct tiff_file *file,
                        const struct tiff_page *page, const unsigned char *rows, uint64_t count);
/* Behind the last row of a unit: these are the bytes that were compressed. */
bool tiff_checksum_agrees(const struct tiff_checksum *checksum, const struct tiff_file *file,
                          const struct tiff_page *page, uint32_t unit);
/* How many bytes were compressed, if they agree with their checksum; else 0. Takes as long as
 * decoding. */
uint64_t tiff_checksum_length(const struct tiff_checksum *checksum, const struct tiff_file *file,
                              const struct tiff_page *page, uint32_t unit);
void tiff_checksum_free(struct tiff_checksum *checksum);

#endif
