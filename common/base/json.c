#include "common/base/json.h"

#include <math.h>
#include <string.h>

#include "common/base/number.h"
#include "common/base/text.h"

bool json_string(struct output *output, const char *text, struct fail *fail)
{
    bool ok = output_print(output, fail, "\"");
    while (ok && *text != '\0') {
        unsigned char byte = (unsigned char)*text;
        size_t length = text_utf8_length(text);
        bool plain = length > 1 || (byte >= ' ' && byte <= '~' && !strchr("\"\\<>&", byte));
        ok = plain ? output_write(output, text, length, fail)
                   : output_print(output, fail, "\\u%04x", byte);
        text += length > 1 ? length : 1;
    }
    return ok && output_print(output, fail, "\"");
}

bool json_key(struct output *output, const char *key, struct fail *fail)
{
    return output_print(output, fail, ",\n  ") && json_string(output, key, fail) &&
           output_print(output, fail, ": ");
}

bool json_key_inline(struct output *output, const char *key, struct fail *fail)
{
    return output_print(output, fail, ", ") && json_string(output, key, fail) &&
           output_print(output, fail, ": ");
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

bool json_strings(struct output *output, const char *const *texts, size_t count, struct fail *fail)
{
    bool ok = output_print(output, fail, "[");
    for (size_t i = 0; ok && i < count; i++)
        ok = output_print(output, fail, "%s", i > 0 ? ", " : "") &&
             json_string(output, texts[i], fail);
    return ok && output_print(output, fail, "]");
}
