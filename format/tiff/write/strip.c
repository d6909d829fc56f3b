#include "format/tiff/write/strip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZSTD_LEVEL 3 /* zstd's own choice: ~9 times as fast as libtiff's, for no more bytes */

/* Each strip is written as the only one of a file in memory, of which its bytes are taken. */

static tmsize_t take_bytes(thandle_t handle, void *from, tmsize_t n)
{
    struct tiff_strip *strip = handle;
    size_t end = strip->at + (size_t)n;
    if (end > strip->room) {
        unsigned char *larger = realloc(strip->bytes, 2 * end);
        if (!larger)
            return -1;
        strip->bytes = larger;
        strip->room = 2 * end;
    }
    memcpy(strip->bytes + strip->at, from, (size_t)n);
    strip->at = end;
    strip->size = end > strip->size ? end : strip->size;
    return n;
}

static tmsize_t give_bytes(thandle_t handle, void *to, tmsize_t n)
{
    struct tiff_strip *strip = handle;
    if (strip->at > strip->size || (size_t)n > strip->size - strip->at)
        return -1;
    memcpy(to, strip->bytes + strip->at, (size_t)n);
    strip->at += (size_t)n;
    return n;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence)
{
    struct tiff_strip *strip = handle;
    if (whence == SEEK_CUR)
        offset += strip->at;
    else if (whence == SEEK_END)
        offset += strip->size;
    if (offset > strip->size) /* libtiff leaves no holes */
        return (toff_t)-1;
    return strip->at = (size_t)offset;
}

static toff_t tell_size(thandle_t handle)
{
    return ((struct tiff_strip *)handle)->size;
}

static int stay_open(thandle_t handle)
{
    (void)handle;
    return 0;
}

static int note_error(TIFF *tiff, void *user, const char *module, const char *format,
                      va_list arguments)
{
    struct tiff_strip *strip = user;
    (void)tiff, (void)module;
    if (strip->last_error[0] == '\0')
        vsnprintf(strip->last_error, sizeof strip->last_error, format, arguments);
    return 1;
}

static int ignore_warning(TIFF *tiff, void *user, const char *module, const char *format,
                          va_list arguments)
{
    (void)tiff, (void)user, (void)module, (void)format, (void)arguments;
    return 1;
}

static TIFF *open_memory(struct tiff_strip *strip)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
    TIFFOpenOptionsSetErrorHandlerExtR(options, note_error, strip);
    TIFFOpenOptionsSetWarningHandlerExtR(options, ignore_warning, strip);
    strip->size = strip->at = 0;
    strip->last_error[0] = '\0';
    TIFF *tiff = TIFFClientOpenExt(strip->name, "wl", strip, give_bytes, take_bytes, seek,
                                   stay_open, tell_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

uint16_t tiff_compression(enum tiff_packing_scheme packing)
{
    static const uint16_t numbers[] = {
        [PACKING_NONE] = COMPRESSION_NONE,
        [PACKING_DEFLATE] = COMPRESSION_ADOBE_DEFLATE,
        [PACKING_LZW] = COMPRESSION_LZW,
        [PACKING_ZSTD] = COMPRESSION_ZSTD,
    };
    return numbers[packing];
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
           TIFFSetField(tiff, TIFFTAG_COMPRESSION, (unsigned)tiff_compression(strip->packing)) &&
           TIFFSetField(tiff, TIFFTAG_PREDICTOR, (unsigned)strip->predictor) &&
           (strip->packing != PACKING_ZSTD || TIFFSetField(tiff, TIFFTAG_ZSTD_LEVEL, ZSTD_LEVEL));
}

/* Where the strip lies in the file in memory. */
static bool find_strip(TIFF *tiff, const struct tiff_strip *strip, uint64_t *offset, uint64_t *size)
{
    *offset = TIFFGetStrileOffset(tiff, 0);
    *size = TIFFGetStrileByteCount(tiff, 0);
    return *size > 0 && *offset <= strip->size && *size <= strip->size - *offset;
}

const unsigned char *tiff_strip_pack(struct tiff_strip *strip, void *samples, uint32_t rows,
                                     size_t *n, struct fail *fail)
{
    size_t row = strip->columns * strip->samples * sample_size(strip->type);
    uint64_t offset = 0, size = 0;
    TIFF *tiff = open_memory(strip);
    bool ok = tiff && set_fields(tiff, strip, rows) &&
              TIFFWriteEncodedStrip(tiff, 0, samples, (tmsize_t)(row * rows)) >= 0 &&
              find_strip(tiff, strip, &offset, &size);
    if (!ok)
        fail_set(fail, "%s: libtiff can't compress a strip: %s", strip->name,
                 strip->last_error[0] != '\0' ? strip->last_error : "no memory");
    if (tiff)
        TIFFClose(tiff); /* adds a directory, which may move the bytes */
    *n = (size_t)size;
    return ok ? strip->bytes + offset : NULL;
}

void tiff_strip_free(struct tiff_strip *strip)
{
    free(strip->bytes);
    strip->bytes = NULL;
}
