/* Logarithm, exponential and power of spans of samples: the true value rounded to float, or in one
 * case of some ten thousand its neighbour (at most 0.5001 units in the last place off), with the
 * same bits on every machine, compiler and vector unit. */
#ifndef COMMON_MATH_ELEMENTARY_H
#define COMMON_MATH_ELEMENTARY_H

#include <stddef.h>

/* made may be a or b. Of 0, infinities, NaN and numbers without a logarithm or power the result is
 * as C and numpy have it, but any NaN. */
void elementary_log(const float *a, float *made, size_t n); /* the natural one */
void elementary_exp(const float *a, float *made, size_t n);
/* a[i] to the power of b[i]; the powers -1, 0.5 and 2 of finite samples are correctly rounded. */
void elementary_power(const float *a, const float *b, float *made, size_t n);

#endif
