/* Whole numbers of 768 bits in two's complement: wide enough for every sum of floats and of their
 * squares without rounding. */
#ifndef COMMON_WIDE_H
#define COMMON_WIDE_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 uint128;

#define WIDE_LIMBS 12

struct wide {
    uint64_t limb[WIDE_LIMBS]; /* the lowest first */
};

bool wide_is_negative(const struct wide *number);
bool wide_is_zero(const struct wide *number);
void wide_negate(struct wide *number);
void wide_add(struct wide *to, const struct wide *number);
/* Adds number << shift. */
void wide_add_shifted(struct wide *to, uint128 number, unsigned shift);
void wide_multiply(struct wide *number, uint64_t factor);
/* number * number, number >= 0. */
struct wide wide_square(const struct wide *number);
/* The next three take a number without a sign. */
/* Shifts left until the highest bit is used; returns by how much. number > 0. */
unsigned wide_normalize(struct wide *number);
/* Returns whether a remainder was dropped. */
bool wide_divide(struct wide *number, uint64_t divisor);
/* (number, and where more is true less than 1 more) * 2^exponent, correctly rounded; the result
 * must be a normal double or 0. */
double wide_double(const struct wide *number, bool more, int exponent);

/* Hexadecimal, with a sign where negative. */
#define WIDE_TEXT_SIZE (WIDE_LIMBS * 16 + 2)
void wide_text(const struct wide *number, char text[WIDE_TEXT_SIZE]);
bool wide_parse(const char *text, struct wide *number);

#endif
