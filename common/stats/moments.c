/* A float is an integer mantissa below 2^24 times a power of 2. Mantissas of the same sign and
 * exponent are added as integers, and so are their squares; only at the end is each of these sums
 * shifted by its exponent and added to an integer of 768 bits (int768.h). Nothing is rounded on
 * the way, so the order of samples and the number of threads don't matter.
 *
 * 768 bits are enough: squares are below 2^554 in units of 2^-298, the sum of 2^64 of them below
 * 2^618, and that times n, as the variance needs it, below 2^682.
 *
 * The variance is (n * sum of squares - square of the sum) / n^2. The difference of two large
 * numbers loses nothing here, because both are integers. Divisions keep the integer part and
 * whether there is a remainder, which is all that rounding to double needs, once.
 *
 * A sample costs two additions in 64 bits. Sums belong to one thread, whose owner adds them to the
 * moments of all when no other thread does. */
#include "common/stats/moments.h"

#include <math.h>

#include "common/kernel/bits.h"

/* A square is below 2^48, so the sum of this many fits 64 bits. */
#define SUMMED_AT_ONCE 65536

void moments_add(struct moments *to, const struct moments *add)
{
    int768_add(&to->sum, &add->sum);
    int768_add(&to->squares, &add->squares);
}

/* The sign and the exponent. */
static inline uint32_t exponent_of(uint32_t bits)
{
    return bits >> 23;
}

/* The mantissa with the implicit bit of normal floats. */
static inline uint64_t mantissa_of(uint32_t bits)
{
    uint32_t implicit = (uint32_t)((bits & 0x7f800000u) != 0) << 23;
    return (bits & 0x007fffffu) | implicit;
}

/* How far a mantissa is shifted: subnormal floats (exponent 0) have the unit of the smallest normal
 * ones. */
static inline unsigned shift_of(uint32_t exponent)
{
    return (exponent & 255) > 0 ? (exponent & 255) - 1 : 0;
}

static bool at_most(const struct int768 *a, const struct int768 *b)
{
    struct int768 difference = *a;
    int768_negate(&difference);
    int768_add(&difference, b);
    return !int768_is_negative(&difference);
}

void moments_add_value(struct moments *to, float value, uint64_t count)
{
    uint32_t bits = bits_of(value);
    uint128 mantissa = mantissa_of(bits);
    unsigned shift = shift_of(exponent_of(bits));
    if (value < 0)
        int768_negate(&to->sum);
    int768_add_shifted(&to->sum, mantissa * count, shift);
    if (value < 0)
        int768_negate(&to->sum);
    int768_add_shifted(&to->squares, mantissa * mantissa * count, 2 * shift);
}

/* n * sum of squares - square of the sum: n^2 times the variance. */
static struct int768 spread_of(const struct moments *moments, uint64_t n)
{
    struct int768 sum = moments->sum, spread = moments->squares;
    if (int768_is_negative(&sum))
        int768_negate(&sum);
    struct int768 square = int768_square(&sum);
    int768_negate(&square);
    int768_multiply(&spread, n);
    int768_add(&spread, &square);
    return spread;
}

bool moments_fit(const struct moments *moments, float lowest, float highest, uint64_t n)
{
    struct moments least = {{{0}}, {{0}}}, most = least;
    struct int768 spread;
    if (n > 0) {
        moments_add_value(&least, lowest, n);
        moments_add_value(&most, highest, n);
    }
    const struct int768 *squares =
        at_most(&least.squares, &most.squares) ? &most.squares : &least.squares;
    if (!at_most(&least.sum, &moments->sum) || !at_most(&moments->sum, &most.sum) ||
        int768_is_negative(&moments->squares) || !at_most(&moments->squares, squares))
        return false;
    spread = spread_of(moments, n);
    return !int768_is_negative(&spread);
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
    struct int768 spread = spread_of(moments, n);
    if (int768_is_zero(&spread))
        return 0;
    int shift = (int)int768_normalize(&spread);
    bool more = int768_divide(&spread, n);
    more = int768_divide(&spread, n) || more;
    return int768_to_double(&spread, more, -298 - shift);
}

static void add_copies(struct moment_sums *sum)
{
    for (int copy = 0; copy < MOMENT_COPIES; copy++)
        for (int e = 0; e < MOMENT_EXPONENTS; e++) {
            sum->mantissas[e] += sum->copied_mantissas[copy][e];
            sum->squares[e] += sum->copied_squares[copy][e];
            sum->copied_mantissas[copy][e] = sum->copied_squares[copy][e] = 0;
        }
}

static inline void sum_sample(struct moment_sums *sum, int copy, float value)
{
    uint32_t bits = bits_of(value), e = exponent_of(bits);
    uint64_t mantissa = mantissa_of(bits);
    sum->copied_mantissas[copy][e] += mantissa;
    sum->copied_squares[copy][e] += mantissa * mantissa;
}

static void sum_some(struct moment_sums *sum, const float *v, size_t n)
{
    size_t i = 0;
    for (; i + MOMENT_COPIES <= n; i += MOMENT_COPIES)
        for (int copy = 0; copy < MOMENT_COPIES; copy++)
            sum_sample(sum, copy, v[i + (size_t)copy]);
    for (; i < n; i++)
        sum_sample(sum, 0, v[i]);
    add_copies(sum);
}

void moment_sums_add(struct moment_sums *sum, const float *v, size_t n)
{
    for (; n > SUMMED_AT_ONCE; v += SUMMED_AT_ONCE, n -= SUMMED_AT_ONCE)
        sum_some(sum, v, SUMMED_AT_ONCE);
    sum_some(sum, v, n);
}

void moment_sums_total(const struct moment_sums *sum, struct moments *moments)
{
    struct int768 negative = {{0}};
    for (unsigned e = 0; e < MOMENT_EXPONENTS; e++) {
        unsigned shift = shift_of(e);
        int768_add_shifted(e < 256 ? &moments->sum : &negative, sum->mantissas[e], shift);
        int768_add_shifted(&moments->squares, sum->squares[e], 2 * shift);
    }
    int768_negate(&negative);
    int768_add(&moments->sum, &negative);
}
