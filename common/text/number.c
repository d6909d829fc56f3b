#include "common/text/number.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* strtod reads more than decimal numbers: leading space, hexadecimal, inf, nan. No program calls
 * setlocale(), so the decimal point is always a point. */
bool number_real(const char *text, double *value)
{
    if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0')
        return false;
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number))
        return false;
    *value = number;
    return true;
}

bool number_any(const char *text, double *value)
{
    if (number_real(text, value))
        return true;
    if (text[0] == '\0' || isspace((unsigned char)text[0]) || strpbrk(text, "xX(") != NULL)
        return false;
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end != '\0')
        return false;
    *value = number;
    return true;
}

bool number_count(const char *text, uint64_t *value)
{
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false;
    errno = 0;
    unsigned long long number = strtoull(text, NULL, 10);
    if (errno != 0)
        return false;
    *value = number;
    return true;
}

bool number_integer(const char *text, int64_t *value)
{
    const char *digits = text + (text[0] == '-' || text[0] == '+');
    if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0')
        return false;
    errno = 0;
    long long number = strtoll(text, NULL, 10);
    if (errno != 0)
        return false;
    *value = number;
    return true;
}

bool number_reals(const char *text, double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char part[64];
        size_t length = strcspn(text, ",");
        if (length >= sizeof part || (text[length] == ',') != (i + 1 < n))
            return false;
        memcpy(part, text, length);
        part[length] = '\0';
        if (!number_real(part, &values[i]))
            return false;
        text += length + 1;
    }
    return true;
}

const char *number_text(double value, char text[NUMBER_SIZE])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text;
}

const char *number_text_float(float value, char text[NUMBER_SIZE])
{
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, NUMBER_SIZE, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value)
            break;
    }
    return text;
}

static bool slice_part(const char *text, size_t length, int64_t *value)
{
    char part[32];
    if (length >= sizeof part)
        return false;
    memcpy(part, text, length);
    part[length] = '\0';
    return number_integer(part, value);
}

bool slice_parse(const char *text, struct slice *slice, struct fail *fail)
{
    *slice = (struct slice){.step = 1};
    const char *part = text;
    for (int which = 0;; which++) {
        size_t length = strcspn(part, ":");
        int64_t value = 0;
        if (which > 2 || (length > 0 && !slice_part(part, length, &value)))
            return fail_set(fail, "needs a slice A:B:S of whole numbers, not '%s'", text);
        bool last = part[length] == '\0';
        if (which == 0) {
            slice->has_start = length > 0;
            slice->start = value;
            slice->single = last;
        } else if (which == 1) {
            slice->has_stop = length > 0;
            slice->stop = value;
        } else if (length > 0 && value < 1) {
            return fail_set(
                fail, "'%s' has the step %" PRId64 "; a stream can only go forward, by 1 or more",
                text, value);
        } else if (length > 0) {
            slice->step = (uint64_t)value;
        }
        if (last)
            break;
        part += length + 1;
    }
    if (slice->single && !slice->has_start)
        return fail_set(fail, "needs a slice A:B:S of whole numbers, not '%s'", text);
    return true;
}

/* An end of a slice as an index in 0..size: negative ones count from the end, outside is cut. */
static uint64_t slice_end(int64_t end, uint64_t size)
{
    if (end >= 0)
        return (uint64_t)end < size ? (uint64_t)end : size;
    uint64_t back = (uint64_t)(-(end + 1)) + 1;
    return back <= size ? size - back : 0;
}

bool slice_apply(const struct slice *slice, uint64_t size, const char *axis, uint64_t *first,
                 uint64_t *count, uint64_t *step, struct fail *fail)
{
    *first = slice->has_start ? slice_end(slice->start, size) : 0;
    *step = slice->step ? slice->step : 1;
    if (slice->single) {
        bool inside = slice->start >= 0 ? (uint64_t)slice->start < size
                                        : (uint64_t)(-(slice->start + 1)) < size;
        *count = 1;
        return inside || fail_set(fail, "%s %" PRId64 " is out of bounds: there are %" PRIu64, axis,
                                  slice->start, size);
    }
    uint64_t stop = slice->has_stop ? slice_end(slice->stop, size) : size;
    *count = stop > *first ? (stop - *first - 1) / *step + 1 : 0;
    return *count > 0 ||
           fail_set(fail,
                    "the slice of %ss is empty: from %" PRIu64 " up to %" PRIu64 " of %" PRIu64,
                    axis, *first, stop, size);
}
