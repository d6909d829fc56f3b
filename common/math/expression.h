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
    LOGARITHM,
    EXPONENTIAL,
    ROUND,
    FLOOR,
    CEILING,
    NOT, /* and those that give 0 or 1 */
    IS_NAN,
    IS_FINITE,
    ADD, /* operations with two values */
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    POWER,
    MINIMUM,
    MAXIMUM,
    LESS, /* and those that give 0 or 1 */
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    EQUAL,
    NOT_EQUAL,
    AND,
    OR,
    CHOOSE /* of three values: the second where the first is not 0, else the third */
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

/* The operators are, from the loosest: c ? a : b; ||; &&; one of < <= > >= == !=; + -; * /; a sign
 * and !; ^ (from the right). Functions: min, max (of two or more values), pow (of two), abs, sqrt,
 * log, exp, round, floor, ceil, isnan, isfinite; the constant nan. On failure says at which
 * character, from 1. */
MUST_CHECK bool expression_parse(struct expression *expression, const char *text,
                                 struct fail *fail);

/* What is known of a volume's samples, or of a result. */
struct expression_range {
    bool whole;   /* whole numbers from 0 to most */
    bool logical; /* these are 0 and 1, a mask */
    double most;
};

/* The same of the result: comparisons are logical, and what is whole stays whole by sums, products,
 * choices, smaller and larger ones, and roundings. */
struct expression_range
expression_result(const struct expression *expression,
                  const struct expression_range variables[EXPRESSION_VARIABLES]);

/* made[i] becomes the result of variable[0][i], variable[1][i], ...; every NaN is 0x7fc00000.
 * Minimum and maximum of NaN and a number are NaN; what is not 0 is true, NaN too. made may be one
 * of the variables. */
void expression_run(const struct expression *expression, const float *const *variables, float *made,
                    size_t n);

#endif
