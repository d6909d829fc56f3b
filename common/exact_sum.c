#include "common/exact_sum.h"

#include <math.h>

#include "common/key.h"

/* A square is below 2^48, so this many of them (in one counter at worst) fit 64 bits. */
#define CHUNK 65536

void moments_add(struct moments *to, const struct moments *add)
{
    wide_add(&to->sum, &add->sum);
    wide_add(&to->squares, &add->squares);
}

double moments_mean(const struct moments *moments, uint64_t n)
{
    if (n == 0)
        return NAN;
    struct wide sum = moments->sum;
    bool negative = wide_is_negative(&sum);
    if (negative)
        wide_negate(&sum);
    if (wide_is_zero(&sum))
        return 0;
    int shift = (int)wide_normalize(&sum);
    bool more = wide_divide(&sum, n);
    double mean = wide_double(&sum, more, -149 - shift);
    return negative ? -mean : mean;
}

double moments_variance(const struct moments *moments, uint64_t n)
{
    if (n == 0)
        return NAN;
    /* (n * sum of squares - square of sum) / n^2 */
    struct wide sum = moments->sum, spread = moments->squares;
    if (wide_is_negative(&sum))
        wide_negate(&sum);
    struct wide square = wide_square(&sum);
    wide_negate(&square);
    wide_multiply(&spread, n);
    wide_add(&spread, &square);
    if (wide_is_zero(&spread))
        return 0;
    int shift = (int)wide_normalize(&spread);
    bool more = wide_divide(&spread, n);
    more = wide_divide(&spread, n) || more;
    return wide_double(&spread, more, -298 - shift);
}

/* The exponent, with the sign above it, and the mantissa, with the bit that normal floats imply. */
static inline uint32_t exponent_of(uint32_t bits)
{
    return bits >> 23;
}

static inline uint64_t mantissa_of(uint32_t bits)
{
    uint32_t implied = (uint32_t)((bits & 0x7f800000u) != 0) << 23;
    return (bits & 0x007fffffu) | implied;
}

static void gather_parts(struct exact_sum *sum)
{
    for (int part = 0; part < EXACT_SUM_PARTS; part++)
        for (int e = 0; e < EXACT_SUM_EXPONENTS; e++) {
            sum->mantissas[e] += sum->part_mantissas[part][e];
            sum->squares[e] += sum->part_squares[part][e];
            sum->part_mantissas[part][e] = sum->part_squares[part][e] = 0;
        }
}

static inline void sum_sample(struct exact_sum *sum, int part, float value)
{
    uint32_t bits = float_bits(value), e = exponent_of(bits);
    uint64_t mantissa = mantissa_of(bits);
    sum->part_mantissas[part][e] += mantissa;
    sum->part_squares[part][e] += mantissa * mantissa;
}

static void sum_chunk(struct exact_sum *sum, const float *v, size_t n)
{
    size_t i = 0;
    for (; i + EXACT_SUM_PARTS <= n; i += EXACT_SUM_PARTS)
        for (int part = 0; part < EXACT_SUM_PARTS; part++)
            sum_sample(sum, part, v[i + (size_t)part]);
    for (; i < n; i++)
        sum_sample(sum, 0, v[i]);
    gather_parts(sum);
}

void exact_sum_span(struct exact_sum *sum, const float *v, size_t n)
{
    for (; n > CHUNK; v += CHUNK, n -= CHUNK)
        sum_chunk(sum, v, CHUNK);
    sum_chunk(sum, v, n);
}

void exact_sum_value(struct exact_sum *sum, float value, uint64_t count)
{
    uint32_t bits = float_bits(value), e = exponent_of(bits);
    uint128 mantissa = mantissa_of(bits);
    sum->mantissas[e] += mantissa * count;
    sum->squares[e] += mantissa * mantissa * count;
}

void exact_sum_total(const struct exact_sum *sum, struct moments *moments)
{
    struct wide negative = {{0}};
    for (unsigned e = 0; e < EXACT_SUM_EXPONENTS; e++) {
        /* Subnormal floats (exponent 0) have the unit of the smallest normal ones (exponent 1). */
        unsigned shift = (e & 255) > 0 ? (e & 255) - 1 : 0;
        wide_add_shifted(e < 256 ? &moments->sum : &negative, sum->mantissas[e], shift);
        wide_add_shifted(&moments->squares, sum->squares[e], 2 * shift);
    }
    wide_negate(&negative);
    wide_add(&moments->sum, &negative);
}
