/* JSON in (RFC 8259): values are found in a text where they stand, nothing is copied. A text that
 * was cut off, or is broken somewhere, yields what stands before that. As some programs write them,
 * NaN and infinities are values too, and strings may contain control characters and bytes that are
 * no UTF-8. */
#ifndef COMMON_BASE_JSON_READ_H
#define COMMON_BASE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>

/* A value that begins at text, perhaps after white space, in a JSON text that ends before end. For
 * a whole text of n bytes: {text, text + n}. */
struct json_value {
    const char *text, *end;
};

/* The member with a key. False: value is no object or has no such member (none before the text is
 * cut off, or before an array or object more than 64 deep). The first of several counts. */
bool json_member(struct json_value value, const char *key, struct json_value *member);
/* An item of an array, the first is 0. False: value is no array or has fewer items. */
bool json_item(struct json_value value, size_t index, struct json_value *item);

/* A string, decoded to UTF-8 and ended with a NUL; of other values that are neither array nor
 * object, their text. False when it is cut off, contains a NUL or has more than size - 1 bytes. */
bool json_text(struct json_value value, char *text, size_t size);
/* A finite number; a string that contains nothing else counts too. */
bool json_real(struct json_value value, double *number);

#endif
