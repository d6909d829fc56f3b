/* Numbers as text, both ways; the locale never changes them. */
#ifndef COMMON_BASE_NUMBER_H
#define COMMON_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* A decimal number, the whole text, finite. False otherwise ("", "1x", "0x10", "inf", "nan"). */
bool number_real(const char *text, double *value);
/* A number that a file may leave unknown: also takes nan and infinities, in any case. */
bool number_any(const char *text, double *value);
/* A whole number, decimal digits alone (with a sign for the second), in range of the type. */
bool number_count(const char *text, uint64_t *value);
bool number_integer(const char *text, int64_t *value);
/* Exactly n decimal numbers separated by commas. */
bool number_reals(const char *text, double *values, size_t n);

/* The shortest decimal text that reads back as the same double (or, for the second, float). */
#define NUMBER_SIZE 32
const char *number_text(double value, char text[NUMBER_SIZE]);
const char *number_text_float(float value, char text[NUMBER_SIZE]);

/* numpy's slice A:B:S: each part may be missing; negative counts from the end; S >= 1. A single
 * integer I is the slice that holds I alone (and must exist). */
struct slice {
    bool has_start, has_stop, single;
    int64_t start, stop;
    uint64_t step; /* 0 in a slice that was never set: everything */
};
bool slice_parse(const char *text, struct slice *slice, struct fail *fail);
/* Applies it to an axis of `size` samples: first index, how many, step. False (fail set, naming the
 * axis) when nothing is left or a single index lies outside. */
bool slice_apply(const struct slice *slice, uint64_t size, const char *axis, uint64_t *first,
                 uint64_t *count, uint64_t *step, struct fail *fail);

#endif
