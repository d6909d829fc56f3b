/* UTF-8 (RFC 3629), character by character. */
#ifndef COMMON_TEXT_UTF8_H
#define COMMON_TEXT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the UTF-8 sequence at text, which ends with a NUL; 0: there is none. */
size_t utf8_length(const char *text);

/* The code of the character at *text, which is not "" and moves after it. A byte that is no UTF-8
 * is a character of Latin-1. */
uint32_t utf8_next(const char **text);

/* Bytes of the character at text that a terminal shows; 0: a control character, or no UTF-8. */
size_t utf8_printable_length(const char *text);
/* Replaces what utf8_printable_length() refuses by question marks. */
void utf8_make_printable(char *text);

#endif
