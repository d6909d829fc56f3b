/* libtiff as a library on bytes that are not a file of its own: the callbacks that reading and
 * writing share, and its messages. */
#ifndef FORMAT_TIFF_DECODE_CLIENT_H
#define FORMAT_TIFF_DECODE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <tiffio.h>

/* The first member of the struct that the read and write callbacks get as their handle. */
struct tiff_client {
    uint64_t position, size; /* where libtiff reads or writes next; bytes in the file */
    char last_error[256];    /* libtiff's first error since tiff_client_clear(); "" if none */
    bool damaged;            /* since then, a decoder that tolerates damage has found some */
};

/* Opens a file of client->size bytes in one of libtiff's modes. No single allocation may exceed
 * max_memory bytes, where that is not 0. NULL on failure, with last_error set. */
TIFF *tiff_client_open(struct tiff_client *client, const char *name, const char *mode,
                       TIFFReadWriteProc read, TIFFReadWriteProc write, tmsize_t max_memory);

/* Forgets errors. Call it before an operation whose errors matter. */
void tiff_client_clear(struct tiff_client *client);

#endif
