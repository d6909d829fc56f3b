/* JSON output. */
#ifndef COMMON_BASE_JSON_H
#define COMMON_BASE_JSON_H

#include <stdint.h>

#include "common/base/output.h"

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

#endif
