/* JSON out, the few pieces that our programs print. */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <stdint.h>

#include "common/output.h"

/* A quoted string; a byte that is no printable ASCII becomes \u00XX. */
bool json_string(struct output *output, const char *text, struct fail *fail);
/* The shortest number that reads back the same; null for what JSON has no word for. */
bool json_number(struct output *output, double number, struct fail *fail);
/* [a, b, ...] */
bool json_numbers(struct output *output, const double *numbers, size_t count, struct fail *fail);

#endif
