#include "format/tiff/decode/checksum.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/base/count.h"
#include "format/tiff/decode/handle.h"

void tiff_checksum_page(struct tiff_checksum *checksum, const struct tiff_file *file)
{
    unsigned scheme = tiff_get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    unsigned order = tiff_get_short(file, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB);
    checksum->is_deflated =
        (scheme == COMPRESSION_ADOBE_DEFLATE || scheme == COMPRESSION_DEFLATE) &&
        order == FILLORDER_MSB2LSB;
    checksum->predictor = checksum->is_deflated
                              ? tiff_get_short(file, TIFFTAG_PREDICTOR, PREDICTOR_NONE)
                              : PREDICTOR_NONE;
}

void tiff_checksum_begin(struct tiff_checksum *checksum)
{
    checksum->value = (uint32_t)adler32(0, NULL, 0);
}

void tiff_checksum_free(struct tiff_checksum *checksum)
{
    free(checksum->row);
    checksum->row = NULL;
    checksum->row_capacity = 0;
}

/* The predictor of TIFF 6.0, section 14: to[i] = from[i] - from[i - stride], in the file's byte
 * order. */
#define DIFFERENCES(name, type, swap)                                                              \
    static void name(const unsigned char *from, unsigned char *to, size_t n, size_t stride,        \
                     bool differences, bool swapped)                                               \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            type value, before = 0;                                                                \
            memcpy(&value, from + i * sizeof value, sizeof value);                                 \
            if (differences && i >= stride)                                                        \
                memcpy(&before, from + (i - stride) * sizeof value, sizeof value);                 \
            value = (type)(value - before);                                                        \
            value = swapped ? (type)swap(value) : value;                                           \
            memcpy(to + i * sizeof value, &value, sizeof value);                                   \
        }                                                                                          \
    }

DIFFERENCES(predict_1, uint8_t, )
DIFFERENCES(predict_2, uint16_t, __builtin_bswap16)
DIFFERENCES(predict_4, uint32_t, __builtin_bswap32)
DIFFERENCES(predict_8, uint64_t, __builtin_bswap64)

static void swap_3(const unsigned char *from, unsigned char *to, size_t n)
{
    for (size_t i = 0; i < n; i++, from += 3, to += 3) {
        to[0] = from[2];
        to[1] = from[1];
        to[2] = from[0];
    }
}

/* Makes checksum->row the bytes that a row had before compression. */
static void restore_row(const struct tiff_checksum *checksum, const struct tiff_page *page,
                        bool swapped, const unsigned char *row, size_t n)
{
    bool differences = checksum->predictor == PREDICTOR_HORIZONTAL;
    size_t stride = page->separate ? 1 : page->samples;
    if (page->bits == 24)
        swap_3(row, checksum->row, n);
    else
        (page->bits == 8    ? predict_1
         : page->bits == 16 ? predict_2
         : page->bits == 32 ? predict_4
                            : predict_8)(row, checksum->row, n, stride, differences, swapped);
}

bool tiff_checksum_rows(struct tiff_checksum *checksum, const struct tiff_file *file,
                        const struct tiff_page *page, const unsigned char *rows, uint64_t count)
{
    size_t n = tiff_row_samples(page), size = tiff_row_bytes(page);
    bool swapped = file->swapped && page->bits > 8 && page->storage != STORED_BITS;
    if (!checksum->is_deflated || checksum->predictor > PREDICTOR_HORIZONTAL)
        return true;
    if (checksum->predictor != PREDICTOR_NONE && (page->storage == STORED_BITS || page->bits == 24))
        return false; /* libtiff has no predictor for these */
    if (checksum->predictor != PREDICTOR_HORIZONTAL && !swapped) {
        checksum->value = (uint32_t)adler32_z(checksum->value, rows, count * size);
        return true;
    }
    if (size > checksum->row_capacity) {
        free(checksum->row);
        checksum->row = malloc(size);
        checksum->row_capacity = checksum->row ? size : 0;
    }
    for (uint64_t i = 0; checksum->row && i < count; i++, rows += size) {
        restore_row(checksum, page, swapped, rows, n);
        checksum->value = (uint32_t)adler32_z(checksum->value, checksum->row, size);
    }
    return checksum->row != NULL;
}

/* A read that fails becomes the failure of the decoder, of which this is a part. */
static bool read_deflated(struct tiff_file *file, uint64_t offset, void *to, size_t n)
{
    struct fail ignored = {.text = ""};
    if (tiff_file_read(file, offset, to, n, &ignored))
        return true;
    if (ignored.is_system)
        file->client.error_number = errno;
    return false;
}

bool tiff_checksum_agrees(const struct tiff_checksum *checksum, struct tiff_file *file,
                          const struct tiff_page *page, uint32_t segment)
{
    uint64_t bytes = TIFFGetStrileByteCount(file->tiff, segment);
    unsigned char end[4];
    if (!checksum->is_deflated)
        return true;
    if (checksum->predictor > PREDICTOR_HORIZONTAL)
        return tiff_checksum_length(checksum, file, page, segment) ==
               tiff_segment_bytes(page, segment);
    if (bytes < sizeof end ||
        !read_deflated(file, TIFFGetStrileOffset(file->tiff, segment) + bytes - 4, end, sizeof end))
        return false;
    return checksum->value == ((uint32_t)end[0] << 24 | (uint32_t)end[1] << 16 |
                               (uint32_t)end[2] << 8 | (uint32_t)end[3]);
}

/* zlib itself compares the checksum at the end of the data. */
uint64_t tiff_checksum_length(const struct tiff_checksum *checksum, struct tiff_file *file,
                              const struct tiff_page *page, uint32_t segment)
{
    enum { CHUNK = 4096 };
    unsigned char in[CHUNK], out[CHUNK];
    uint64_t offset = TIFFGetStrileOffset(file->tiff, segment);
    uint64_t left = TIFFGetStrileByteCount(file->tiff, segment);
    uint64_t max = 2 * tiff_segment_size(page) + (1 << 20);
    z_stream stream = {0};
    int state = checksum->is_deflated ? inflateInit(&stream) : Z_DATA_ERROR;
    while (state == Z_OK && stream.total_out < max) {
        if (stream.avail_in == 0) {
            stream.next_in = in;
            stream.avail_in = (uInt)min_u64(left, CHUNK);
            if (stream.avail_in == 0 || !read_deflated(file, offset, in, stream.avail_in))
                break;
            offset += stream.avail_in;
            left -= stream.avail_in;
        }
        stream.next_out = out;
        stream.avail_out = CHUNK;
        state = inflate(&stream, Z_NO_FLUSH);
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END ? stream.total_out : 0;
}
