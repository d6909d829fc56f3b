/* JSON (RFC 8259), written to an output and read from a text. */
#ifndef COMMON_TEXT_JSON_H
#define COMMON_TEXT_JSON_H

#include <stdint.h>

#include "common/io/output.h"

/* ---- writing ---- */

/* A quoted string. Bytes of text that are not UTF-8 are read as Latin-1. The output contains no
 * '<', so that it can be put into a script element of a page. */
MUST_CHECK bool json_string(struct output *output, const char *text, struct fail *fail);
/* The key of a member that is not an object's first: ,\n  "key": */
MUST_CHECK bool json_key(struct output *output, const char *key, struct fail *fail);
/* The same without a new line: , "key": */
MUST_CHECK bool json_key_inline(struct output *output, const char *key, struct fail *fail);
/* The shortest number that reads back as the same; null for NaN and infinities. */
MUST_CHECK bool json_number(struct output *output, double number, struct fail *fail);
/* [a, b, ...] */
MUST_CHECK bool json_numbers(struct output *output, const double *numbers, size_t count,
                             struct fail *fail);
MUST_CHECK bool json_strings(struct output *output, const char *const *texts, size_t count,
                             struct fail *fail);

/* ---- reading ---- */

/* Values are found in a text without copying it. In a text that is cut off or broken, the values
 * before that place are found. As some programs write them, NaN and infinities are values too, and
 * strings may contain control characters and bytes that are not UTF-8. */

/* A value that begins at text, perhaps after white space, in a JSON text that ends before end. For
 * a whole text of n bytes: {text, text + n}. */
struct json_value {
    const char *text, *end;
};

/* Finds the first member with a key. False: value is not an object or has no such member, at least
 * not before the text is broken or nested more than 64 deep. */
MUST_CHECK bool json_member(struct json_value value, const char *key, struct json_value *member);
/* Finds the key, a string, of the member with an index, from 0. False: value is not an object or
 * has fewer members. */
MUST_CHECK bool json_member_key(struct json_value value, size_t index, struct json_value *key);
/* Finds the item with an index, from 0. False: value is not an array or has fewer items. */
MUST_CHECK bool json_item(struct json_value value, size_t index, struct json_value *item);

/* Copies a string, decoded to UTF-8 and ended with a NUL, or the text of a number or literal. False
 * when value is something else, is cut off, contains a NUL or has more than size - 1 bytes. */
MUST_CHECK bool json_text(struct json_value value, char *text, size_t size);
/* Reads a finite number, or one in a string. */
MUST_CHECK bool json_real(struct json_value value, double *number);

#endif
