/* Strips of samples, compressed by libtiff. */
#ifndef FORMAT_TIFF_WRITE_STRIP_H
#define FORMAT_TIFF_WRITE_STRIP_H

#include <tiffio.h>

#include "common/base/fail.h"
#include "format/tiff/write/options.h"

struct tiff_strip {
    const char *name; /* of the file that it is for, for messages */
    uint32_t columns;
    uint16_t samples; /* a pixel */
    enum sample_type type;
    enum tiff_packing_scheme packing;
    uint16_t predictor; /* PREDICTOR_NONE, _HORIZONTAL, _FLOATINGPOINT */

    unsigned char *bytes; /* what libtiff takes for its file */
    size_t size, room, at;
    char last_error[256]; /* libtiff's first words of failure */
};

/* The number that TIFF has for a packing. */
uint16_t tiff_compression(enum tiff_packing_scheme packing);

/* Packs whole rows of samples, which it may change. The result, *n bytes, lasts until the next
 * call. NULL on failure. */
const unsigned char *tiff_strip_pack(struct tiff_strip *strip, void *samples, uint32_t rows,
                                     size_t *n, struct fail *fail);
void tiff_strip_free(struct tiff_strip *strip);

#endif
