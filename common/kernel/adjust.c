/* Nothing but IEEE + - * / and integer operations, as in power.c, whose comment says why. Series
 * are Taylor's, long enough for a double. */
#include "common/kernel/adjust.h"

#include <math.h>

#include "common/kernel/bits.h"
#include "common/kernel/power.h"

#define NOT_A_NUMBER 0x7fc00000u
#define LN2 0x1.62e42fefa39efp-1
#define LOG2_E 0x1.71547652b82fep0
#define LN2_HIGH 0x1.62e42feep-1 /* so that small multiples are exact */
#define LN2_LOW 0x1.a39ef35793c76p-33
#define TO_INTEGER 0x1.8p52 /* y + TO_INTEGER has the integer nearest to y in its last bits */
#define EXPONENT_MAX 200    /* of e: 1 / (1 + e^y) over- and underflows before, as a float */
#define EXPONENT2_MAX 1250  /* of 2: times the smallest double it is beyond the largest float */

/* log2(1 + x) for x >= 0. 1 + x = 2^k m with m in [sqrt(1/2), sqrt(2)), and log m is a series of
 * s = (m - 1) / (m + 1), which for small x is x / (2 + x), without cancellation. */
static inline CPU_INLINE double log2_of_1_plus(double x)
{
    const uint64_t one = 0x3ff0000000000000u, fraction = 0x000fffffffffffffu;
    const uint64_t root_of_half = 0x3fe6a09e667f3bcdu, unit = 0x4330000000000000u;

    uint64_t bits = bits_of_double(1 + x) - root_of_half + one;
    double m = bits_to_double((bits & fraction) + root_of_half);
    double k = bits_to_double(bits >> 52 | unit) - (0x1p52 + 1023);
    double above = k > 0 ? m - 1 : x, s = above / (2 + above), u = s * s;
    double p = 2. / 21;
    p = p * u + 2. / 19;
    p = p * u + 2. / 17;
    p = p * u + 2. / 15;
    p = p * u + 2. / 13;
    p = p * u + 2. / 11;
    p = p * u + 2. / 9;
    p = p * u + 2. / 7;
    p = p * u + 2. / 5;
    p = p * u + 2. / 3;
    return k + (2 * s + s * (u * p)) * LOG2_E;
}

/* (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2. */
static inline CPU_INLINE double exp_rest(double r)
{
    double p = 1. / 87178291200;
    p = p * r + 1. / 6227020800;
    p = p * r + 1. / 479001600;
    p = p * r + 1. / 39916800;
    p = p * r + 1. / 3628800;
    p = p * r + 1. / 362880;
    p = p * r + 1. / 40320;
    p = p * r + 1. / 5040;
    p = p * r + 1. / 720;
    p = p * r + 1. / 120;
    p = p * r + 1. / 24;
    p = p * r + 1. / 6;
    return p * r + 0.5;
}

/* 2^n for the integer in the last bits of n + TO_INTEGER. */
static inline CPU_INLINE double power_of_2(double sum)
{
    return bits_to_double((bits_of_double(sum) << 52) + 0x3ff0000000000000u);
}

/* gain * (2^x - 1) for x >= 0, without cancellation around 0. 2^x is multiplied in two halves, as
 * it may be no double where the result is a float. */
static inline CPU_INLINE double gain_of_exp2_minus_1(double gain, double x)
{
    double y = x < EXPONENT2_MAX ? x : EXPONENT2_MAX, n = (y + TO_INTEGER) - TO_INTEGER;
    double first = (n * 0.5 + TO_INTEGER) - TO_INTEGER, second = n - first, r = (y - n) * LN2;
    double inverse = power_of_2(TO_INTEGER - first) * power_of_2(TO_INTEGER - second);
    double m = (1 - inverse) + (r + r * r * exp_rest(r));
    return gain * power_of_2(TO_INTEGER + first) * m * power_of_2(TO_INTEGER + second);
}

static inline CPU_INLINE double exp_of(double t)
{
    double y = t > -EXPONENT_MAX ? t : -EXPONENT_MAX;
    y = y < EXPONENT_MAX ? y : EXPONENT_MAX;
    double sum = y * LOG2_E + TO_INTEGER, n = sum - TO_INTEGER;
    double r = (y - n * LN2_HIGH) - n * LN2_LOW;
    return power_of_2(sum) * (1 + (r + r * r * exp_rest(r)));
}

/* The result for a sample, which stays if it is NaN. */
static inline CPU_INLINE float result_of(float x, double result)
{
    uint32_t bits = bits_of(x), made = bits_of((float)result);
    made = bits_select(bits_are_nan(made), NOT_A_NUMBER, made);
    return bits_to_float(bits_select(bits_are_nan(bits), bits, made));
}

static inline CPU_INLINE void log_body(double gain, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double x = (double)v[i], log = log2_of_1_plus(x);
        v[i] = result_of(v[i], gain * (x < INFINITY ? log : x));
    }
}
CPU_VARIANTS(span_log, log_body, (double gain, float *v, size_t n), (gain, v, n))

static inline CPU_INLINE void exp2_body(double gain, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double x = (double)v[i], result = gain_of_exp2_minus_1(gain, x);
        v[i] = result_of(v[i], x < INFINITY ? result : gain * x);
    }
}
CPU_VARIANTS(span_exp2, exp2_body, (double gain, float *v, size_t n), (gain, v, n))

/* 1 less the sigmoid is the sigmoid with the other sign of gain, without cancellation. */
static inline CPU_INLINE void sigmoid_body(double gain, double cutoff, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double t = gain * (cutoff - (double)v[i]), sigmoid = 1 / (1 + exp_of(t));
        v[i] = result_of(v[i], t == t ? sigmoid : t);
    }
}
CPU_VARIANTS(span_sigmoid, sigmoid_body, (double gain, double cutoff, float *v, size_t n),
             (gain, cutoff, v, n))

size_t adjust_span(const void *state, float *v, size_t n)
{
    const struct adjust *adjust = state;
    if (adjust->kind == ADJUST_SIGMOID) {
        span_sigmoid(adjust->inverse ? -adjust->gain : adjust->gain, adjust->cutoff, v, n);
        return n;
    }
    n = span_first_negative(v, n);
    if (adjust->inverse)
        span_exp2(adjust->gain, v, n);
    else
        span_log(adjust->gain, v, n);
    return n;
}
