/* The logarithm to base 2 and its inverse in vector loops: in double, with nothing but IEEE + - * /
 * and integer operations, whose results the standard fixes: no function of the C library, no fused
 * multiply-add. The coefficients are Chebyshev interpolations, from tests/reference/power.py. */
#ifndef COMMON_KERNEL_EXPONENT_H
#define COMMON_KERNEL_EXPONENT_H

#include <float.h>

#include "common/kernel/bits.h"

_Static_assert(FLT_EVAL_METHOD == 0 || FLT_EVAL_METHOD == 1,
               "double must be evaluated as double: on 32-bit x86, use -msse2 -mfpmath=sse");

/* Splits x > 0 into 2^k m with m in [sqrt(1/2), sqrt(2)), so that k is 0 around 1 and nothing
 * cancels; s = (m-1) / (m+1). x is the value of a float, so as a double it is never subnormal. */
static inline CPU_INLINE void split(double x, double *k, double *s)
{
    const uint64_t one = 0x3ff0000000000000u;
    const uint64_t root_of_half = 0x3fe6a09e667f3bcdu;
    const uint64_t fraction = 0x000fffffffffffffu;
    const uint64_t unit = 0x4330000000000000u; /* 2^52, whose last bit counts ones */

    uint64_t bits = bits_of_double(x) - root_of_half + one;
    double m = bits_to_double((bits & fraction) + root_of_half);
    *k = bits_to_double(bits >> 52 | unit) - (0x1p52 + 1023);
    *s = (m - 1) / (m + 1);
}

/* log2 x, to 2^-45 of itself: k + log2 m, and log2 m = 2 / ln 2 * atanh s = s * P(s^2). */
static inline CPU_INLINE double log2_of(double k, double s)
{
    double u = s * s;
    double p = 0x1.21ac9c9040d9ep-2;
    p = p * u + 0x1.4795a63079ddfp-2;
    p = p * u + 0x1.a61a2cc1ced3bp-2;
    p = p * u + 0x1.2776c295f01cfp-1;
    p = p * u + 0x1.ec709dc539e76p-1;
    p = p * u + 0x1.71547652b8253p+1;
    return k + s * p;
}

/* 2^y for |y| < 1000, to 2^-39 of itself: y = n + f with |f| <= 1/2, 2^f = 1 + f Q(f), summed in
 * pairs to shorten the chain of dependent operations. */
static inline CPU_INLINE double exp2_of(double y)
{
    const double to_integer = 0x1.8p52; /* y + to_integer has the integer n in its last bits */

    double sum = y + to_integer;
    double f = y - (sum - to_integer);
    double f2 = f * f;
    double f4 = f2 * f2;
    double q01 = 0x1.62e42fef9cc69p-1 + 0x1.ebfbdff82a734p-3 * f;
    double q23 = 0x1.c6b08da70cce3p-5 + 0x1.3b2ab70ad2565p-7 * f;
    double q45 = 0x1.5d877598350dep-10 + 0x1.4308c7183d6a2p-13 * f;
    double q67 = 0x1.00c0e4e15189cp-16 + 0x1.63b2d7971923fp-20 * f;
    double p = 1 + f * ((q01 + f2 * q23) + f4 * (q45 + f2 * q67));
    return bits_to_double(bits_of_double(p) + (bits_of_double(sum) << 52));
}

#endif
