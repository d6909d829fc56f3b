/* Samples that are stored as no C type become one, and stored numbers become what they mean. */
#ifndef FORMAT_TIFF_DECODE_UNPACK_H
#define FORMAT_TIFF_DECODE_UNPACK_H

#include "format/tiff/decode/page.h"

/* Unpacks n samples of a row from the page's storage to type page->unpacked, in this machine's byte
 * order, one every `step` bytes. swapped: the stored ones are in the other byte order. */
void tiff_unpack(const struct tiff_page *page, bool swapped, const unsigned char *from, size_t n,
                 unsigned char *to, size_t step);

/* In place, n numbers of type page->unpacked: the largest that page->bits can hold minus each. */
void tiff_invert(const struct tiff_page *page, void *numbers, size_t n);

/* In place: n indices of type page->unpacked become red, green and blue, 16 bits each. */
void tiff_color(const struct tiff_page *page, uint16_t *const colors[3], void *indices, size_t n);

#endif
