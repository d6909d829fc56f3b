#include "common/base/fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/progress.h"
#include "common/base/utf8.h"

bool fail_set(struct fail *fail, const char *format, ...)
{
    if (fail->text[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(fail->text, sizeof fail->text, format, arguments);
        va_end(arguments);
    }
    return false;
}

bool fail_errno(struct fail *fail, const char *format, ...)
{
    int number = errno;
    if (fail->text[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(fail->text, sizeof fail->text, format, arguments);
        va_end(arguments);
        size_t used = strlen(fail->text);
        snprintf(fail->text + used, sizeof fail->text - used, ": %s", strerror(number));
    }
    return false;
}

void notices_add(struct notices *notices, const char *format, ...)
{
    size_t used = strlen(notices->text), left = sizeof notices->text - used;
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (strlen(line) + 2 <= left)
        snprintf(notices->text + used, left, "%s%s", used ? "\n" : "", line);
}

void fail_print(const struct fail *fail, const char *program)
{
    char line[sizeof fail->text];
    memcpy(line, fail->text, sizeof line);
    utf8_make_printable(line);
    progress_end();
    fprintf(stderr, "%s: %s\n", program, line);
}
