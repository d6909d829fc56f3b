#include "common/wide.h"

#include <math.h>
#include <string.h>

bool wide_is_negative(const struct wide *number)
{
    return number->limb[WIDE_LIMBS - 1] >> 63;
}

bool wide_is_zero(const struct wide *number)
{
    uint64_t any = 0;
    for (int i = 0; i < WIDE_LIMBS; i++)
        any |= number->limb[i];
    return any == 0;
}

void wide_negate(struct wide *number)
{
    uint64_t carry = 1;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        number->limb[i] = ~number->limb[i] + carry;
        carry = carry && number->limb[i] == 0;
    }
}

void wide_add(struct wide *to, const struct wide *number)
{
    uint128 carry = 0;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        carry += (uint128)to->limb[i] + number->limb[i];
        to->limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

void wide_add_shifted(struct wide *to, uint128 number, unsigned shift)
{
    struct wide shifted = {{0}};
    unsigned limb = shift / 64, bit = shift % 64;
    uint128 low = (uint64_t)number, high = number >> 64;
    low <<= bit;
    high <<= bit;
    shifted.limb[limb] = (uint64_t)low;
    high += low >> 64;
    shifted.limb[limb + 1] = (uint64_t)high;
    shifted.limb[limb + 2] = (uint64_t)(high >> 64);
    wide_add(to, &shifted);
}

void wide_multiply(struct wide *number, uint64_t factor)
{
    uint128 carry = 0;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        carry += (uint128)number->limb[i] * factor;
        number->limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

struct wide wide_square(const struct wide *number)
{
    struct wide sum = {{0}};
    for (int shift = 0; shift < WIDE_LIMBS; shift++) {
        struct wide part = {{0}};
        memcpy(part.limb + shift, number->limb, (size_t)(WIDE_LIMBS - shift) * sizeof part.limb[0]);
        wide_multiply(&part, number->limb[shift]);
        wide_add(&sum, &part);
    }
    return sum;
}

unsigned wide_normalize(struct wide *number)
{
    unsigned shift = 0;
    for (; number->limb[WIDE_LIMBS - 1] == 0; shift += 64) {
        memmove(number->limb + 1, number->limb, (WIDE_LIMBS - 1) * sizeof number->limb[0]);
        number->limb[0] = 0;
    }
    for (; number->limb[WIDE_LIMBS - 1] >> 63 == 0; shift++)
        wide_multiply(number, 2);
    return shift;
}

bool wide_divide(struct wide *number, uint64_t divisor)
{
    uint128 rest = 0;
    for (int i = WIDE_LIMBS - 1; i >= 0; i--) {
        rest = rest << 64 | number->limb[i];
        number->limb[i] = (uint64_t)(rest / divisor);
        rest %= divisor;
    }
    return rest != 0;
}

double wide_double(const struct wide *number, bool more, int exponent)
{
    if (wide_is_zero(number))
        return 0;
    struct wide top = *number;
    int shift = (int)wide_normalize(&top);
    /* 53 bits are kept; the other 11 of the highest limb and everything lower decide the rounding.
     */
    uint64_t high = top.limb[WIDE_LIMBS - 1];
    uint64_t kept = high >> 11, dropped = high & 0x7ff;
    top.limb[WIDE_LIMBS - 1] = 0;
    more = more || !wide_is_zero(&top);
    if (dropped > 0x400 || (dropped == 0x400 && (more || kept & 1)))
        kept++;
    return ldexp((double)kept, exponent - shift + 11 + 64 * (WIDE_LIMBS - 1));
}

void wide_text(const struct wide *number, char text[WIDE_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    struct wide size = *number;
    if (wide_is_negative(number)) {
        wide_negate(&size);
        *text++ = '-';
    }
    bool begun = false;
    for (int i = WIDE_LIMBS * 16 - 1; i >= 0; i--) {
        unsigned digit = size.limb[i / 16] >> (i % 16 * 4) & 15;
        begun |= digit > 0 || i == 0;
        if (begun)
            *text++ = digits[digit];
    }
    *text = '\0';
}

bool wide_parse(const char *text, struct wide *number)
{
    *number = (struct wide){{0}};
    bool negative = text[0] == '-';
    text += negative;
    size_t length = strspn(text, "0123456789abcdef");
    if (length == 0 || text[length] != '\0' || length >= WIDE_LIMBS * 16)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[length - 1 - i];
        uint64_t digit = (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
        number->limb[i / 16] |= digit << (i % 16 * 4);
    }
    if (negative)
        wide_negate(number);
    return true;
}
