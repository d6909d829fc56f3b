/* Strips of samples, compressed by libtiff. */
#ifndef FORMAT_TIFF_WRITE_STRIP_H
#define FORMAT_TIFF_WRITE_STRIP_H

#include "common/base/fail.h"
#include "format/tiff/decode/client.h"
#include "format/tiff/write/options.h"

struct tiff_strip {
    struct tiff_client client;
    const char *name; /* of the output file, for messages */
    uint32_t columns;
    uint16_t samples; /* per pixel */
    enum sample_type type;
    enum tiff_compression_scheme compression;
    uint16_t predictor; /* PREDICTOR_NONE, _HORIZONTAL, _FLOATINGPOINT */

    unsigned char *bytes; /* libtiff's file in memory */
    size_t capacity;
};

/* The value of TIFF's Compression tag. */
uint16_t tiff_compression_number(enum tiff_compression_scheme compression);

/* Compresses whole rows of samples, which it may change. The result, *n bytes, is valid until the
 * next call. NULL on failure. */
MUST_CHECK const unsigned char *tiff_strip_compress(struct tiff_strip *strip, void *samples,
                                                    uint32_t rows, size_t *n, struct fail *fail);
void tiff_strip_free(struct tiff_strip *strip);

#endif
