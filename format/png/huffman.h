/* Huffman codes as deflate (RFC 1951) has them: of limited length, canonical, lowest bit first. */
#ifndef FORMAT_PNG_HUFFMAN_H
#define FORMAT_PNG_HUFFMAN_H

#include <stddef.h>
#include <stdint.h>

#define HUFFMAN_SYMBOLS 288   /* at most */
#define HUFFMAN_MAX_LENGTH 15 /* bits of a code, at most */

/* The lengths of a code for n symbols that come counts[i] times each, 2^23 - 1 at most: `longest`
 * bits at most, 2^longest at least n; 0 for a symbol that does not come, 1 for one that is alone.
 */
void huffman_lengths(const uint32_t *counts, size_t n, unsigned longest, uint8_t *lengths);

/* The code of each symbol that has a length. */
void huffman_codes(const uint8_t *lengths, size_t n, uint16_t *codes);

#endif
