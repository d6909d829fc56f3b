/* The checksum after every deflated segment, which libtiff does not check: without it, flipped bits
 * become a picture. */
#ifndef FORMAT_TIFF_DECODE_CHECKSUM_H
#define FORMAT_TIFF_DECODE_CHECKSUM_H

#include "format/tiff/decode/page.h"

struct tiff_checksum {
    bool is_deflated; /* else there is nothing to check */
    unsigned predictor;
    uint32_t value;
    unsigned char *row; /* as it was before compression */
    size_t row_capacity;
};

/* Prepares for the segments of the current directory's page. */
void tiff_checksum_page(struct tiff_checksum *checksum, const struct tiff_file *file);
/* Begins a segment. */
void tiff_checksum_begin(struct tiff_checksum *checksum);
/* Adds decoded rows of the segment, in order. False if there is no memory or the rows can't be
 * turned back into the bytes that were compressed. */
bool tiff_checksum_rows(struct tiff_checksum *checksum, const struct tiff_file *file,
                        const struct tiff_page *page, const unsigned char *rows, uint64_t count);
/* After the last row of a segment: whether the checksum is right. */
bool tiff_checksum_agrees(const struct tiff_checksum *checksum, struct tiff_file *file,
                          const struct tiff_page *page, uint32_t segment);
/* How many bytes a segment had before compression if its checksum is right; else 0. As slow as
 * decoding. */
uint64_t tiff_checksum_length(const struct tiff_checksum *checksum, struct tiff_file *file,
                              const struct tiff_page *page, uint32_t segment);
void tiff_checksum_free(struct tiff_checksum *checksum);

#endif
