/* Deflate (RFC 1951) without a search for repetitions: bytes are coded by how often they come, and
 * runs of the same pixel by their length. That is all that noise allows and what smooth pictures
 * need; it is several times as fast as a search, and the same bytes on every CPU. */
#ifndef FORMAT_PNG_DEFLATE_H
#define FORMAT_PNG_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that deflate_runs() may write for n bytes. */
size_t deflate_runs_bound(size_t n);

/* Writes v[0..n) as blocks that end on a byte; last: the stream ends with them. distance: bytes
 * from a pixel to the next, 1 to 8. Returns how many bytes it wrote. */
size_t deflate_runs(const unsigned char *v, size_t n, size_t distance, bool last,
                    unsigned char *to);

#endif
