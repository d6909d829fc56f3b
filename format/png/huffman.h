/* Huffman codes for deflate (RFC 1951): of limited length, canonical, lowest bit first. */
#ifndef FORMAT_PNG_HUFFMAN_H
#define FORMAT_PNG_HUFFMAN_H

#include <stddef.h>
#include <stdint.h>

#define HUFFMAN_MAX_SYMBOLS 288
#define HUFFMAN_MAX_LENGTH 15 /* bits of a code */

/* Sets lengths to those of a code, in bits, for n symbols of which symbol i occurs counts[i] times:
 * 0 for a symbol that does not occur, 1 for one that is alone. counts[i] < 2^23; n <= 2^max_length.
 */
void huffman_lengths(const uint32_t *counts, size_t n, unsigned max_length, uint8_t *lengths);

/* Sets the codes of the symbols; 0 for those without a length. */
void huffman_codes(const uint8_t *lengths, size_t n, uint16_t *codes);

#endif
