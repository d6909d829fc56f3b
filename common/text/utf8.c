#include "common/text/utf8.h"

#include <stdbool.h>

size_t utf8_length(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] < 0x80)
        return 1;
    size_t length = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
    bool low = byte[0] < 0xc2 || (byte[0] == 0xe0 && byte[1] < 0xa0) ||
               (byte[0] == 0xf0 && byte[1] < 0x90);
    bool high = byte[0] > 0xf4 || (byte[0] == 0xed && byte[1] > 0x9f) ||
                (byte[0] == 0xf4 && byte[1] > 0x8f);
    for (size_t i = 1; i < length; i++)
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
    return low || high ? 0 : length;
}

uint32_t utf8_next(const char **text)
{
    const unsigned char *byte = (const unsigned char *)*text;
    size_t length = utf8_length(*text);
    uint32_t code = length < 2 ? byte[0] : byte[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++)
        code = code << 6 | (byte[i] & 0x3f);
    *text += length > 0 ? length : 1;
    return code;
}

size_t utf8_printable_length(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    bool is_control = byte[0] < ' ' || byte[0] == 0x7f || (byte[0] == 0xc2 && byte[1] < 0xa0);
    return is_control ? 0 : utf8_length(text);
}

void utf8_make_printable(char *text)
{
    while (*text != '\0') {
        size_t length = utf8_printable_length(text);
        if (length == 0)
            *text = '?';
        text += length > 0 ? length : 1;
    }
}
