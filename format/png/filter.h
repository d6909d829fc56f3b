/* PNG's filters: each byte becomes its residual, the difference from a prediction by its
 * neighbours. */
#ifndef FORMAT_PNG_FILTER_H
#define FORMAT_PNG_FILTER_H

#include <stddef.h>

/* Filters a row of n bytes in place with the filter of PNG's five whose residuals, as signed bytes,
 * have the smallest sum of absolute values; of a long row about half the bytes are summed. Returns
 * the filter's number. above: the row above, unfiltered. pixel: bytes of a pixel, at most n. */
unsigned char png_filter_row(unsigned char *row, const unsigned char *above, size_t n,
                             size_t pixel);

#endif
