/* Arithmetic expressions over samples: "(a - b) / max(a, 0.1)". Each operation is done in single
 * precision, as numpy does it with float32 arrays and Python numbers. */
#ifndef COMMON_MATH_EXPRESSION_H
#define COMMON_MATH_EXPRESSION_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

#define EXPRESSION_VARIABLES 26 /* a to z */
#define EXPRESSION_LENGTH 256   /* operations, variables and constants */
#define EXPRESSION_DEPTH 32     /* values that wait for an operation */

/* What is done next to the values on top of a stack. */
enum operation {
    PUSH_VARIABLE,
    PUSH_CONSTANT,
    NEGATE, /* operations with one value */
    ABSOLUTE,
    SQUARE_ROOT,
    ADD, /* operations with two values */
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MINIMUM,
    MAXIMUM,
    LESS, /* and those that give 0 or 1 */
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    EQUAL,
    NOT_EQUAL
};

struct step {
    enum operation operation;
    size_t variable; /* 0 for a, ... */
    float constant;
};

struct expression {
    struct step steps[EXPRESSION_LENGTH];
    size_t length, depth; /* steps; values that wait at most */
    uint32_t used;        /* bit 0 for a, ... */
};

/* The operators are, from the loosest: one of < <= > >= == !=, which give 1 or 0; + -; * /; a sign.
 * Functions: min, max (of two or more values), abs, sqrt. On failure says at which character, from
 * 1. */
MUST_CHECK bool expression_parse(struct expression *expression, const char *text,
                                 struct fail *fail);

/* Whether the result is always 0 or 1. */
bool expression_is_comparison(const struct expression *expression);

/* made[i] becomes the result of variable[0][i], variable[1][i], ...; every NaN is 0x7fc00000.
 * Minimum and maximum of NaN and a number are NaN. made may be one of the variables. */
void expression_run(const struct expression *expression, const float *const *variables, float *made,
                    size_t n);

#endif
