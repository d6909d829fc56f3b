/* Samples that are no C type, made into those of one. */
#ifndef FORMAT_TIFF_DECODE_UNPACK_H
#define FORMAT_TIFF_DECODE_UNPACK_H

#include "format/tiff/decode/page.h"

/* Takes n samples of a row, as page stores them, out to every step-th byte, as page->number in this
 * machine's byte order. swapped: they are in the other one. */
void tiff_unpack(const struct tiff_page *page, bool swapped, const unsigned char *from, size_t n,
                 unsigned char *to, size_t step);

/* In place, n numbers of page->number: the largest that page->bits can hold minus each. */
void tiff_invert(const struct tiff_page *page, void *numbers, size_t n);

/* In place, n indices of page->number become red, green and blue, 16 bits each. */
void tiff_color(const struct tiff_page *page, uint16_t *const colors[3], void *indices, size_t n);

#endif
