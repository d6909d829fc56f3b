#include "format/tiff/decode/libtiff.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct libtiff libtiff;

static struct {
    char text[256]; /* its end, if it is longer: the reason is there */
    int error_number;
} failure;

#ifdef LIBTIFF_SONAME

/* Where each function's address goes. POSIX lets a pointer from dlsym() be stored so. */
#define SYMBOL(name) {"TIFF" #name, (void **)(void *)&libtiff.name},
static const struct {
    const char *name;
    void **address;
} symbols[] = {LIBTIFF_FUNCTIONS(SYMBOL)};

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), wanted = strlen(end);
    return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

/* The system's error, of which dlopen() tells by the end of its text only: the error's words, or
 * words of its own where memory is missing. */
static int find_error(const char *text)
{
    static const int numbers[] = {EMFILE, ENFILE, ENOMEM, EIO};
    static const char *const memory[] = {"out of memory",
                                         "failed to map segment from shared object"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (ends_with(text, strerror(numbers[i])))
            return numbers[i];
    for (size_t i = 0; i < sizeof memory / sizeof memory[0]; i++)
        if (ends_with(text, memory[i]))
            return ENOMEM;
    return 0;
}

static void load(void)
{
    void *library = dlopen(LIBTIFF_SONAME, RTLD_LAZY | RTLD_LOCAL);
    bool ok = library != NULL;
    for (size_t i = 0; ok && i < sizeof symbols / sizeof symbols[0]; i++) {
        *symbols[i].address = dlsym(library, symbols[i].name);
        ok = *symbols[i].address != NULL;
    }
    if (ok)
        return;
    const char *text = dlerror();
    size_t length = strlen(text);
    size_t cut = length < sizeof failure.text ? 0 : length + 1 - sizeof failure.text;
    snprintf(failure.text, sizeof failure.text, "%s", text + cut);
    failure.error_number = find_error(text);
}

#else /* linked */

#define LINKED(name) .name = TIFF##name,

static void load(void)
{
    libtiff = (struct libtiff){LIBTIFF_FUNCTIONS(LINKED)};
}

#endif

bool libtiff_load(const char *name, struct fail *fail)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (failure.text[0] == '\0')
        return true;
    if (failure.error_number == 0)
        return fail_set(fail, "%s: %s", name, failure.text);
    errno = failure.error_number;
    return fail_errno(fail, "%s: loading libtiff", name);
}
