/* PNG's filters: of each byte is left by how much it differs from what its neighbours foretell. */
#ifndef FORMAT_PNG_FILTER_H
#define FORMAT_PNG_FILTER_H

#include <stddef.h>

/* Filters a row of n bytes in place, by that of PNG's five filters which leaves the least, summed
 * up over signed bytes; returns its number. above: the row above as it was before it was filtered.
 * pixel: bytes of a pixel, of which there is one at least. */
unsigned char png_filter_row(unsigned char *row, const unsigned char *above, size_t n,
                             size_t pixel);

#endif
