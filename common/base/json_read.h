/* JSON input (RFC 8259): finds values in a text without copying it. In a text that is cut off or
 * broken, the values before that place are found. As some programs write them, NaN and infinities
 * are values too, and strings may contain control characters and bytes that are not UTF-8. */
#ifndef COMMON_BASE_JSON_READ_H
#define COMMON_BASE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/fail.h"

/* A value that begins at text, perhaps after white space, in a JSON text that ends before end. For
 * a whole text of n bytes: {text, text + n}. */
struct json_value {
    const char *text, *end;
};

/* Finds the first member with a key. False: value is not an object or has no such member, at least
 * not before the text is broken or nested more than 64 deep. */
MUST_CHECK bool json_member(struct json_value value, const char *key, struct json_value *member);
/* Finds the item with an index, from 0. False: value is not an array or has fewer items. */
MUST_CHECK bool json_item(struct json_value value, size_t index, struct json_value *item);

/* Copies a string, decoded to UTF-8 and ended with a NUL, or the text of a number or literal. False
 * when value is something else, is cut off, contains a NUL or has more than size - 1 bytes. */
MUST_CHECK bool json_text(struct json_value value, char *text, size_t size);
/* Reads a finite number, or one in a string. */
MUST_CHECK bool json_real(struct json_value value, double *number);

#endif
