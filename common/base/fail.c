#include "common/base/fail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Leaves out the middle of a text that is too long, as with a long name: why something failed
 * stands at the end. */
static void keep_ends(char to[FAIL_SIZE], const char *text)
{
    const char gap[] = " ... ";
    size_t length = strlen(text), begin = FAIL_SIZE / 4, end = FAIL_SIZE - begin - sizeof gap;
    if (length < FAIL_SIZE)
        snprintf(to, FAIL_SIZE, "%s", text);
    else
        snprintf(to, FAIL_SIZE, "%.*s%s%s", (int)begin, text, gap, text + length - end);
}

void fail_text(char text[FAIL_SIZE], const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    char *whole;
    if (vasprintf(&whole, format, arguments) >= 0) {
        keep_ends(text, whole);
        free(whole);
    } else {
        vsnprintf(text, FAIL_SIZE, format, again);
    }
    va_end(again);
}

static void add_text(struct fail *fail, const char *more)
{
    char both[2 * FAIL_SIZE];
    snprintf(both, sizeof both, "%s%s%s", fail->text, fail->text[0] != '\0' ? ": " : "", more);
    keep_ends(fail->text, both);
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
        fail_text(fail->text, format, arguments);
        va_end(arguments);
    }
    return false;
}

bool fail_convert(struct fail *fail, const char *converter, const char *file, const char *format,
                  ...)
{
    if (fail->text[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        fail_text(fail->text, format, arguments);
        va_end(arguments);
        fail->converter = converter;
        fail->file = file;
    }
    return false;
}

bool fail_errno(struct fail *fail, const char *format, ...)
{
    int number = errno;
    if (fail->text[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        fail_text(fail->text, format, arguments);
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
        fail_text(fail->text, format, arguments);
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
        fail_text(fail->text, format, arguments);
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
    char line[FAIL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    fail_text(line, format, arguments);
    va_end(arguments);
    if (strlen(line) + 2 <= left)
        snprintf(notices->text + used, left, "%s%s", used ? "\n" : "", line);
}
