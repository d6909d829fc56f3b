/* Deflate (RFC 1951) without a search for repetitions: literals have Huffman codes, and runs of the
 * same pixel are matches. Noise allows no more and smooth images need no more. It is several times
 * as fast as a search and writes the same bytes on every CPU. */
#ifndef FORMAT_PNG_DEFLATE_H
#define FORMAT_PNG_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes that deflate_runs() writes for n bytes. */
size_t deflate_runs_bound(size_t n);

/* Writes v[0..n) as blocks that end with a whole byte; last: they end the stream. distance: bytes
 * from a pixel to the next, 1 to 8. Returns how many bytes it wrote; 0: no memory. */
size_t deflate_runs(const unsigned char *v, size_t n, size_t distance, bool last,
                    unsigned char *to);

#endif
