/* Errors are those of power.c. Loop bodies are free of branches. */
#include "common/math/elementary.h"

#include <math.h>

#include "common/kernel/exponent.h"

#define LN_2 0x1.62e42fefa39efp-1
#define LOG2_E 0x1.71547652b82fep+0
/* Stands for log2 of infinity, and negative for that of 0: times any float but 0 it is beyond what
 * float can hold. */
#define HUGE_EXPONENT 1e60

/* For samples of 0 or more; the result of NaN means nothing. */
static inline CPU_INLINE double log2_of_sample(float a)
{
    double k, s;
    split((double)a, &k, &s);
    double log2 = log2_of(k, s);
    log2 = a == 0 ? -HUGE_EXPONENT : log2;
    return a == INFINITY ? HUGE_EXPONENT : log2;
}

/* 0 and infinity where float under- and overflows. */
static inline CPU_INLINE float exp2_clipped(double y)
{
    y = y > -200 ? y : -200;
    y = y < 200 ? y : 200;
    return (float)exp2_of(y);
}

static inline CPU_INLINE void log_body(const float *a, float *made, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float log = (float)(log2_of_sample(a[i]) * LN_2);
        made[i] = a[i] >= 0 ? log : NAN;
    }
}
CPU_VARIANTS(log_span, log_body, (const float *a, float *made, size_t n), (a, made, n))

static inline CPU_INLINE void exp_body(const float *a, float *made, size_t n)
{
    for (size_t i = 0; i < n; i++)
        made[i] = a[i] == a[i] ? exp2_clipped((double)a[i] * LOG2_E) : NAN;
}
CPU_VARIANTS(exp_span, exp_body, (const float *a, float *made, size_t n), (a, made, n))

static inline CPU_INLINE float power_of(float x, float y)
{
    float size = fabsf(x), half = y * 0.5f;
    bool whole = y == floorf(y), odd = whole && half != floorf(half);
    double exponent = log2_of_sample(size) * (double)y;
    exponent = size == 1 || y == 0 ? 0 : exponent; /* infinity times 0 */
    float result = exp2_clipped(exponent);
    result = y == 0.5f && size < INFINITY ? sqrtf(size) : result;
    result = y == 2 ? size * size : result;
    result = y == -1 ? 1 / size : result;
    result = bits_to_float(bits_of(result) | (odd ? bits_of(x) & BITS_SIGN : 0));
    bool is_power = whole || x >= 0 || size == INFINITY;
    bool is_number = (x == x && y == y) || x == 1 || y == 0;
    return is_power && is_number ? result : NAN;
}

static inline CPU_INLINE void power_body(const float *a, const float *b, float *made, size_t n)
{
    for (size_t i = 0; i < n; i++)
        made[i] = power_of(a[i], b[i]);
}
CPU_VARIANTS(power_span_of_two, power_body, (const float *a, const float *b, float *made, size_t n),
             (a, b, made, n))

void elementary_log(const float *a, float *made, size_t n)
{
    log_span(a, made, n);
}

void elementary_exp(const float *a, float *made, size_t n)
{
    exp_span(a, made, n);
}

void elementary_power(const float *a, const float *b, float *made, size_t n)
{
    power_span_of_two(a, b, made, n);
}
