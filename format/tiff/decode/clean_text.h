/* XML from a file as UTF-8 that a parser accepts, whatever its bytes and its declaration are. */
#ifndef FORMAT_TIFF_DECODE_CLEAN_TEXT_H
#define FORMAT_TIFF_DECODE_CLEAN_TEXT_H

#include "common/base/fail.h"

#define CLEAN_CHUNK 16384
#define CLEAN_SIZE (3 * (CLEAN_CHUNK + 4)) /* bytes that a chunk can become */

/* Bytes [at, end) of a file, or up to the first NUL. Start with {.fd, .at, .end}. */
struct clean_text {
    int fd;
    uint64_t at, end;
    bool is_begun, is_ended;
    char raw[CLEAN_CHUNK + 4]; /* and a NUL */
    size_t kept;               /* bytes of raw from the last chunk, an incomplete character */
};

/* Writes the next part of the text: valid characters as they are, any other byte as the Latin-1
 * character of its number, what XML can't hold as U+FFFD. An XML declaration and what precedes it
 * (blanks, a byte order mark) become blanks. is_ended is set after the last part. False, with errno
 * set, when a read fails. */
MUST_CHECK bool clean_text_next(struct clean_text *text, char to[CLEAN_SIZE], size_t *n);

/* The first '<' of a text that begins with XML, after blanks and a byte order mark; NULL if it does
 * not. */
const char *clean_text_begin(const char *text);

#endif
