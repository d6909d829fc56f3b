#include "common/stats/moments.h"

#include <math.h>

#include "common/kernel/sortable.h"

/* A square is below 2^48, so this many of them (in one counter at worst) fit 64 bits. */
#define CHUNK 65536

void moments_add(struct moments *to, const struct moments *add)
{
    int768_add(&to->sum, &add->sum);
    int768_add(&to->squares, &add->squares);
}

double moments_mean(const struct moments *moments, uint64_t n)
{
    if (n == 0)
        return NAN;
    struct int768 sum = moments->sum;
    bool negative = int768_is_negative(&sum);
    if (negative)
        int768_negate(&sum);
    if (int768_is_zero(&sum))
        return 0;
    int shift = (int)int768_normalize(&sum);
    bool more = int768_divide(&sum, n);
    double mean = int768_to_double(&sum, more, -149 - shift);
    return negative ? -mean : mean;
}

double moments_variance(const struct moments *moments, uint64_t n)
{
    if (n == 0)
        return NAN;
    /* (n * sum of squares - square of sum) / n^2 */
    struct int768 sum = moments->sum, spread = moments->squares;
    if (int768_is_negative(&sum))
        int768_negate(&sum);
    struct int768 square = int768_square(&sum);
    int768_negate(&square);
    int768_multiply(&spread, n);
    int768_add(&spread, &square);
    if (int768_is_zero(&spread))
        return 0;
    int shift = (int)int768_normalize(&spread);
    bool more = int768_divide(&spread, n);
    more = int768_divide(&spread, n) || more;
    return int768_to_double(&spread, more, -298 - shift);
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

static void gather_parts(struct moment_sums *sum)
{
    for (int part = 0; part < MOMENT_PARTS; part++)
        for (int e = 0; e < MOMENT_EXPONENTS; e++) {
            sum->mantissas[e] += sum->part_mantissas[part][e];
            sum->squares[e] += sum->part_squares[part][e];
            sum->part_mantissas[part][e] = sum->part_squares[part][e] = 0;
        }
}

static inline void sum_sample(struct moment_sums *sum, int part, float value)
{
    uint32_t bits = float_bits(value), e = exponent_of(bits);
    uint64_t mantissa = mantissa_of(bits);
    sum->part_mantissas[part][e] += mantissa;
    sum->part_squares[part][e] += mantissa * mantissa;
}

static void sum_chunk(struct moment_sums *sum, const float *v, size_t n)
{
    size_t i = 0;
    for (; i + MOMENT_PARTS <= n; i += MOMENT_PARTS)
        for (int part = 0; part < MOMENT_PARTS; part++)
            sum_sample(sum, part, v[i + (size_t)part]);
    for (; i < n; i++)
        sum_sample(sum, 0, v[i]);
    gather_parts(sum);
}

void moment_sums_add(struct moment_sums *sum, const float *v, size_t n)
{
    for (; n > CHUNK; v += CHUNK, n -= CHUNK)
        sum_chunk(sum, v, CHUNK);
    sum_chunk(sum, v, n);
}

void moment_sums_add_value(struct moment_sums *sum, float value, uint64_t count)
{
    uint32_t bits = float_bits(value), e = exponent_of(bits);
    uint128 mantissa = mantissa_of(bits);
    sum->mantissas[e] += mantissa * count;
    sum->squares[e] += mantissa * mantissa * count;
}

void moment_sums_total(const struct moment_sums *sum, struct moments *moments)
{
    struct int768 negative = {{0}};
    for (unsigned e = 0; e < MOMENT_EXPONENTS; e++) {
        /* Subnormal floats (exponent 0) have the unit of the smallest normal ones (exponent 1). */
        unsigned shift = (e & 255) > 0 ? (e & 255) - 1 : 0;
        int768_add_shifted(e < 256 ? &moments->sum : &negative, sum->mantissas[e], shift);
        int768_add_shifted(&moments->squares, sum->squares[e], 2 * shift);
    }
    int768_negate(&negative);
    int768_add(&moments->sum, &negative);
}
