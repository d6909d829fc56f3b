/* x^gamma = 2^(gamma log2 x), computed in double (exponent.h). Loop bodies are free of branches,
 * and choices are made with masks, because that is what compilers turn into vector code.
 *
 * Error: log2 is relatively exact to 2^-45 and |gamma log2 x| < 150 where the result is neither 0
 * nor infinity, so the exponent is off by less than 150 * 2^-45; with exp2's own 2^-39 the double
 * is within a factor 1 +- 2^-37.3 of the power, that is 0.0001 of a float's last place, before it
 * is rounded to float, once.
 *
 * NaN are selected by their bits, because to a compiler all NaN are one: "isnan(x) ? x : x * x" may
 * become x * x, whose NaN differ from machine to machine. Clang does that even when bits are
 * compared, so NaN are not multiplied either. */
#include "common/kernel/power.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "common/kernel/bits.h"
#include "common/kernel/exponent.h"

#define NOT_A_NUMBER 0x7fc00000u

#define BATCH 256 /* samples between two steps of the power: 4 KiB of doubles */

/* The exponent of 2, clipped to +-200, where exp2_of() works and float over- and underflows; limit
 * is 200 / gamma. Its value for 0, infinity and NaN does not matter. */
static inline CPU_INLINE double power_exponent(double gamma, double limit, double log2)
{
    log2 = log2 > -limit ? log2 : -limit;
    log2 = log2 < limit ? log2 : limit;
    return gamma * log2;
}

static inline CPU_INLINE float power_result(const struct power *power, float x, double y)
{
    uint32_t bits = bits_of(x);
    float size = fabsf(x);
    uint32_t result = bits_of((float)exp2_of(y));

    result = bits_select(x < power->min, NOT_A_NUMBER, result);
    result = bits_select((size > 0) & (size < INFINITY), result, bits_of(size));
    result |= bits & power->sign;
    return bits_to_float(bits_select(bits_are_nan(bits), bits, result));
}

/* In three steps: each is a shorter chain of operations, so the processor overlaps more samples
 * (measured: one loop takes 50 % longer or more, two loops 5 %). */
static inline CPU_INLINE void span_general_body(const struct power *shared, float *v, size_t n)
{
    const struct power power = *shared; /* writes to v can't change it, so it stays in registers */
    const double gamma = (double)power.gamma, limit = 200 / gamma;
    double y[BATCH], s[BATCH];

    for (size_t at = 0; at < n; at += BATCH) {
        size_t count = n - at < BATCH ? n - at : BATCH;
        float *to = v + at;
        for (size_t i = 0; i < count; i++)
            split((double)fabsf(to[i]), &y[i], &s[i]);
        for (size_t i = 0; i < count; i++)
            y[i] = power_exponent(gamma, limit, log2_of(y[i], s[i]));
        for (size_t i = 0; i < count; i++)
            to[i] = power_result(&power, to[i], y[i]);
    }
}
CPU_VARIANTS(span_general, span_general_body, (const struct power *power, float *v, size_t n),
             (power, v, n))

static inline CPU_INLINE void span_root_body(float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = bits_of(v[i]);
        uint32_t root = bits_select(bits > BITS_SIGN, NOT_A_NUMBER, bits_of(sqrtf(v[i])));
        v[i] = bits_to_float(bits_select(bits_are_nan(bits), bits, root));
    }
}
CPU_VARIANTS(span_root, span_root_body, (float *v, size_t n), (v, n))

static inline CPU_INLINE void span_square_body(float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = bits_of(v[i]);
        float x = bits_to_float(bits_select(bits_are_nan(bits), 0, bits));
        v[i] = bits_to_float(bits_select(bits_are_nan(bits), bits, bits_of(x * x)));
    }
}
CPU_VARIANTS(span_square, span_square_body, (float *v, size_t n), (v, n))

/* In double, where the product of two floats is exact, so that it is rounded once. */
static inline CPU_INLINE void span_gain_body(double gain, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = bits_of(v[i]);
        uint32_t product = bits_of((float)((double)v[i] * gain));
        product = bits_select(bits_are_nan(product), NOT_A_NUMBER, product);
        v[i] = bits_to_float(bits_select(bits_are_nan(bits), bits, product));
    }
}
CPU_VARIANTS(span_gain, span_gain_body, (double gain, float *v, size_t n), (gain, v, n))

void power_choose(struct power *power, double gamma, double gain)
{
    float g = gamma < (double)FLT_MAX ? (float)gamma : FLT_MAX;
    bool integer = g == floorf(g);
    bool odd = integer && fmodf(g, 2) == 1;

    power->gamma = g;
    power->gain = fabs(gain) < 3.4e38 ? (double)(float)gain : gain; /* numpy's limit */
    power->kind = g == 0      ? POWER_ONES
                  : g == 0.5f ? POWER_ROOT
                  : g == 1    ? POWER_COPY
                  : g == 2    ? POWER_SQUARE
                              : POWER_GENERAL;
    power->sign = odd ? BITS_SIGN : 0;
    power->min = integer ? -INFINITY : 0;
}

void power_span(const struct power *power, float *v, size_t n)
{
    switch (power->kind) {
    case POWER_ONES:
        for (size_t i = 0; i < n; i++)
            v[i] = 1;
        break;
    case POWER_ROOT:
        span_root(v, n);
        break;
    case POWER_COPY:
        break;
    case POWER_SQUARE:
        span_square(v, n);
        break;
    case POWER_GENERAL:
        span_general(power, v, n);
        break;
    }
    if (power->gain != 1)
        span_gain(power->gain, v, n);
}

float power_sample(const struct power *power, float x)
{
    power_span(power, &x, 1);
    return x;
}

/* Tests a batch as a whole, which vectorizes, and searches it only if it has a negative sample. */
size_t span_first_negative(const float *v, size_t n)
{
    for (size_t at = 0; at < n; at += BATCH) {
        size_t end = n - at < BATCH ? n : at + BATCH;
        uint32_t any = 0;
        for (size_t i = at; i < end; i++)
            any |= (uint32_t)(v[i] < 0);
        for (size_t i = at; any && i < end; i++)
            if (v[i] < 0)
                return i;
    }
    return n;
}
