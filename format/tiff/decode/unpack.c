#include "format/tiff/decode/unpack.h"

#include <string.h>

/* ---- integers ------------------------------------------------------------------------------ */

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
    uint64_t buffer = 0;
    unsigned count = 0; /* bits of the buffer that are not yet unpacked */
    for (size_t i = 0; i < n; i++, to += step) {
        for (; count < bits; count += 8)
            buffer = buffer << 8 | *from++;
        count -= bits;
        put_number((uint32_t)(buffer >> count) & mask, size, to);
    }
}

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

/* Any smaller float that is built like IEEE 754's: an exponent of that many bits, half of its range
 * below 1, the last value for infinity and NaN. */
static float small_float(uint32_t bits, unsigned exponent_bits, unsigned fraction_bits)
{
    const uint32_t last = (UINT32_C(1) << exponent_bits) - 1;
    uint32_t sign = bits >> (exponent_bits + fraction_bits) & 1;
    uint32_t exponent = bits >> fraction_bits & last;
    uint32_t fraction = bits & ((UINT32_C(1) << fraction_bits) - 1);
    uint32_t wide = sign << 31 | fraction << (23 - fraction_bits);
    float value;
    if (exponent == 0) { /* fraction * 2^(1 - bias - fraction_bits), which is exact in a float */
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
        unpack_bits(page->bits, from, n, to, step, sample_size(page->unpacked));
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

/* ---- interpretation ------------------------------------------------------------------------ */

void tiff_invert(const struct tiff_page *page, void *numbers, size_t n)
{
    /* max - v is v ^ max, since max is all ones. Copies of max fill a word: it inverts several. */
    size_t size = sample_size(page->unpacked), bytes = n * size, i = 0;
    uint64_t max = UINT64_MAX >> (64 - page->bits), full = UINT64_MAX >> (64 - 8 * size);
    uint64_t mask = max * (UINT64_MAX / full), word;
    unsigned char *next = numbers;
    for (; i + sizeof word <= bytes; i += sizeof word) {
        memcpy(&word, next + i, sizeof word);
        word ^= mask;
        memcpy(next + i, &word, sizeof word);
    }
    word = 0;
    memcpy(&word, next + i, bytes - i);
    word ^= mask;
    memcpy(next + i, &word, bytes - i);
}

/* Some programs leave the upper 8 of a palette's 16 bits empty instead of the lower. */
static bool is_short(const struct tiff_page *page, uint16_t *const colors[3])
{
    for (size_t i = 0; i < 1u << page->bits; i++)
        if (colors[0][i] > 255 || colors[1][i] > 255 || colors[2][i] > 255)
            return false;
    return true;
}

void tiff_color(const struct tiff_page *page, uint16_t *const colors[3], void *indices, size_t n)
{
    unsigned factor = is_short(page, colors) ? 257 : 1;
    unsigned char *bytes = indices;
    for (size_t i = n; i-- > 0;) { /* backwards, because a color is larger than an index */
        uint16_t index, color[3];
        if (page->unpacked == SAMPLE_UINT8)
            index = bytes[i];
        else
            memcpy(&index, bytes + 2 * i, sizeof index);
        for (int c = 0; c < 3; c++)
            color[c] = (uint16_t)(colors[c][index] * factor);
        memcpy(bytes + i * sizeof color, color, sizeof color);
    }
}
