/* JSON out, the few pieces that our programs print. */
#ifndef COMMON_BASE_JSON_H
#define COMMON_BASE_JSON_H

#include <stdint.h>

#include "common/base/output.h"

/* A quoted string of UTF-8; other bytes are taken for Latin-1. It holds no '<', so that it may
 * stand in a script element of a page. */
MUST_CHECK bool json_string(struct output *output, const char *text, struct fail *fail);
/* The key of a member that is not an object's first: ,\n  "key": */
MUST_CHECK bool json_key(struct output *output, const char *key, struct fail *fail);
/* The same without a new line: , "key": */
MUST_CHECK bool json_key_inline(struct output *output, const char *key, struct fail *fail);
/* The shortest number that reads back the same; null for what JSON has no word for. */
MUST_CHECK bool json_number(struct output *output, double number, struct fail *fail);
/* [a, b, ...] */
MUST_CHECK bool json_numbers(struct output *output, const double *numbers, size_t count,
                             struct fail *fail);
MUST_CHECK bool json_strings(struct output *output, const char *const *texts, size_t count,
                             struct fail *fail);

#endif
