/* Limbs of 64 bits, lowest first; carries are taken from sums and products of 128 bits. Nothing
 * here is fast, nor has to be: it runs for each exponent or each distinct value, never for each
 * sample.
 *
 * Overflow is not checked: sums of floats and of squares leave more than 80 bits free (moments.c).
 */
#include "common/math/int768.h"

#include <math.h>
#include <string.h>

bool int768_is_negative(const struct int768 *number)
{
    return number->limb[INT768_LIMBS - 1] >> 63;
}

bool int768_is_zero(const struct int768 *number)
{
    uint64_t any = 0;
    for (int i = 0; i < INT768_LIMBS; i++)
        any |= number->limb[i];
    return any == 0;
}

void int768_negate(struct int768 *number)
{
    uint64_t carry = 1;
    for (int i = 0; i < INT768_LIMBS; i++) {
        number->limb[i] = ~number->limb[i] + carry;
        carry = carry && number->limb[i] == 0;
    }
}

void int768_add(struct int768 *to, const struct int768 *number)
{
    uint128 carry = 0;
    for (int i = 0; i < INT768_LIMBS; i++) {
        carry += (uint128)to->limb[i] + number->limb[i];
        to->limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

void int768_add_shifted(struct int768 *to, uint128 number, unsigned shift)
{
    struct int768 shifted = {{0}};
    unsigned limb = shift / 64, bit = shift % 64;
    uint128 low = (uint64_t)number, high = number >> 64;
    low <<= bit;
    high <<= bit;
    shifted.limb[limb] = (uint64_t)low;
    high += low >> 64;
    shifted.limb[limb + 1] = (uint64_t)high;
    shifted.limb[limb + 2] = (uint64_t)(high >> 64);
    int768_add(to, &shifted);
}

void int768_multiply(struct int768 *number, uint64_t factor)
{
    uint128 carry = 0;
    for (int i = 0; i < INT768_LIMBS; i++) {
        carry += (uint128)number->limb[i] * factor;
        number->limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

struct int768 int768_square(const struct int768 *number)
{
    struct int768 sum = {{0}};
    for (int shift = 0; shift < INT768_LIMBS; shift++) {
        struct int768 part = {{0}};
        memcpy(part.limb + shift, number->limb,
               (size_t)(INT768_LIMBS - shift) * sizeof part.limb[0]);
        int768_multiply(&part, number->limb[shift]);
        int768_add(&sum, &part);
    }
    return sum;
}

unsigned int768_normalize(struct int768 *number)
{
    unsigned shift = 0;
    for (; number->limb[INT768_LIMBS - 1] == 0; shift += 64) {
        memmove(number->limb + 1, number->limb, (INT768_LIMBS - 1) * sizeof number->limb[0]);
        number->limb[0] = 0;
    }
    for (; number->limb[INT768_LIMBS - 1] >> 63 == 0; shift++)
        int768_multiply(number, 2);
    return shift;
}

bool int768_divide(struct int768 *number, uint64_t divisor)
{
    uint128 remainder = 0;
    for (int i = INT768_LIMBS - 1; i >= 0; i--) {
        remainder = remainder << 64 | number->limb[i];
        number->limb[i] = (uint64_t)(remainder / divisor);
        remainder %= divisor;
    }
    return remainder != 0;
}

double int768_to_double(const struct int768 *number, bool more, int exponent)
{
    if (int768_is_zero(number))
        return 0;
    struct int768 top = *number;
    int shift = (int)int768_normalize(&top);
    /* 53 bits are kept; the other 11 of the highest limb and all lower limbs decide the rounding.
     */
    uint64_t high = top.limb[INT768_LIMBS - 1];
    uint64_t kept = high >> 11, dropped = high & 0x7ff;
    top.limb[INT768_LIMBS - 1] = 0;
    more = more || !int768_is_zero(&top);
    if (dropped > 0x400 || (dropped == 0x400 && (more || kept & 1)))
        kept++;
    return ldexp((double)kept, exponent - shift + 11 + 64 * (INT768_LIMBS - 1));
}

double int768_value(const struct int768 *number, int exponent)
{
    struct int768 magnitude = *number;
    bool negative = int768_is_negative(number);
    if (negative)
        int768_negate(&magnitude);
    double value = int768_to_double(&magnitude, false, exponent);
    return negative ? -value : value;
}

void int768_text(const struct int768 *number, char text[INT768_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    struct int768 magnitude = *number;
    if (int768_is_negative(number)) {
        int768_negate(&magnitude);
        *text++ = '-';
    }
    bool started = false;
    for (int i = INT768_LIMBS * 16 - 1; i >= 0; i--) {
        unsigned digit = magnitude.limb[i / 16] >> (i % 16 * 4) & 15;
        started |= digit > 0 || i == 0;
        if (started)
            *text++ = digits[digit];
    }
    *text = '\0';
}

bool int768_parse(const char *text, struct int768 *number)
{
    *number = (struct int768){{0}};
    bool negative = text[0] == '-';
    text += negative;
    size_t length = strspn(text, "0123456789abcdef");
    if (length == 0 || text[length] != '\0' || length >= INT768_LIMBS * 16)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[length - 1 - i];
        uint64_t digit = (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
        number->limb[i / 16] |= digit << (i % 16 * 4);
    }
    if (negative)
        int768_negate(number);
    return true;
}
