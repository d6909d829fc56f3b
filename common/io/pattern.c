#include "common/io/pattern.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char wanted[] = "a pattern holds one %d, %4d or %04d, and %% for a percent sign";

/* Length of a conversion that is not accepted, up to the letter that would end it. */
static int unknown_length(const char *percent)
{
    size_t length = 1 + strspn(percent + 1, "0123456789-+ #'.*hlqjzt");
    return (int)(length + (percent[length] != '\0'));
}

static bool parse_conversion(const char *percent, struct pattern *pattern)
{
    const char *at = percent + 1;
    bool zeros = *at == '0';
    at += zeros;
    unsigned width = 0;
    if (*at >= '1' && *at <= '9')
        width = (unsigned)(*at++ - '0');
    if (*at != 'd')
        return false;
    pattern->before = percent;
    pattern->after = at + 1;
    pattern->width = width;
    pattern->zeros = zeros;
    return true;
}

bool pattern_parse(const char *text, struct pattern *pattern, struct fail *fail)
{
    *pattern = (struct pattern){.text = text};
    const char *at = text;
    while ((at = strchr(at, '%')) != NULL) {
        if (at[1] == '%') {
            at += 2;
            continue;
        }
        struct pattern found = *pattern;
        if (!parse_conversion(at, &found))
            return fail_set(fail, "'%.*s' in '%s': %s", unknown_length(at), at, text, wanted);
        if (pattern->before)
            return fail_set(fail, "'%s' has more than one number: %s", text, wanted);
        *pattern = found;
        at = found.after;
    }
    return pattern->before || fail_set(fail, "'%s' has no number: %s", text, wanted);
}

/* Copies from..end with each %% as one percent sign; returns the end of the copy. */
static char *copy_plain(char *to, const char *from, const char *end)
{
    while (from < end) {
        from += from[0] == '%';
        *to++ = *from++;
    }
    return to;
}

char *pattern_name(const struct pattern *pattern, uint64_t number)
{
    char *name = malloc(strlen(pattern->text) + 32);
    if (!name)
        return NULL;
    char *end = copy_plain(name, pattern->text, pattern->before);
    end += pattern->zeros ? sprintf(end, "%0*" PRIu64, (int)pattern->width, number)
                          : sprintf(end, "%*" PRIu64, (int)pattern->width, number);
    end = copy_plain(end, pattern->after, pattern->text + strlen(pattern->text));
    *end = '\0';
    return name;
}
