#include "common/json.h"

#include <math.h>

#include "common/number.h"

bool json_string(struct output *output, const char *text, struct fail *fail)
{
    bool ok = output_print(output, fail, "\"");
    for (const unsigned char *c = (const unsigned char *)text; ok && *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            ok = output_print(output, fail, "\\%c", *c);
        else if (*c >= ' ' && *c <= '~')
            ok = output_write(output, c, 1, fail);
        else
            ok = output_print(output, fail, "\\u%04x", *c);
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
