/* Integers of 768 bits in two's complement, which hold any sum of floats or of their squares
 * without rounding. */
#ifndef COMMON_MATH_INT768_H
#define COMMON_MATH_INT768_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/fail.h"

__extension__ typedef unsigned __int128 uint128;

#define INT768_LIMBS 12

struct int768 {
    uint64_t limb[INT768_LIMBS]; /* lowest first */
};

bool int768_is_negative(const struct int768 *number);
bool int768_is_zero(const struct int768 *number);
void int768_negate(struct int768 *number);
void int768_add(struct int768 *to, const struct int768 *number);
/* Adds number << shift. */
void int768_add_shifted(struct int768 *to, uint128 number, unsigned shift);
void int768_multiply(struct int768 *number, uint64_t factor);
/* number * number; number >= 0. */
struct int768 int768_square(const struct int768 *number);
/* The next three treat the number as unsigned. */
/* Shifts left until the highest bit is set; returns by how many bits. number > 0. */
unsigned int768_normalize(struct int768 *number);
/* Returns whether there is a remainder. */
bool int768_divide(struct int768 *number, uint64_t divisor);
/* number * 2^exponent, correctly rounded; more: number is short of the true value by less than 1.
 * The result must be a normal double or 0. */
double int768_to_double(const struct int768 *number, bool more, int exponent);

/* The same of a number of either sign. */
double int768_value(const struct int768 *number, int exponent);

/* As hexadecimal text, with a minus sign if negative. */
#define INT768_TEXT_SIZE (INT768_LIMBS * 16 + 2)
void int768_text(const struct int768 *number, char text[INT768_TEXT_SIZE]);
/* False where the text is no such number. */
MUST_CHECK bool int768_parse(const char *text, struct int768 *number);

#endif
