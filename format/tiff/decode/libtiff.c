#include "format/tiff/decode/libtiff.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct libtiff libtiff;

static struct {
    char text[256];
    int error_number;
} failure;

#ifdef LIBTIFF_SONAME

/* Where each function's address goes. POSIX lets a pointer from dlsym() be stored so. */
#define SYMBOL(name) {"TIFF" #name, (void **)(void *)&libtiff.name},
static const struct {
    const char *name;
    void **address;
} symbols[] = {LIBTIFF_FUNCTIONS(SYMBOL)};

/* dlopen() tells of the system's error by its text only. */
static int find_error(const char *text)
{
    static const int numbers[] = {EMFILE, ENFILE, ENOMEM, EIO};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strstr(text, strerror(numbers[i])))
            return numbers[i];
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
    snprintf(failure.text, sizeof failure.text, "%s", dlerror());
    failure.error_number = find_error(failure.text);
}

#else /* linked */

#define LINKED(name) .name = TIFF##name,

static void load(void)
{
    libtiff = (struct libtiff){LIBTIFF_FUNCTIONS(LINKED)};
}

#endif

const char *libtiff_load(int *error_number)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    *error_number = failure.error_number;
    return failure.text[0] != '\0' ? failure.text : NULL;
}
