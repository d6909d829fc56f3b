#include "common/base/fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set_text(struct fail *fail, const char *format, va_list arguments)
{
    vsnprintf(fail->text, sizeof fail->text, format, arguments);
}

static void add_text(struct fail *fail, const char *more)
{
    size_t used = strlen(fail->text);
    snprintf(fail->text + used, sizeof fail->text - used, "%s%s", used > 0 ? ": " : "", more);
}

/* Whether an error of the system says that what was asked of it is wrong: a name, a right, a kind
 * of file. All others may be gone at the next try. */
static bool is_about_request(int number)
{
    static const int numbers[] = {ENOENT, EACCES, EPERM,        EISDIR, ENOTDIR, EEXIST,  ELOOP,
                                  EROFS,  EBADF,  ENAMETOOLONG, EINVAL, ESPIPE,  ENOTSUP, EXDEV};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (number == numbers[i])
            return true;
    return false;
}

static void add_error(struct fail *fail, int number)
{
    add_text(fail, strerror(number));
    fail->is_system = !is_about_request(number);
}

bool fail_set(struct fail *fail, const char *format, ...)
{
    if (fail->text[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        set_text(fail, format, arguments);
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
        set_text(fail, format, arguments);
        va_end(arguments);
        add_error(fail, number);
    }
    return false;
}

bool fail_memory(struct fail *fail, const char *format, ...)
{
    if (fail->text[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        set_text(fail, format, arguments);
        va_end(arguments);
        add_error(fail, ENOMEM);
    }
    return false;
}

bool fail_pass(struct fail *fail, const struct fail *why)
{
    if (fail->text[0] == '\0')
        *fail = *why;
    return false;
}

bool fail_prefix(struct fail *fail, const struct fail *why, const char *format, ...)
{
    if (fail->text[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        set_text(fail, format, arguments);
        va_end(arguments);
        add_text(fail, why->text);
        fail->is_system = why->is_system;
    }
    return false;
}

int fail_status(const struct fail *fail)
{
    return fail->is_system ? STATUS_SYSTEM : STATUS_INPUT;
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
