#include "format/tiff/write/strip.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"

#define ZSTD_LEVEL 3 /* zstd's default: about 9 times as fast as libtiff's, for no more bytes */

/* Each strip is written as the only one of a file in memory, from which its bytes are copied. */

static tmsize_t write_bytes(thandle_t handle, void *from, tmsize_t n)
{
    struct tiff_strip *strip = handle;
    struct tiff_client *client = &strip->client;
    size_t end = client->position + (size_t)n;
    if (client->position > client->size || /* libtiff leaves no holes */
        !array_reserve(strip->bytes, &strip->capacity, end))
        return -1;
    memcpy(strip->bytes + client->position, from, (size_t)n);
    client->position = end;
    client->size = end > client->size ? end : client->size;
    return n;
}

static tmsize_t read_bytes(thandle_t handle, void *to, tmsize_t n)
{
    struct tiff_strip *strip = handle;
    struct tiff_client *client = &strip->client;
    if (client->position > client->size || (size_t)n > client->size - client->position)
        return -1;
    memcpy(to, strip->bytes + client->position, (size_t)n);
    client->position += (size_t)n;
    return n;
}

uint16_t tiff_compression_number(enum tiff_compression_scheme compression)
{
    static const uint16_t numbers[] = {
        [COMPRESS_NONE] = COMPRESSION_NONE,
        [COMPRESS_DEFLATE] = COMPRESSION_ADOBE_DEFLATE,
        [COMPRESS_LZW] = COMPRESSION_LZW,
        [COMPRESS_ZSTD] = COMPRESSION_ZSTD,
    };
    return numbers[compression];
}

static bool set_fields(TIFF *tiff, const struct tiff_strip *strip, uint32_t rows)
{
    unsigned format =
        sample_is_integer(strip->type) ? SAMPLEFORMAT_UINT : (unsigned)SAMPLEFORMAT_IEEEFP;
    unsigned photometric = strip->samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    return TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, strip->columns) &&
           TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, rows) &&
           TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, rows) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, (unsigned)strip->samples) &&
           TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, (unsigned)(8 * sample_size(strip->type))) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, format) &&
           TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
           TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, photometric) &&
           TIFFSetField(tiff, TIFFTAG_COMPRESSION,
                        (unsigned)tiff_compression_number(strip->compression)) &&
           TIFFSetField(tiff, TIFFTAG_PREDICTOR, (unsigned)strip->predictor) &&
           (strip->compression != COMPRESS_ZSTD ||
            TIFFSetField(tiff, TIFFTAG_ZSTD_LEVEL, ZSTD_LEVEL));
}

/* Finds the strip in the file in memory. */
static bool find_strip(TIFF *tiff, const struct tiff_strip *strip, uint64_t *offset, uint64_t *size)
{
    *offset = TIFFGetStrileOffset(tiff, 0);
    *size = TIFFGetStrileByteCount(tiff, 0);
    return *size > 0 && *offset <= strip->client.size && *size <= strip->client.size - *offset;
}

const unsigned char *tiff_strip_compress(struct tiff_strip *strip, void *samples, uint32_t rows,
                                         size_t *n, struct fail *fail)
{
    size_t row = strip->columns * strip->samples * sample_size(strip->type);
    uint64_t offset = 0, size = 0;
    *n = 0;
    strip->client = (struct tiff_client){0};
    tiff_client_clear(&strip->client);
    TIFF *tiff = tiff_client_open(&strip->client, strip->name, "wl", read_bytes, write_bytes, 0);
    bool ok = tiff && set_fields(tiff, strip, rows) &&
              TIFFWriteEncodedStrip(tiff, 0, samples, (tmsize_t)(row * rows)) >= 0 &&
              find_strip(tiff, strip, &offset, &size) && tiff_client_is_ok(&strip->client);
    if (!ok) {
        struct fail why = {.text = ""};
        tiff_client_fail(&strip->client, "libtiff can't compress a strip", "it does not say why",
                         &why);
        fail_prefix(fail, &why, "%s", strip->name);
    }
    if (tiff) {
        TIFFSetMode(tiff, O_RDONLY); /* nobody needs the directory that closing would write */
        TIFFClose(tiff);
    }
    *n = size;
    return ok ? strip->bytes + offset : NULL;
}

void tiff_strip_free(struct tiff_strip *strip)
{
    free(strip->bytes);
    strip->bytes = NULL;
}
