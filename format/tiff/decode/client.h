/* libtiff as a library on bytes that are not a file of its own: the callbacks that reading and
 * writing share, and its messages. */
#ifndef FORMAT_TIFF_DECODE_CLIENT_H
#define FORMAT_TIFF_DECODE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <tiffio.h>

#include "common/base/fail.h"

/* The first member of the struct that the read and write callbacks get as their handle. */
struct tiff_client {
    uint64_t position, size; /* where libtiff reads or writes next; bytes in the file */
    char last_error[256];    /* libtiff's first error since tiff_client_clear(); "" if none */
    bool damaged;            /* since then, a decoder that tolerates damage has found some */
    int error_number;        /* errno of a read or write that failed since then; 0 if none has */
};

/* Opens a file of client->size bytes in one of libtiff's modes. No single
 * allocation may exceed max_memory bytes, where that is not 0. NULL on failure, with last_error
 * set. */
TIFF *tiff_client_open(struct tiff_client *client, const char *name, const char *mode,
                       TIFFReadWriteProc read, TIFFReadWriteProc write, tmsize_t max_memory);

/* Forgets errors. Call it before an operation whose errors matter. */
void tiff_client_clear(struct tiff_client *client);
/* Whether since then no read or write has failed and no allocation: libtiff goes on without what it
 * could not read or hold, as if the file did not have it. */
bool tiff_client_is_ok(const struct tiff_client *client);
/* Sets "where: why": the system's error if there was one, else libtiff's, else `otherwise`. Always
 * returns false. */
bool tiff_client_fail(const struct tiff_client *client, const char *where, const char *otherwise,
                      struct fail *fail);

#endif
