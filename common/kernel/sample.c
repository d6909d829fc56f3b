#include "common/kernel/sample.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "common/kernel/bits.h"
#include "common/kernel/cpu.h"

static const struct {
    const char *name;
    size_t size;
    bool is_integer;
    double unit_scale;
} types[SAMPLE_TYPES] = {
    [SAMPLE_UINT8] = {"uint8", 1, true, 1 / 255.0},
    [SAMPLE_INT8] = {"int8", 1, true, 1 / 127.0},
    [SAMPLE_UINT16] = {"uint16", 2, true, 1 / 65535.0},
    [SAMPLE_INT16] = {"int16", 2, true, 1 / 32767.0},
    [SAMPLE_UINT32] = {"uint32", 4, true, 1 / 4294967295.0},
    [SAMPLE_INT32] = {"int32", 4, true, 1 / 2147483647.0},
    [SAMPLE_UINT64] = {"uint64", 8, true, 1 / 18446744073709551615.0},
    [SAMPLE_INT64] = {"int64", 8, true, 1 / 9223372036854775807.0},
    [SAMPLE_FLOAT32] = {"float32", 4, false, 1},
    [SAMPLE_FLOAT64] = {"float64", 8, false, 1},
};

const char *sample_name(enum sample_type type)
{
    return types[type].name;
}

enum sample_type sample_named(const char *name)
{
    enum sample_type type = 0;
    while (type < SAMPLE_TYPES && strcmp(name, types[type].name) != 0)
        type++;
    return type;
}

size_t sample_size(enum sample_type type)
{
    return types[type].size;
}

bool sample_is_integer(enum sample_type type)
{
    return types[type].is_integer;
}

double sample_unit_scale(enum sample_type type)
{
    return types[type].unit_scale;
}

double sample_largest(enum sample_type type)
{
    return 1 / types[type].unit_scale;
}

static bool is_signed_integer(enum sample_type type)
{
    return type == SAMPLE_INT8 || type == SAMPLE_INT16 || type == SAMPLE_INT32 ||
           type == SAMPLE_INT64;
}

/* Loops over spans of one type, which the compiler turns into vector code; memcpy is a load of any
 * alignment. */
#define CONVERTER(name, type)                                                                      \
    static inline CPU_INLINE void name##_body(double scale, const unsigned char *from, float *to,  \
                                              size_t n)                                            \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            type value;                                                                            \
            memcpy(&value, from + i * sizeof value, sizeof value);                                 \
            to[i] = (float)((double)value * scale);                                                \
        }                                                                                          \
    }                                                                                              \
    CPU_VARIANTS(name, name##_body,                                                                \
                 (double scale, const unsigned char *from, float *to, size_t n),                   \
                 (scale, from, to, n))

CONVERTER(convert_uint8, uint8_t)
CONVERTER(convert_int8, int8_t)
CONVERTER(convert_uint16, uint16_t)
CONVERTER(convert_int16, int16_t)
CONVERTER(convert_uint32, uint32_t)
CONVERTER(convert_int32, int32_t)
CONVERTER(convert_uint64, uint64_t)
CONVERTER(convert_int64, int64_t)
CONVERTER(convert_float32, float)
CONVERTER(convert_float64, double)

/* (float)(value * unit_scale) without a double: 1/255 is 2^-8 plus a rest, 1/65535 is 2^-16 plus a
 * rest. The first product is exact, and no sum is so close to the middle between two floats that
 * the rounding of the second product matters: tests compare all values. */
#define UNIT_CONVERTER(name, type, unit, rest)                                                     \
    static inline CPU_INLINE void name##_body(const unsigned char *from, float *to, size_t n)      \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            type value;                                                                            \
            memcpy(&value, from + i * sizeof value, sizeof value);                                 \
            to[i] = (float)value * (unit) + (float)value * (rest);                                 \
        }                                                                                          \
    }                                                                                              \
    CPU_VARIANTS(name, name##_body, (const unsigned char *from, float *to, size_t n), (from, to, n))

UNIT_CONVERTER(unit_uint8, uint8_t, 0x1p-8f, (float)(1 / 255.0 - 0x1p-8))
UNIT_CONVERTER(unit_uint16, uint16_t, 0x1p-16f, (float)(1 / 65535.0 - 0x1p-16))

static void (*const converters[SAMPLE_TYPES])(double, const unsigned char *, float *, size_t) = {
    [SAMPLE_UINT8] = convert_uint8,     [SAMPLE_INT8] = convert_int8,
    [SAMPLE_UINT16] = convert_uint16,   [SAMPLE_INT16] = convert_int16,
    [SAMPLE_UINT32] = convert_uint32,   [SAMPLE_INT32] = convert_int32,
    [SAMPLE_UINT64] = convert_uint64,   [SAMPLE_INT64] = convert_int64,
    [SAMPLE_FLOAT32] = convert_float32, [SAMPLE_FLOAT64] = convert_float64,
};

#define SWAPPER(name, type, swap)                                                                  \
    static inline CPU_INLINE void name##_body(const unsigned char *from, unsigned char *to,        \
                                              size_t n)                                            \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            type value;                                                                            \
            memcpy(&value, from + i * sizeof value, sizeof value);                                 \
            value = swap(value);                                                                   \
            memcpy(to + i * sizeof value, &value, sizeof value);                                   \
        }                                                                                          \
    }                                                                                              \
    CPU_VARIANTS(name, name##_body, (const unsigned char *from, unsigned char *to, size_t n),      \
                 (from, to, n))

SWAPPER(swap_2, uint16_t, __builtin_bswap16)
SWAPPER(swap_4, uint32_t, __builtin_bswap32)
SWAPPER(swap_8, uint64_t, __builtin_bswap64)

enum { SWAPPED_AT_ONCE = 512 }; /* samples that stay in the nearest cache */

static void swap_samples(size_t size, const unsigned char *from, unsigned char *to, size_t n)
{
    if (size == 2)
        swap_2(from, to, n);
    else if (size == 4)
        swap_4(from, to, n);
    else
        swap_8(from, to, n);
}

void sample_swap(enum sample_type type, void *samples, size_t n)
{
    if (types[type].size > 1)
        swap_samples(types[type].size, samples, samples, n);
}

/* Samples are in this machine's byte order. */
static void convert(enum sample_type type, double scale, const unsigned char *from, float *to,
                    size_t n)
{
    if (type == SAMPLE_FLOAT32 && scale == 1)
        memcpy(to, from, n * sizeof *to);
    else if (type == SAMPLE_UINT8 && scale == types[type].unit_scale)
        unit_uint8(from, to, n);
    else if (type == SAMPLE_UINT16 && scale == types[type].unit_scale)
        unit_uint16(from, to, n);
    else
        converters[type](scale, from, to, n);

    if (is_signed_integer(type) && scale == types[type].unit_scale)
        for (size_t i = 0; i < n; i++)
            to[i] = to[i] < -1 ? -1 : to[i];
}

void sample_to_float(enum sample_type type, bool swapped, double scale, const void *from, float *to,
                     size_t n)
{
    unsigned char block[SWAPPED_AT_ONCE * 8];
    const unsigned char *bytes = from;
    size_t size = types[type].size;

    if (!swapped || size == 1) {
        convert(type, scale, bytes, to, n);
        return;
    }
    while (n > 0) {
        size_t count = n < SWAPPED_AT_ONCE ? n : SWAPPED_AT_ONCE;
        swap_samples(size, bytes, block, count);
        convert(type, scale, block, to, count);
        bytes += count * size;
        to += count;
        n -= count;
    }
}

/* An integer fits if its highest and lowest set bits are less than 24 apart. */
static inline bool is_too_long(uint64_t value)
{
    return value >> 24 >= (value & -value) && value != 0;
}

#define COUNTER(name, type, is_inexact)                                                            \
    static inline CPU_INLINE void name##_body(const unsigned char *from, size_t n, size_t *count)  \
    {                                                                                              \
        size_t found = 0;                                                                          \
        for (size_t i = 0; i < n; i++) {                                                           \
            type value;                                                                            \
            memcpy(&value, from + i * sizeof value, sizeof value);                                 \
            found += is_inexact ? 1 : 0;                                                           \
        }                                                                                          \
        *count += found;                                                                           \
    }                                                                                              \
    CPU_VARIANTS(name, name##_body, (const unsigned char *from, size_t n, size_t *count),          \
                 (from, n, count))

#define MAGNITUDE(value) ((value) < 0 ? -(uint64_t)(value) : (uint64_t)(value))

COUNTER(count_uint32, uint32_t, is_too_long(value))
COUNTER(count_int32, int32_t, is_too_long(MAGNITUDE(value)))
COUNTER(count_uint64, uint64_t, is_too_long(value))
COUNTER(count_int64, int64_t, is_too_long(MAGNITUDE(value)))
COUNTER(count_float64, double, isinf((float)value) && !isinf(value))

static void (*const counters[SAMPLE_TYPES])(const unsigned char *, size_t, size_t *) = {
    [SAMPLE_UINT32] = count_uint32,   [SAMPLE_INT32] = count_int32,
    [SAMPLE_UINT64] = count_uint64,   [SAMPLE_INT64] = count_int64,
    [SAMPLE_FLOAT64] = count_float64,
};

size_t sample_count_inexact(enum sample_type type, bool swapped, const void *from, size_t n)
{
    unsigned char block[SWAPPED_AT_ONCE * 8];
    const unsigned char *bytes = from;
    size_t size = types[type].size, found = 0;
    if (!counters[type])
        return 0;
    if (!swapped)
        counters[type](bytes, n, &found);
    while (swapped && n > 0) {
        size_t count = n < SWAPPED_AT_ONCE ? n : SWAPPED_AT_ONCE;
        swap_samples(size, bytes, block, count);
        counters[type](block, count, &found);
        bytes += count * size;
        n -= count;
    }
    return found;
}

const char *sample_inexact_words(enum sample_type type)
{
    return types[type].is_integer ? "rounded: a float holds at most 24 bits of an integer"
                                  : "made infinite: beyond the range of a float";
}

/* NaN becomes 0. */
static inline CPU_INLINE float level_of(float scale, float max, float value)
{
    float level = value * scale;
    level = level > 0 ? level : 0;
    level = level < max ? level : max;
    return round_half_even(level);
}

#define NARROWER(name, type)                                                                       \
    static inline CPU_INLINE void name##_body(float scale, float max, const float *v,              \
                                              unsigned char *to, size_t n)                         \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            type value = (type)(int)level_of(scale, max, v[i]);                                    \
            memcpy(to + i * sizeof value, &value, sizeof value);                                   \
        }                                                                                          \
    }                                                                                              \
    CPU_VARIANTS(name, name##_body,                                                                \
                 (float scale, float max, const float *v, unsigned char *to, size_t n),            \
                 (scale, max, v, to, n))

NARROWER(narrow_uint8, uint8_t)
NARROWER(narrow_uint16, uint16_t)

static void narrow_uint32(float scale, const float *v, unsigned char *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double level = rint((double)(v[i] * scale));
        uint32_t value = level > 0 ? level < UINT32_MAX ? (uint32_t)level : UINT32_MAX : 0;
        memcpy(to + i * sizeof value, &value, sizeof value);
    }
}

void sample_from_float(enum sample_type type, float scale, const float *v, void *to, size_t n)
{
    if (type == SAMPLE_UINT8)
        narrow_uint8(scale, 255, v, to, n);
    else if (type == SAMPLE_UINT16)
        narrow_uint16(scale, 65535, v, to, n);
    else if (type == SAMPLE_UINT32)
        narrow_uint32(scale, v, to, n);
    else
        memcpy(to, v, n * sizeof *v);
}
