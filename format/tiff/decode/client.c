#include "format/tiff/decode/client.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static toff_t seek(thandle_t handle, toff_t offset, int whence)
{
    struct tiff_client *client = handle;
    if (whence == SEEK_CUR)
        offset += client->position;
    else if (whence == SEEK_END)
        offset += client->size;
    return client->position = offset;
}

static toff_t get_size(thandle_t handle)
{
    return ((struct tiff_client *)handle)->size;
}

static int do_not_close(thandle_t handle)
{
    (void)handle;
    return 0;
}

/* Decoders that continue after damage: missing data becomes gray in JPEG, white or a repeated row
 * in fax. */
static bool is_tolerant(const char *module)
{
    return module && (strcmp(module, "JPEGLib") == 0 || strcmp(module, "LibJpeg") == 0 ||
                      strncmp(module, "Fax", 3) == 0);
}

static int record_error(TIFF *tiff, void *user, const char *module, const char *format,
                        va_list arguments)
{
    (void)tiff;
    struct tiff_client *client = user;
    client->damaged = client->damaged || is_tolerant(module);
    if (client->last_error[0] != '\0')
        return 1;
    vsnprintf(client->last_error, sizeof client->last_error, format, arguments);
    size_t used = strlen(client->last_error);
    if (strstr(format, "defined in open options")) /* of a single allocation */
        snprintf(client->last_error + used, sizeof client->last_error - used,
                 " (--memory MB raises it)");
    return 1;
}

/* Warnings are about what libtiff could repair, except those of the tolerant decoders. */
static int record_warning(TIFF *tiff, void *user, const char *module, const char *format,
                          va_list arguments)
{
    struct tiff_client *client = user;
    bool is_short = module && strcmp(module, "JPEGPreDecode") == 0 && format[0] == 'I';
    client->damaged = client->damaged || is_short; /* "Improper JPEG strip/tile size" */
    return is_tolerant(module) || is_short ? record_error(tiff, user, module, format, arguments)
                                           : 1;
}

void tiff_client_clear(struct tiff_client *client)
{
    client->last_error[0] = '\0';
    client->damaged = false;
    client->error_number = 0;
    errno = 0;
}

bool tiff_client_is_ok(const struct tiff_client *client)
{
    return client->error_number == 0 && errno != ENOMEM;
}

bool tiff_client_fail(const struct tiff_client *client, const char *where, const char *otherwise,
                      struct fail *fail)
{
    if (!tiff_client_is_ok(client)) {
        errno = client->error_number != 0 ? client->error_number : ENOMEM;
        return fail_errno(fail, "%s", where);
    }
    return fail_set(fail, "%s: %s", where,
                    client->last_error[0] != '\0' ? client->last_error : otherwise);
}

static void silence_libtiff(void)
{
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
}

TIFF *tiff_client_open(struct tiff_client *client, const char *name, const char *mode,
                       TIFFReadWriteProc read, TIFFReadWriteProc write, tmsize_t max_memory)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, silence_libtiff);
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    TIFF *tiff = NULL;
    if (options) {
        TIFFOpenOptionsSetErrorHandlerExtR(options, record_error, client);
        TIFFOpenOptionsSetWarningHandlerExtR(options, record_warning, client);
        TIFFOpenOptionsSetMaxSingleMemAlloc(options, max_memory);
        tiff = TIFFClientOpenExt(name, mode, client, read, write, seek, do_not_close, get_size,
                                 NULL, NULL, options);
        TIFFOpenOptionsFree(options);
    } else
        errno = ENOMEM;
    return tiff;
}
