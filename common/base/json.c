#include "common/base/json.h"

#include <math.h>
#include <string.h>

#include "common/base/number.h"

/* Bytes of the UTF-8 sequence (RFC 3629) that begins at text; 0: there is none. */
static size_t utf8_length(const unsigned char *text)
{
    size_t length = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
    bool low = text[0] < 0xc2 || (text[0] == 0xe0 && text[1] < 0xa0) ||
               (text[0] == 0xf0 && text[1] < 0x90);
    bool high = text[0] > 0xf4 || (text[0] == 0xed && text[1] > 0x9f) ||
                (text[0] == 0xf4 && text[1] > 0x8f);
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    return low || high ? 0 : length;
}

bool json_string(struct output *output, const char *text, struct fail *fail)
{
    bool ok = output_print(output, fail, "\"");
    for (const unsigned char *c = (const unsigned char *)text; ok && *c != '\0';) {
        size_t length = *c < 0x80 ? 1 : utf8_length(c);
        bool plain = length > 1 || (*c >= ' ' && *c <= '~' && !strchr("\"\\<>&", *c));
        ok = plain ? output_write(output, c, length, fail)
                   : output_print(output, fail, "\\u%04x", *c);
        c += length > 1 ? length : 1;
    }
    return ok && output_print(output, fail, "\"");
}

bool json_number(struct output *output, double number, struct fail *fail)
{
    char text[NUMBER_SIZE];
    return output_print(output, fail, "%s", isfinite(number) ? number_text(number, text) : "null");
}

bool json_numbers(struct output *output, const double *numbers, size_t count, struct fail *fail)
{
    bool ok = output_print(output, fail, "[");
    for (size_t i = 0; ok && i < count; i++)
        ok = output_print(output, fail, "%s", i > 0 ? ", " : "") &&
             json_number(output, numbers[i], fail);
    return ok && output_print(output, fail, "]");
}
