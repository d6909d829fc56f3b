#include "format/png/band.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/base/array.h"
#include "format/png/deflate.h"
#include "format/png/filter.h"

/* Bytes of a band's own rows, unless one row is longer. A search finds more in long bands;
 * everything else is faster in those that stay in the processor's cache. */
#define SEARCHED_SIZE (256 * 1024)
#define UNSEARCHED_SIZE (128 * 1024)
/* Deflate's window: a search reaches so far back into the rows before the band. */
#define WINDOW_SIZE (32 * 1024)
/* Compressed bytes beside deflate's own: zlib's header, an empty block, zlib's checksum. */
#define ENVELOPE_SIZE 32
/* zlib's level where PNG_FAST searches. */
#define SEARCH_LEVEL 5

/* ---- collecting rows ------------------------------------------------------------------------- */

struct png_band_layout png_band_layout(size_t row_bytes, size_t pixel_bytes, int level)
{
    bool may_search = level != PNG_FAST || pixel_bytes > 1;
    size_t row = row_bytes + 1, size = may_search ? SEARCHED_SIZE : UNSEARCHED_SIZE;
    return (struct png_band_layout){.row_size = row,
                                    .pixel_size = pixel_bytes,
                                    .level = level,
                                    .rows = row < size ? size / row : 1,
                                    .overlap =
                                        level == PNG_FAST ? 1 : 1 + (WINDOW_SIZE - 1) / row + 1};
}

/* Above the first row of an image all samples count as 0. */
static void copy_overlap(struct png_band *band, const struct png_band *before)
{
    size_t row = band->layout.row_size, rows = before ? before->overlap + before->rows : 1;
    band->overlap = rows < band->layout.overlap ? rows : band->layout.overlap;
    if (before)
        memcpy(band->bytes, before->bytes + (rows - band->overlap) * row, band->overlap * row);
    else
        memset(band->bytes, 0, row);
}

static size_t compressed_bound(size_t n)
{
    size_t runs = deflate_runs_bound(n), zlib = compressBound(n);
    return (runs > zlib ? runs : zlib) + ENVELOPE_SIZE;
}

bool png_band_begin(struct png_band *band, const struct png_band_layout *layout,
                    const struct png_band *before, struct fail *fail)
{
    size_t size = layout->rows * layout->row_size, overlap = layout->overlap * layout->row_size;
    band->layout = *layout;
    band->rows = 0;
    band->is_first = !before;
    band->is_last = false;
    if (!array_reserve(band->bytes, &band->bytes_capacity, overlap + size) ||
        !array_reserve(band->compressed, &band->compressed_capacity, compressed_bound(size)))
        return fail_errno(fail, "%zu rows of a picture", layout->rows);
    copy_overlap(band, before);
    return true;
}

bool png_band_add_row(struct png_band *band, const unsigned char *row)
{
    size_t row_size = band->layout.row_size;
    memcpy(band->bytes + (band->overlap + band->rows) * row_size + 1, row, row_size - 1);
    return ++band->rows == band->layout.rows;
}

void png_band_free(struct png_band *band)
{
    free(band->bytes);
    free(band->compressed);
}

/* ---- compression ----------------------------------------------------------------------------- */

struct png_compressor {
    z_stream stream;
    bool is_ready; /* stream is initialized: only when first needed, as it takes much memory */
};

struct png_compressor *png_compressor_open(void)
{
    return calloc(1, sizeof(struct png_compressor));
}

void png_compressor_close(struct png_compressor *compressor)
{
    if (compressor && compressor->is_ready)
        deflateEnd(&compressor->stream);
    free(compressor);
}

static bool reset(struct png_compressor *compressor, int level)
{
    z_stream *stream = &compressor->stream;
    if (compressor->is_ready)
        return deflateReset(stream) == Z_OK;
    int status = deflateInit2(stream, level == PNG_FAST ? SEARCH_LEVEL : level, Z_DEFLATED,
                              -MAX_WBITS, 8, Z_FILTERED);
    return compressor->is_ready = status == Z_OK;
}

/* From the bottom up, because a row's filter needs the row above it unfiltered. The first of the
 * copied rows has none above it and stays unfiltered; no byte of it is compressed. */
static void filter_rows(const struct png_band *band)
{
    size_t row_size = band->layout.row_size;
    for (size_t y = band->overlap + band->rows - 1; y > 0; y--) {
        unsigned char *row = band->bytes + y * row_size;
        row[0] = png_filter_row(row + 1, row - row_size + 1, row_size - 1, band->layout.pixel_size);
    }
}

/* How many bytes equal each of the three before them. */
static size_t count_runs(const unsigned char *v, size_t n)
{
    size_t count = 0;
    for (size_t start = 3; start < n; start += 255) {
        size_t end = n - start < 255 ? n : start + 255;
        unsigned char part = 0;
        for (size_t i = start; i < end; i++)
            part = (unsigned char)(part +
                                   ((v[i] == v[i - 1]) & (v[i] == v[i - 2]) & (v[i] == v[i - 3])));
        count += part;
    }
    return count;
}

/* Noise has no repetitions, and those of gray images are hardly more than runs; only where pixels
 * of several bytes have runs does a search pay. */
static bool is_searched(const struct png_band *band, const unsigned char *filtered, size_t n)
{
    return band->layout.level != PNG_FAST ||
           (band->layout.pixel_size > 1 && count_runs(filtered, n) >= n / 5);
}

/* Writes zlib's header. Its second byte records the level and makes the two divisible by 31. */
static size_t put_header(unsigned char *to, int level)
{
    static const unsigned char levels[] = {0x01, 0x01, 0x5e, 0x5e, 0x5e,
                                           0x5e, 0x9c, 0xda, 0xda, 0xda};
    to[0] = 0x78;
    to[1] = level == PNG_FAST ? 0x01 : levels[level];
    return 2;
}

/* Compresses by zlib, with the rows before the band as its dictionary. Returns how many bytes it
 * wrote, 0 on failure. */
static size_t search(struct png_compressor *compressor, struct png_band *band,
                     unsigned char *filtered, size_t n, unsigned char *to)
{
    z_stream *stream = &compressor->stream;
    unsigned char *dictionary = band->bytes + band->layout.row_size;
    size_t capacity = band->compressed_capacity - (size_t)(to - band->compressed);
    if (!reset(compressor, band->layout.level))
        return 0;
    if (dictionary < filtered &&
        deflateSetDictionary(stream, dictionary, (uInt)(filtered - dictionary)) != Z_OK)
        return 0;
    stream->next_in = filtered;
    stream->avail_in = (uInt)n;
    stream->next_out = to;
    stream->avail_out = (uInt)capacity;
    int status = deflate(stream, band->is_last ? Z_FINISH : Z_SYNC_FLUSH);
    bool ok = status == (band->is_last ? Z_STREAM_END : Z_OK) && stream->avail_in == 0;
    return ok ? capacity - stream->avail_out : 0;
}

void png_band_compress(struct png_compressor *compressor, struct png_band *band)
{
    unsigned char *filtered = band->bytes + band->overlap * band->layout.row_size;
    size_t n = band->rows * band->layout.row_size;
    filter_rows(band);
    band->checksum = (uint32_t)adler32(1, filtered, (uInt)n);
    size_t header = band->is_first ? put_header(band->compressed, band->layout.level) : 0;
    unsigned char *to = band->compressed + header;
    size_t size = is_searched(band, filtered, n)
                      ? search(compressor, band, filtered, n, to)
                      : deflate_runs(filtered, n, band->layout.pixel_size, band->is_last, to);
    band->compressed_size = size > 0 ? header + size : 0;
}
