/* Numbers from text and to text, in any locale; the smaller of two; sums that are checked. */
#ifndef COMMON_TEXT_NUMBER_H
#define COMMON_TEXT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* A decimal number, the whole text, finite. False otherwise ("", "1x", "0x10", "inf", "nan"). */
MUST_CHECK bool number_real(const char *text, double *value);
/* The same, but nan and infinities are accepted too, in upper or lower case. */
MUST_CHECK bool number_any(const char *text, double *value);
/* A whole number in the range of the type, of decimal digits alone (the second may have a sign). */
MUST_CHECK bool number_count(const char *text, uint64_t *value);
MUST_CHECK bool number_integer(const char *text, int64_t *value);
/* Exactly n decimal numbers separated by commas. */
MUST_CHECK bool number_reals(const char *text, double *values, size_t n);

/* The shortest decimal text that reads back as the same double (or, for the second, float). */
#define NUMBER_SIZE 32
const char *number_text(double value, char text[NUMBER_SIZE]);
const char *number_text_float(float value, char text[NUMBER_SIZE]);

/* numpy's slice A:B:S: each part may be missing; negative counts from the end; S >= 1. A single
 * integer I selects index I, which must exist. */
struct slice {
    bool has_start, has_stop, single;
    int64_t start, stop;
    uint64_t step; /* 0 in a slice that was never set: everything */
};
MUST_CHECK bool slice_parse(const char *text, struct slice *slice, struct fail *fail);
/* Applies a slice to an axis of `size` samples: first index, number of indices, step. False (fail
 * set, with the name of the axis) when nothing is left or a single index lies outside. */
MUST_CHECK bool slice_apply(const struct slice *slice, uint64_t size, const char *axis,
                            uint64_t *first, uint64_t *count, uint64_t *step, struct fail *fail);

/* A byte of a table that is written as text, two hexadecimal digits in lower case each. */
static inline unsigned number_hex_digit(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

static inline unsigned number_hex_byte(const char pair[2])
{
    return number_hex_digit(pair[0]) << 4 | number_hex_digit(pair[1]);
}

#endif
