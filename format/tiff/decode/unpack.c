#include "format/tiff/decode/unpack.h"

#include <string.h>

/* ---- whole numbers ------------------------------------------------------------------------- */

static void put_number(uint32_t number, size_t size, unsigned char *to)
{
    uint8_t byte = (uint8_t)number;
    uint16_t word = (uint16_t)number;
    if (size == 1)
        memcpy(to, &byte, size);
    else if (size == 2)
        memcpy(to, &word, size);
    else
        memcpy(to, &number, size);
}

static void unpack_bits(unsigned bits, const unsigned char *from, size_t n, unsigned char *to,
                        size_t step, size_t size)
{
    const uint32_t mask = (UINT32_C(1) << bits) - 1;
    uint64_t held = 0;
    unsigned count = 0; /* bits in held that are still to be given */
    for (size_t i = 0; i < n; i++, to += step) {
        for (; count < bits; count += 8)
            held = held << 8 | *from++;
        count -= bits;
        put_number((uint32_t)(held >> count) & mask, size, to);
    }
}

/* The bytes of a number of 24 bits, the lowest first. */
static uint32_t number_24(const unsigned char *from, bool highest_first)
{
    return highest_first ? (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2]
                         : (uint32_t)from[2] << 16 | (uint32_t)from[1] << 8 | from[0];
}

static bool is_highest_first(bool swapped)
{
    return swapped != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

static void unpack_24(bool swapped, const unsigned char *from, size_t n, unsigned char *to,
                      size_t step)
{
    bool highest_first = is_highest_first(swapped);
    for (size_t i = 0; i < n; i++, from += 3, to += step)
        put_number(number_24(from, highest_first), 4, to);
}

/* ---- floats -------------------------------------------------------------------------------- */

/* Any IEEE-like float that is smaller than a float: exponents of that many bits, half of their
 * range below 1, the last one for infinity and NaN. */
static float small_float(uint32_t bits, unsigned exponent_bits, unsigned fraction_bits)
{
    const uint32_t last = (UINT32_C(1) << exponent_bits) - 1;
    uint32_t sign = bits >> (exponent_bits + fraction_bits) & 1;
    uint32_t exponent = bits >> fraction_bits & last;
    uint32_t fraction = bits & ((UINT32_C(1) << fraction_bits) - 1);
    uint32_t wide = sign << 31 | fraction << (23 - fraction_bits);
    float value;
    if (exponent == 0) { /* fraction * 2^(1 - bias - fraction_bits), which a float holds exactly */
        uint32_t unit = (127 - (last / 2) + 1 - fraction_bits) << 23;
        memcpy(&value, &unit, sizeof value);
        value *= (float)fraction;
        return sign ? -value : value;
    }
    wide |= exponent == last ? UINT32_C(255) << 23 : (exponent + 127 - last / 2) << 23;
    memcpy(&value, &wide, sizeof value);
    return value;
}

static void unpack_half(bool swapped, const unsigned char *from, size_t n, unsigned char *to,
                        size_t step)
{
    for (size_t i = 0; i < n; i++, from += 2, to += step) {
        uint16_t bits;
        memcpy(&bits, from, sizeof bits);
        float value = small_float(swapped ? __builtin_bswap16(bits) : bits, 5, 10);
        memcpy(to, &value, sizeof value);
    }
}

/* Layout: Adobe, TIFF Technical Note 3. */
static void unpack_float24(bool swapped, const unsigned char *from, size_t n, unsigned char *to,
                           size_t step)
{
    bool highest_first = is_highest_first(swapped);
    for (size_t i = 0; i < n; i++, from += 3, to += step) {
        float value = small_float(number_24(from, highest_first), 7, 16);
        memcpy(to, &value, sizeof value);
    }
}

void tiff_unpack(const struct tiff_page *page, bool swapped, const unsigned char *from, size_t n,
                 unsigned char *to, size_t step)
{
    switch (page->storage) {
    case STORED_BITS:
        unpack_bits(page->bits, from, n, to, step, sample_size(page->number));
        break;
    case STORED_24:
        unpack_24(swapped, from, n, to, step);
        break;
    case STORED_HALF:
        unpack_half(swapped, from, n, to, step);
        break;
    case STORED_FLOAT24:
        unpack_float24(swapped, from, n, to, step);
        break;
    case STORED_AS_NUMBERS:
    case STORED_PICTURE:
        break;
    }
}

/* ---- what they stand for ------------------------------------------------------------------- */

#define INVERTER(name, type)                                                                       \
    static void name(uint64_t most, unsigned char *numbers, size_t n)                              \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            type value;                                                                            \
            memcpy(&value, numbers + i * sizeof value, sizeof value);                              \
            value = (type)(most - value);                                                          \
            memcpy(numbers + i * sizeof value, &value, sizeof value);                              \
        }                                                                                          \
    }

INVERTER(invert_8, uint8_t)
INVERTER(invert_16, uint16_t)
INVERTER(invert_32, uint32_t)
INVERTER(invert_64, uint64_t)

void tiff_invert(const struct tiff_page *page, void *numbers, size_t n)
{
    size_t size = sample_size(page->number);
    (size == 1   ? invert_8
     : size == 2 ? invert_16
     : size == 4 ? invert_32
                 : invert_64)(UINT64_MAX >> (64 - page->bits), numbers, n);
}

/* Some programs leave the upper 8 of a palette's 16 bits empty instead of the lower. */
static bool is_short(const struct tiff_page *page, uint16_t *const colors[3])
{
    for (size_t i = 0; i < (size_t)1 << page->bits; i++)
        if (colors[0][i] > 255 || colors[1][i] > 255 || colors[2][i] > 255)
            return false;
    return true;
}

void tiff_color(const struct tiff_page *page, uint16_t *const colors[3], void *indices, size_t n)
{
    unsigned factor = is_short(page, colors) ? 257 : 1;
    unsigned char *bytes = indices;
    for (size_t i = n; i-- > 0;) { /* from the last one on: colors take more room */
        uint16_t index, color[3];
        if (page->number == SAMPLE_UINT8)
            index = bytes[i];
        else
            memcpy(&index, bytes + 2 * i, sizeof index);
        for (int c = 0; c < 3; c++)
            color[c] = (uint16_t)(colors[c][index] * factor);
        memcpy(bytes + i * sizeof color, color, sizeof color);
    }
}
