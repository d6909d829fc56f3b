#include "format/tiff/decode/plain_page.h"

#include <stddef.h>

#include "common/base/number.h"
#include "format/tiff/decode/handle.h"
#include "format/tiff/decode/tags.h"

/* ---- values of pages ------------------------------------------------------------------------- */

/* The tags that have a single value. */
enum plain_tag {
    PLAIN_KIND,
    PLAIN_COLUMNS,
    PLAIN_ROWS,
    PLAIN_COMPRESSION,
    PLAIN_PHOTOMETRIC,
    PLAIN_FILL_ORDER,
    PLAIN_ORIENTATION,
    PLAIN_SAMPLES,
    PLAIN_STRIP_ROWS,
    PLAIN_PLANAR_CONFIG,
    PLAIN_UNIT,
    PLAIN_TAGS
};

static const struct {
    unsigned tag;
    bool may_be_absent;
    uint64_t fallback; /* if it is absent */
    uint64_t min, max;
} plain_tags[PLAIN_TAGS] = {
    [PLAIN_KIND] = {TIFFTAG_SUBFILETYPE, true, 0, 0, UINT32_MAX},
    [PLAIN_COLUMNS] = {TIFFTAG_IMAGEWIDTH, false, 0, 1, UINT32_MAX},
    [PLAIN_ROWS] = {TIFFTAG_IMAGELENGTH, false, 0, 1, UINT32_MAX},
    [PLAIN_COMPRESSION] = {TIFFTAG_COMPRESSION, true, 0, COMPRESSION_NONE, COMPRESSION_NONE},
    [PLAIN_PHOTOMETRIC] = {TIFFTAG_PHOTOMETRIC, false, 0, PHOTOMETRIC_MINISBLACK, PHOTOMETRIC_RGB},
    [PLAIN_FILL_ORDER] = {TIFFTAG_FILLORDER, true, 0, FILLORDER_MSB2LSB, FILLORDER_MSB2LSB},
    [PLAIN_ORIENTATION] = {TIFFTAG_ORIENTATION, true, 0, ORIENTATION_TOPLEFT, ORIENTATION_TOPLEFT},
    [PLAIN_SAMPLES] = {TIFFTAG_SAMPLESPERPIXEL, true, 1, 1, 3},
    [PLAIN_STRIP_ROWS] = {TIFFTAG_ROWSPERSTRIP, true, UINT32_MAX, 1, UINT32_MAX},
    [PLAIN_PLANAR_CONFIG] = {TIFFTAG_PLANARCONFIG, true, 0, PLANARCONFIG_CONTIG,
                             PLANARCONFIG_CONTIG},
    [PLAIN_UNIT] = {TIFFTAG_RESOLUTIONUNIT, true, 0, 0, UINT16_MAX},
};

/* False if a value is another one or in another form, or if the page has any tag that decoding
 * needs but that is not known here: then only libtiff knows what it means. */
static bool read_values(const struct tiff_file *file, uint64_t values[PLAIN_TAGS])
{
    static const unsigned lists[] = {TIFFTAG_BITSPERSAMPLE, TIFFTAG_SAMPLEFORMAT,
                                     TIFFTAG_STRIPOFFSETS, TIFFTAG_STRIPBYTECOUNTS};
    size_t present = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        present += tiff_has_tag(file, lists[i]);
    for (size_t i = 0; i < PLAIN_TAGS; i++) {
        values[i] = plain_tags[i].fallback;
        if (plain_tags[i].may_be_absent && !tiff_has_tag(file, plain_tags[i].tag))
            continue;
        if (tiff_tag_length(file, plain_tags[i].tag) != 1 ||
            !tiff_tag_numbers(file, plain_tags[i].tag, 0, 1, &values[i]) ||
            values[i] < plain_tags[i].min || values[i] > plain_tags[i].max)
            return false;
        present++;
    }
    return present == tiff_count_decoding_tags(file);
}

/* A value that is the same for each of at most 3 samples of a pixel. */
static bool read_same(const struct tiff_file *file, unsigned tag, uint64_t samples, uint64_t *value)
{
    uint64_t values[3];
    if (tiff_tag_length(file, tag) != samples || !tiff_tag_numbers(file, tag, 0, samples, values))
        return false;
    *value = values[0];
    return values[samples - 1] == values[0] && values[samples / 2] == values[0];
}

static bool read_type(const struct tiff_file *file, struct tiff_page *page)
{
    uint64_t bits, format = SAMPLEFORMAT_UINT;
    if (!read_same(file, TIFFTAG_BITSPERSAMPLE, page->samples, &bits) ||
        (tiff_has_tag(file, TIFFTAG_SAMPLEFORMAT) &&
         !read_same(file, TIFFTAG_SAMPLEFORMAT, page->samples, &format)) ||
        bits > 64 || format > SAMPLEFORMAT_IEEEFP ||
        !tiff_page_find_type(page, (unsigned)bits, (unsigned)format))
        return false;
    page->bits = (unsigned)bits;
    page->type = page->unpacked;
    return page->storage == STORED_AS_NUMBERS;
}

/* ---- strips ---------------------------------------------------------------------------------- */

enum { STRIPS = 256 }; /* whose offsets are read together */

/* Each of the strips `first` to `first` + n ends where the next one begins, and is as long as its
 * samples need; only the last one of all may be longer. *end: of the strips before. */
static bool check_strips(const struct tiff_file *file, const struct tiff_page *page, uint64_t first,
                         size_t n, uint64_t *end)
{
    uint64_t offsets[STRIPS], bytes[STRIPS];
    if (!tiff_tag_numbers(file, TIFFTAG_STRIPOFFSETS, first, n, offsets) ||
        !tiff_tag_numbers(file, TIFFTAG_STRIPBYTECOUNTS, first, n, bytes))
        return false;
    *end = first == 0 ? offsets[0] : *end;
    for (size_t i = 0; i < n; i++) {
        uint64_t needed = tiff_segment_bytes(page, first + i);
        bool is_last = first + i + 1 == page->segments;
        if (offsets[i] != *end || bytes[i] < needed || (bytes[i] > needed && !is_last) ||
            *end > file->size || bytes[i] > file->size - *end)
            return false;
        *end += needed;
    }
    return true;
}

/* Whether the samples lie in one run; sets data_offset. */
static bool read_strips(const struct tiff_file *file, struct tiff_page *page)
{
    uint64_t strips = page->segments, end = 0;
    if (tiff_tag_length(file, TIFFTAG_STRIPOFFSETS) != strips ||
        tiff_tag_length(file, TIFFTAG_STRIPBYTECOUNTS) != strips)
        return false;
    for (uint64_t first = 0; first < strips; first += STRIPS)
        if (!check_strips(file, page, first, (size_t)min_u64(STRIPS, strips - first), &end))
            return false;
    page->data_offset = end - tiff_page_size(page);
    return page->data_offset > 0;
}

bool tiff_plain_page_read(const struct tiff_file *file, struct tiff_page *page)
{
    uint64_t values[PLAIN_TAGS];
    if (!read_values(file, values))
        return false;
    uint64_t rows = values[PLAIN_ROWS], strip_rows = values[PLAIN_STRIP_ROWS];
    uint16_t samples = (uint16_t)values[PLAIN_SAMPLES];
    bool is_rgb = values[PLAIN_PHOTOMETRIC] == PHOTOMETRIC_RGB;
    /* libtiff takes no other number near the largest one. */
    if (samples != (is_rgb ? 3 : 1) || (strip_rows > INT32_MAX && strip_rows != UINT32_MAX))
        return false;
    *page = (struct tiff_page){
        .rows = rows,
        .columns = values[PLAIN_COLUMNS],
        .channels = samples,
        .channel_kind = is_rgb ? CHANNELS_RGB : CHANNELS_NONE,
        .samples = samples,
        .segment_rows = min_u64(strip_rows, rows),
        .segment_columns = values[PLAIN_COLUMNS],
        .segments_across = 1,
        .segments = (rows - 1) / min_u64(strip_rows, rows) + 1,
    };
    return read_type(file, page) && tiff_page_fits(page) && read_strips(file, page);
}
