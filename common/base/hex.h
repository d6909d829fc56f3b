/* Bytes of tables that are written as text, two hexadecimal digits in lower case each. */
#ifndef COMMON_BASE_HEX_H
#define COMMON_BASE_HEX_H

static inline unsigned hex_digit(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

static inline unsigned hex_byte(const char pair[2])
{
    return hex_digit(pair[0]) << 4 | hex_digit(pair[1]);
}

#endif
