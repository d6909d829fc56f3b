/* A TIFF page is cut into segments, strips or tiles, each compressed by itself, and its samples may
 * have any width, lie channel after channel, begin at the bottom or at the right. Whoever reads a
 * page wants voxels in order, channels side by side, of a type of C. This is done in a buffer of
 * whole rows (of any voxels where samples lie in the file as they are wanted): a voxel that is not
 * in it has the buffer filled from the voxel's row on, with as much as suits the layout:
 *
 *   load_stored    samples are one run of numbers in the file: they are read, without libtiff
 *   load_strip     a strip whose bytes are voxels once they are decoded, at once into the buffer
 *   load_rows      a strip that is too large for that, some rows at a time: libtiff's decoders only
 *                  move forward, so that going back begins the strip again
 *   load_segments  everything whose bytes must be moved or unpacked: tiles, separate channels,
 *                  samples of 1 to 24 bits. A row of segments is decoded into a buffer of its own,
 *                  from which rows are placed; what is not compressed is read a few rows at a time
 *   load_picture   what only libtiff's RGBA reader understands
 *
 * Then inverted samples and indices of palettes become what they stand for, and rows are turned.
 * Memory depends on the segments, whose sizes the file chooses (the options limit them), and on the
 * columns, never on the number of rows.
 *
 * What libtiff says is not enough to trust what it decoded. Each of these has been met:
 *
 * - A strip that is damaged fails as a whole. Of a large one the rows before the damage are wanted
 *   too: load_large_strip() tries it at once, since libtiff inflates whole strips twice as fast,
 * and afterwards load_rows() goes to the damage.
 * - Decoders of fax and JBIG data leave rows that they have no data for as they were, without an
 *   error. decode_to_end() fills the last row to see whether it is written.
 * - Decoders of JPEG and others may leave parts unwritten: fills_buffer() lists those that do not,
 *   and all others get cleared memory, so that equal files give equal samples.
 * - A last strip may be padded with rows beyond the image. The decoder of whole strips then omits
 *   the end of the last row, the one of rows does not: decode_padded_strip().
 * - libtiff does not compare deflated data with its checksum (checksum.h does).
 * - A run of PackBits may go on in the next row, which libtiff's decoder of rows does not know:
 *   must_decode_at_once().
 */
#include "format/tiff/decode/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "format/tiff/decode/handle.h"
#include "format/tiff/decode/unpack.h"

/* Bytes of voxels to buffer where the layout leaves a choice. */
#define BUFFER_SIZE (256 << 10)
/* Strips up to this size are decoded at once, larger ones row by row; and the same for deflated
 * ones, because libtiff decodes whole ones twice as fast. */
#define MAX_STRIP_SIZE (1 << 20)
#define MAX_DEFLATED_SIZE (4 << 20)
#define NO_ROW UINT64_MAX

/* Bytes of a voxel's samples, unpacked; and of those that lie side by side in a segment. */
static size_t unpacked_voxel_size(const struct tiff_page *page)
{
    return page->samples * sample_size(page->unpacked);
}

static size_t segment_pixel_size(const struct tiff_page *page)
{
    return (page->separate ? 1 : page->samples) * sample_size(page->unpacked);
}

/* The decoder's bytes are voxels already. */
static bool is_direct(const struct tiff_page *page)
{
    return page->storage == STORED_AS_NUMBERS && !page->separate;
}

void tiff_rows_begin(struct tiff_rows *rows, struct tiff_file *file, uint64_t number,
                     const struct tiff_page *page)
{
    rows->file = file;
    rows->number = number;
    rows->page = *page;
    rows->first = rows->count = 0;
    rows->segment_row = NO_ROW;
    rows->next_row = 0;
    rows->broken = rows->is_damaged = false;
    if (page->data_offset == 0)
        tiff_checksum_page(&rows->checksum, file);
}

void tiff_rows_free(struct tiff_rows *rows)
{
    free(rows->voxels);
    free(rows->segments);
    tiff_checksum_free(&rows->checksum);
    rows->voxels = rows->segments = NULL;
    rows->voxels_capacity = rows->segments_capacity = 0;
}

static bool reserve(struct tiff_rows *rows, unsigned char **bytes, size_t *capacity, uint64_t size,
                    struct fail *fail)
{
    if (size <= *capacity)
        return true;
    /* The old contents are not needed, so realloc() would waste time and memory. */
    free(*bytes);
    *bytes = malloc(size);
    *capacity = *bytes ? size : 0;
    return *bytes || fail_memory(fail, "%s: page %" PRIu64 ": %" PRIu64 " bytes", rows->file->name,
                                 rows->number, size);
}

static bool reserve_voxels(struct tiff_rows *rows, uint64_t count, struct fail *fail)
{
    size_t delivered = tiff_voxel_size(&rows->page), unpacked = unpacked_voxel_size(&rows->page);
    size_t size = delivered > unpacked ? delivered : unpacked;
    return reserve(rows, &rows->voxels, &rows->voxels_capacity, count * size, fail);
}

/* How many items of `size` bytes to buffer. */
static uint64_t buffer_count(size_t size)
{
    return size < BUFFER_SIZE ? BUFFER_SIZE / size : 1;
}

/* ---- from segments to rows of voxels ------------------------------------------------------- */

/* Copies n elements of `size` bytes, one every `step` bytes. */
static void copy_strided(const unsigned char *from, size_t size, unsigned char *to, size_t step,
                         uint64_t n)
{
    if (size == step) {
        memcpy(to, from, n * size);
        return;
    }
    for (uint64_t i = 0; i < n; i++, from += size, to += step) {
        switch (size) {
        case 1:
            *to = *from;
            break;
        case 2:
            memcpy(to, from, 2);
            break;
        case 4:
            memcpy(to, from, 4);
            break;
        default:
            memcpy(to, from, 8);
        }
    }
}

/* The part of a page that one segment holds, of one channel or all. */
struct block {
    const unsigned char *from;
    bool swapped;
    uint64_t row, rows; /* row: among the buffered ones */
    uint64_t column, columns;
    size_t channel;
};

/* Unpacks a block into the buffered rows of voxels. */
static void place_block(struct tiff_rows *rows, const struct block *block)
{
    const struct tiff_page *page = &rows->page;
    size_t voxel = unpacked_voxel_size(page), pixel = segment_pixel_size(page);
    unsigned char *to = rows->voxels + (block->row * page->columns + block->column) * voxel +
                        block->channel * pixel;
    for (uint64_t row = 0; row < block->rows; row++, to += page->columns * voxel) {
        const unsigned char *from = block->from + row * tiff_row_bytes(page);
        if (page->storage == STORED_AS_NUMBERS)
            copy_strided(from, pixel, to, voxel, block->columns);
        else
            tiff_unpack(page, block->swapped, from,
                        block->columns * (page->separate ? 1 : page->samples), to,
                        page->separate ? voxel : sample_size(page->unpacked));
    }
}

/* ---- samples in one run -------------------------------------------------------------------- */

static bool read_bytes(struct tiff_rows *rows, uint64_t offset, void *to, uint64_t size,
                       struct fail *fail)
{
    struct fail why = {.text = ""};
    return tiff_file_read(rows->file, offset, to, size, &why) ||
           tiff_refuse_for(rows->file, rows->number, &why, fail);
}

static bool load_stored(struct tiff_rows *rows, uint64_t voxel, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    size_t voxel_size = unpacked_voxel_size(page), pixel = segment_pixel_size(page);
    uint64_t all = page->rows * page->columns;
    uint64_t count = min_u64(buffer_count(voxel_size), all - voxel);
    if (!reserve_voxels(rows, count, fail) ||
        !reserve(rows, &rows->segments, &rows->segments_capacity,
                 page->separate ? count * pixel : 0, fail))
        return false;
    for (size_t channel = 0; page->separate && channel < page->samples; channel++) {
        uint64_t offset = page->data_offset + (channel * all + voxel) * pixel;
        if (!read_bytes(rows, offset, rows->segments, count * pixel, fail))
            return false;
        copy_strided(rows->segments, pixel, rows->voxels + channel * pixel, voxel_size, count);
    }
    if (!page->separate && !read_bytes(rows, page->data_offset + voxel * voxel_size, rows->voxels,
                                       count * voxel_size, fail))
        return false;
    rows->first = voxel;
    rows->count = count;
    rows->swapped = rows->file->swapped;
    return true;
}

/* ---- strips -------------------------------------------------------------------------------- */

static bool refuse_data(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    struct fail why = {.text = ""};
    char where[64];
    snprintf(where, sizeof where, "can't be decoded (row %" PRIu64 ")", row);
    tiff_client_fail(&rows->file->client, where, "its data does not agree with its checksum", &why);
    return tiff_refuse_for(rows->file, rows->number, &why, fail);
}

/* libtiff's decoder state as it was before the first row. */
static bool restart(struct tiff_rows *rows)
{
    struct fail ignored = {.text = ""};
    return tiff_give_directory(rows->file, rows->number, &ignored);
}

/* Some writers pad the last strip with rows that are not in the image. libtiff's decoder for whole
 * strips then omits the end of the last row; the one for single rows does not. */
static bool decode_padded_strip(struct tiff_rows *rows, unsigned char *to, uint64_t first,
                                uint64_t count, size_t channel)
{
    uint64_t size = tiff_row_bytes(&rows->page);
    bool ok = restart(rows);
    for (uint64_t i = 0; ok && i < count; i++)
        ok = TIFFReadScanline(rows->file->tiff, to + i * size, (uint32_t)(first + i),
                              (uint16_t)channel) > 0;
    return ok;
}

static bool is_undamaged(const struct tiff_rows *rows)
{
    const struct tiff_client *client = &rows->file->client;
    return !client->damaged && tiff_client_is_ok(client);
}

static bool decode_segment(struct tiff_rows *rows, unsigned char *to, uint32_t number,
                           uint64_t size)
{
    TIFF *tiff = rows->file->tiff;
    tiff_client_clear(&rows->file->client);
    tmsize_t got = rows->page.tiled ? TIFFReadEncodedTile(tiff, number, to, (tmsize_t)size)
                                    : TIFFReadEncodedStrip(tiff, number, to, (tmsize_t)size);
    return got >= 0 && (uint64_t)got == size && is_undamaged(rows);
}

/* If fax or JBIG data ends early, libtiff reports no error and leaves the remaining rows as they
 * were. */
static bool may_end_early(const struct tiff_rows *rows)
{
    unsigned scheme = tiff_get_short(rows->file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    return scheme == COMPRESSION_CCITTFAX3 || scheme == COMPRESSION_CCITTFAX4 ||
           scheme == COMPRESSION_CCITTRLE || scheme == COMPRESSION_CCITTRLEW ||
           scheme == COMPRESSION_JBIG;
}

static bool all_equal(const unsigned char *bytes, uint64_t n, unsigned char value)
{
    uint64_t i = 0;
    while (i < n && bytes[i] == value)
        i++;
    return i == n;
}

/* Stream decoders report an error unless they fill all they are asked for. Of others the buffer is
 * cleared first, so that samples are never memory that nobody wrote. */
static bool fills_buffer(const struct tiff_rows *rows)
{
    unsigned scheme = tiff_get_short(rows->file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    return scheme == COMPRESSION_NONE || scheme == COMPRESSION_LZW ||
           scheme == COMPRESSION_PACKBITS || scheme == COMPRESSION_ADOBE_DEFLATE ||
           scheme == COMPRESSION_DEFLATE || scheme == COMPRESSION_LZMA ||
           scheme == COMPRESSION_ZSTD;
}

/* Fills the last row before decoding to see whether it changes. If not, the row may just consist of
 * that value, so this tries another one. */
static bool decode_to_end(struct tiff_rows *rows, unsigned char *to, uint32_t number, uint64_t size)
{
    uint64_t row = tiff_row_bytes(&rows->page);
    /* The decoder fills a bit a pixel, whatever the number of samples. */
    uint64_t filled = min_u64(row, (rows->page.segment_columns + 7) / 8);
    unsigned char *last = to + size - row;
    for (int value = 0x55; value <= 0xaa; value += 0x55) {
        memset(last, value, filled);
        if (!decode_segment(rows, to, number, size))
            return false;
        if (!all_equal(last, filled, (unsigned char)value))
            return true;
    }
    snprintf(rows->file->client.last_error, sizeof rows->file->client.last_error,
             "its data ends early");
    return false;
}

static bool is_absent_segment(const struct tiff_rows *rows, uint32_t number)
{
    return TIFFGetStrileByteCount(rows->file->tiff, number) == 0;
}

/* Decodes a whole segment, which begins with row `row`. channel: 0 unless they are separate. */
static bool decode(struct tiff_rows *rows, unsigned char *to, uint32_t number, uint64_t row,
                   size_t channel)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = tiff_segment_bytes(page, number), count = size / tiff_row_bytes(page);
    bool is_absent = page->sparse && is_absent_segment(rows, number);
    if (is_absent || !fills_buffer(rows))
        memset(to, 0, size);
    if (is_absent)
        return true;
    if (may_end_early(rows) ? !decode_to_end(rows, to, number, size)
                            : !decode_segment(rows, to, number, size))
        return false;
    tiff_checksum_begin(&rows->checksum);
    return (tiff_checksum_rows(&rows->checksum, rows->file, page, to, count) &&
            tiff_checksum_agrees(&rows->checksum, rows->file, page, number)) ||
           (!page->tiled &&
            tiff_checksum_length(&rows->checksum, rows->file, page, number) > size &&
            decode_padded_strip(rows, to, row, count, channel));
}

static bool load_strip(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t strip = row / page->segment_rows, first = strip * page->segment_rows;
    uint64_t strip_rows = min_u64(page->segment_rows, page->rows - first);
    if (!reserve_voxels(rows, strip_rows * page->columns, fail))
        return false;
    if (!decode(rows, rows->voxels, (uint32_t)(page->first_segment + strip), first,
                page->first_segment / page->segments))
        return refuse_data(rows, first, fail);
    rows->first = first * page->columns;
    rows->count = strip_rows * page->columns;
    return true;
}

/* If the strip is damaged returns false; the caller then decodes it row by row, to save the rows
 * before the damage. */
static bool load_large_strip(struct tiff_rows *rows, uint64_t row)
{
    struct fail ignored = {.text = ""};
    if (rows->is_damaged || load_strip(rows, row, &ignored))
        return !rows->is_damaged;
    rows->is_damaged = true;
    rows->broken = !restart(rows);
    return false;
}

/* Decodes row next_row. Decoders only move forward, and can't continue after an error. */
static bool decode_row(struct tiff_rows *rows, unsigned char *to)
{
    if (rows->broken)
        return false;
    const struct tiff_page *page = &rows->page;
    uint64_t row = rows->next_row, strip = page->first_segment + row / page->segment_rows;
    uint64_t sample = page->first_segment / page->segments;
    bool is_first = row % rows->page.segment_rows == 0;
    bool is_last = (row + 1) % rows->page.segment_rows == 0 || row + 1 == rows->page.rows;
    if (is_first)
        tiff_checksum_begin(&rows->checksum);
    tiff_client_clear(&rows->file->client);
    if (!fills_buffer(rows))
        memset(to, 0, tiff_row_bytes(&rows->page));
    int got = TIFFReadScanline(rows->file->tiff, to, (uint32_t)row, (uint16_t)sample);
    bool ok = got > 0 && is_undamaged(rows) &&
              tiff_checksum_rows(&rows->checksum, rows->file, &rows->page, to, 1) &&
              (!is_last ||
               tiff_checksum_agrees(&rows->checksum, rows->file, &rows->page, (uint32_t)strip) ||
               tiff_checksum_length(&rows->checksum, rows->file, &rows->page, (uint32_t)strip) >
                   tiff_segment_bytes(&rows->page, strip));
    rows->broken = !ok;
    rows->next_row += ok;
    return ok;
}

/* Decodes row next_row to row `to` of the buffer. */
static bool load_next_row(struct tiff_rows *rows, uint64_t to)
{
    const struct tiff_page *page = &rows->page;
    if (is_direct(page))
        return decode_row(rows, rows->voxels + to * page->columns * unpacked_voxel_size(page));
    if (!decode_row(rows, rows->segments))
        return false;
    place_block(rows, &(struct block){
                          .from = rows->segments, .row = to, .rows = 1, .columns = page->columns});
    return true;
}

static bool load_rows(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t max = buffer_count(page->columns * unpacked_voxel_size(page));
    uint64_t count = min_u64(max, page->rows - row);
    uint64_t strip_begin = row - row % page->segment_rows;
    uint64_t row_bytes = is_direct(page) ? 0 : tiff_row_bytes(page);
    if (!reserve_voxels(rows, count * page->columns, fail) ||
        !reserve(rows, &rows->segments, &rows->segments_capacity, row_bytes, fail))
        return false;
    if (!rows->broken && (row < rows->next_row || rows->next_row < strip_begin))
        rows->next_row = strip_begin;
    while (rows->next_row < row)
        if (!load_next_row(rows, 0))
            return refuse_data(rows, rows->next_row, fail);
    uint64_t got = 0;
    while (got < count && load_next_row(rows, got))
        got++;
    rows->first = row * page->columns;
    rows->count = got * page->columns;
    return got > 0 || refuse_data(rows, rows->next_row, fail);
}

/* ---- tiles, and strips that are not made of voxels ------------------------------------------- */

/* Number of segment i of those in a row of segments, channel by channel. */
static uint32_t segment_number(const struct tiff_page *page, uint64_t segment_row, uint64_t i)
{
    return (uint32_t)(page->first_segment + i / page->segments_across * page->segments +
                      segment_row * page->segments_across + i % page->segments_across);
}

static uint64_t segments_in_row(const struct tiff_page *page)
{
    return page->segments_across * (page->separate ? page->samples : 1);
}

static bool decode_segments(struct tiff_rows *rows, uint64_t segment_row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = tiff_segment_size(page), count = segments_in_row(page);
    uint64_t row = segment_row * page->segment_rows;
    if (!reserve(rows, &rows->segments, &rows->segments_capacity, count * size, fail))
        return false;
    rows->segment_row = NO_ROW;
    for (uint64_t i = 0; i < count; i++)
        if (!decode(rows, rows->segments + i * size, segment_number(page, segment_row, i), row,
                    page->first_segment / page->segments + i / page->segments_across))
            return refuse_data(rows, row, fail);
    rows->segment_row = segment_row;
    return true;
}

/* Finds `count` rows of segment i of a row of segments, from row `row` of the page on: among the
 * decoded ones, or read from the file. NULL on failure. */
static const unsigned char *locate_rows(struct tiff_rows *rows, uint64_t row, uint64_t i,
                                        uint64_t count, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = tiff_row_bytes(page), inside = row % page->segment_rows * size;
    if (page->compressed)
        return rows->segments + i * tiff_segment_size(page) + inside;
    uint32_t number = segment_number(page, row / page->segment_rows, i);
    uint64_t offset = TIFFGetStrileOffset(rows->file->tiff, number);
    if (!reserve(rows, &rows->segments, &rows->segments_capacity, count * size, fail))
        return NULL;
    if (page->sparse && is_absent_segment(rows, number))
        return memset(rows->segments, 0, count * size);
    bool ok = read_bytes(rows, offset + inside, rows->segments, count * size, fail);
    return ok ? rows->segments : NULL;
}

static bool load_segments(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t segment_row = row / page->segment_rows, begin = segment_row * page->segment_rows;
    uint64_t end = min_u64(begin + page->segment_rows, page->rows);
    uint64_t max = buffer_count(page->columns * unpacked_voxel_size(page));
    uint64_t count = min_u64(max, page->upside_down ? row + 1 - begin : end - row);
    uint64_t first = page->upside_down ? row + 1 - count : row;
    if (!reserve_voxels(rows, count * page->columns, fail) ||
        (page->compressed && rows->segment_row != segment_row &&
         !decode_segments(rows, segment_row, fail)))
        return false;
    bool swapped = !page->compressed && rows->file->swapped;
    for (uint64_t i = 0; i < segments_in_row(page); i++) {
        uint64_t column = i % page->segments_across * page->segment_columns;
        struct block block = {.from = locate_rows(rows, first, i, count, fail),
                              .swapped = swapped,
                              .rows = count,
                              .column = column,
                              .columns = min_u64(page->segment_columns, page->columns - column),
                              .channel = i / page->segments_across};
        if (!block.from)
            return false;
        place_block(rows, &block);
    }
    rows->first = first * page->columns;
    rows->count = count * page->columns;
    rows->swapped = swapped && page->storage == STORED_AS_NUMBERS;
    return true;
}

/* ---- pictures ------------------------------------------------------------------------------ */

static bool check_sums(struct tiff_rows *rows, uint64_t segment_row)
{
    struct tiff_file *file = rows->file;
    const struct tiff_page *page = &rows->page;
    uint32_t count = page->tiled ? TIFFNumberOfTiles(file->tiff) : TIFFNumberOfStrips(file->tiff);
    for (uint32_t segment = 0; rows->checksum.is_deflated && segment < count; segment++)
        if (segment % page->segments / page->segments_across == segment_row &&
            tiff_checksum_length(&rows->checksum, file, page, segment) == 0)
            return false;
    return true;
}

/* Renders a strip or a row of tiles into the segment buffer, a word of red, green, blue and alpha a
 * pixel. */
static bool render(struct tiff_rows *rows, uint64_t first, uint64_t count)
{
    struct tiff_file *file = rows->file;
    TIFFRGBAImage image;
    char why[1024] = "";
    tiff_client_clear(&file->client);
    memset(rows->segments, 0, count * rows->page.columns * sizeof(uint32_t));
    if (!TIFFRGBAImageBegin(&image, file->tiff, 1, why))
        return false;
    image.orientation = image.req_orientation = ORIENTATION_TOPLEFT; /* see orient() */
    image.row_offset = (int)first;
    int ok = TIFFRGBAImageGet(&image, (uint32_t *)(void *)rows->segments,
                              (uint32_t)rows->page.columns, (uint32_t)count);
    TIFFRGBAImageEnd(&image);
    return ok && is_undamaged(rows);
}

static bool load_picture(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t segment_row = row / page->segment_rows, first = segment_row * page->segment_rows;
    uint64_t count = min_u64(page->segment_rows, page->rows - first),
             voxels = count * page->columns;
    if (!reserve(rows, &rows->segments, &rows->segments_capacity, voxels * sizeof(uint32_t),
                 fail) ||
        !reserve_voxels(rows, voxels, fail))
        return false;
    if (!check_sums(rows, segment_row) || !render(rows, first, count))
        return refuse_data(rows, first, fail);
    for (uint64_t i = 0; i < voxels; i++) {
        uint32_t color;
        memcpy(&color, rows->segments + i * sizeof color, sizeof color);
        rows->voxels[3 * i] = (unsigned char)TIFFGetR(color);
        rows->voxels[3 * i + 1] = (unsigned char)TIFFGetG(color);
        rows->voxels[3 * i + 2] = (unsigned char)TIFFGetB(color);
    }
    rows->first = first * page->columns;
    rows->count = voxels;
    return true;
}

/* ---- from unpacked to delivered voxels ------------------------------------------------------- */

static bool apply_interpretation(struct tiff_rows *rows, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    if (!page->inverted && !page->has_palette_colors)
        return true;
    if (rows->swapped)
        sample_swap(page->unpacked, rows->voxels, rows->count * page->samples);
    rows->swapped = false;
    if (page->inverted)
        tiff_invert(page, rows->voxels, rows->count * page->samples);
    uint16_t *colors[3];
    if (page->has_palette_colors &&
        !TIFFGetField(rows->file->tiff, TIFFTAG_COLORMAP, &colors[0], &colors[1], &colors[2]))
        return tiff_refuse(rows->file, rows->number, fail, "its ColorMap is gone");
    if (page->has_palette_colors)
        tiff_color(page, colors, rows->voxels, rows->count);
    return true;
}

static void swap_bytes(unsigned char *a, unsigned char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = a[i];
        a[i] = b[i];
        b[i] = byte;
    }
}

/* Reverses n elements of `size` bytes. */
static void reverse(unsigned char *bytes, uint64_t n, size_t size)
{
    for (uint64_t i = 0; i < n / 2; i++)
        swap_bytes(bytes + i * size, bytes + (n - 1 - i) * size, size);
}

/* The buffer holds whole rows of any page that is mirrored or upside down. */
static void orient(struct tiff_rows *rows)
{
    const struct tiff_page *page = &rows->page;
    size_t voxel = tiff_voxel_size(page), row = page->columns * voxel;
    for (uint64_t i = 0; page->mirrored && i < rows->count / page->columns; i++)
        reverse(rows->voxels + i * row, page->columns, voxel);
    if (page->upside_down) {
        reverse(rows->voxels, rows->count / page->columns, row);
        rows->first = page->rows * page->columns - rows->first - rows->count;
    }
}

/* ---- all layouts --------------------------------------------------------------------------- */

/* A run of PackBits may continue in the next row, which decoding row by row does not support; fax
 * data must be decoded whole, see decode_to_end(). */
static bool must_decode_at_once(struct tiff_rows *rows)
{
    unsigned scheme = tiff_get_short(rows->file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    return rows->page.separate || scheme == COMPRESSION_PACKBITS || may_end_early(rows);
}

static bool load_row(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    if (page->storage == STORED_PICTURE)
        return load_picture(rows, row, fail);
    if (page->tiled || page->sparse || (!page->compressed && !is_direct(page)))
        return load_segments(rows, row, fail);
    if (tiff_segment_size(page) <= MAX_STRIP_SIZE || must_decode_at_once(rows))
        return is_direct(page) ? load_strip(rows, row, fail) : load_segments(rows, row, fail);
    if (rows->checksum.is_deflated && is_direct(page) && !page->upside_down &&
        tiff_segment_size(page) <= MAX_DEFLATED_SIZE && load_large_strip(rows, row))
        return true;
    return page->upside_down ? load_segments(rows, row, fail) : load_rows(rows, row, fail);
}

bool tiff_rows_load(struct tiff_rows *rows, uint64_t voxel, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    if (voxel >= rows->first && voxel - rows->first < rows->count)
        return true;
    rows->count = 0;
    rows->swapped = false; /* libtiff decodes to this machine's byte order */
    uint64_t row = voxel / page->columns;
    if (!(page->data_offset != 0
              ? load_stored(rows, voxel, fail)
              : load_row(rows, page->upside_down ? page->rows - 1 - row : row, fail)) ||
        !apply_interpretation(rows, fail)) {
        rows->count = 0;
        return false;
    }
    orient(rows);
    return true;
}
