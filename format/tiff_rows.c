#include "format/tiff_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_SIZE                                                                                 \
    (256 << 10) /* bytes of voxels that are held, where the layout leaves a choice                 \
                 */
#define STRIP_SIZE                                                                                 \
    (1 << 20) /* a strip up to this size is decoded at once, a larger one by rows                  \
               */
#define NO_ROW UINT64_MAX

static size_t piece_size(const struct tiff_page *page)
{
    return page->separate ? sample_size(page->type) : tiff_voxel_size(page);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void tiff_rows_begin(struct tiff_rows *rows, struct tiff_file *file, uint64_t number,
                     const struct tiff_page *page)
{
    rows->file = file;
    rows->number = number;
    rows->page = *page;
    rows->first = rows->count = 0;
    rows->held = NO_ROW;
    rows->next_row = 0;
    rows->broken = false;
    if (page->data == 0)
        tiff_sum_page(&rows->sum, file);
}

void tiff_rows_free(struct tiff_rows *rows)
{
    free(rows->voxels);
    free(rows->unit);
    tiff_sum_free(&rows->sum);
    rows->voxels = rows->unit = NULL;
    rows->room = rows->unit_room = 0;
}

static bool make_room(struct tiff_rows *rows, unsigned char **bytes, size_t *room, uint64_t size,
                      struct fail *fail)
{
    if (size <= *room)
        return true;
    /* Nothing in the old piece is needed: memory for both at once would be wasted. */
    free(*bytes);
    *bytes = malloc((size_t)size);
    *room = *bytes ? (size_t)size : 0;
    return *bytes ||
           tiff_refuse(rows->file, rows->number, fail, "no memory for %" PRIu64 " bytes", size);
}

static bool room_for_voxels(struct tiff_rows *rows, uint64_t count, struct fail *fail)
{
    return make_room(rows, &rows->voxels, &rows->room, count * tiff_voxel_size(&rows->page), fail);
}

/* ---- putting in order ---------------------------------------------------------------------- */

/* Copies n pieces to every step-th byte. */
static void spread(const unsigned char *from, size_t piece, unsigned char *to, size_t step,
                   uint64_t n)
{
    if (piece == step) {
        memcpy(to, from, (size_t)n * piece);
        return;
    }
    for (uint64_t i = 0; i < n; i++, from += piece, to += step) {
        switch (piece) {
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

/* Part of a page: as much as one strip or tile gives of it, of one channel or all. */
struct block {
    const unsigned char *from;
    uint64_t stride; /* bytes from row to row */
    uint64_t rows;
    uint64_t column, columns;
    size_t channel;
};

/* Puts a block where it belongs among whole rows of voxels. */
static void put_block(struct tiff_rows *rows, const struct block *block)
{
    const struct tiff_page *page = &rows->page;
    size_t voxel = tiff_voxel_size(page), piece = piece_size(page);
    unsigned char *to = rows->voxels + block->column * voxel + block->channel * piece;
    for (uint64_t row = 0; row < block->rows; row++)
        spread(block->from + row * block->stride, piece, to + row * page->columns * voxel, voxel,
               block->columns);
}

/* ---- samples in one piece ------------------------------------------------------------------ */

static bool read_bytes(struct tiff_rows *rows, uint64_t offset, void *to, uint64_t size,
                       struct fail *fail)
{
    return tiff_read(rows->file, offset, to, (size_t)size) ||
           tiff_refuse(rows->file, rows->number, fail,
                       "%" PRIu64 " bytes from byte %" PRIu64 " on can't be read", size, offset);
}

static bool hold_stored(struct tiff_rows *rows, uint64_t voxel, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    size_t voxel_size = tiff_voxel_size(page), piece = piece_size(page);
    uint64_t all = page->rows * page->columns;
    uint64_t count = least(PIECE_SIZE / voxel_size, all - voxel);
    if (!room_for_voxels(rows, count, fail) ||
        !make_room(rows, &rows->unit, &rows->unit_room, page->separate ? count * piece : 0, fail))
        return false;
    for (size_t channel = 0; page->separate && channel < page->channels; channel++) {
        uint64_t offset = page->data + (channel * all + voxel) * piece;
        if (!read_bytes(rows, offset, rows->unit, count * piece, fail))
            return false;
        spread(rows->unit, piece, rows->voxels + channel * piece, voxel_size, count);
    }
    if (!page->separate &&
        !read_bytes(rows, page->data + voxel * voxel_size, rows->voxels, count * voxel_size, fail))
        return false;
    rows->first = voxel;
    rows->count = count;
    rows->swapped = rows->file->swapped;
    return true;
}

/* ---- strips -------------------------------------------------------------------------------- */

static bool refuse_data(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const char *said = rows->file->said;
    return tiff_refuse(rows->file, rows->number, fail, "can't be decoded (row %" PRIu64 "): %s",
                       row, said[0] != '\0' ? said : "its data does not agree with its checksum");
}

/* A unit that was decoded at once is what was compressed. */
static bool check_unit(struct tiff_rows *rows, const unsigned char *unit, uint64_t count,
                       uint32_t number)
{
    tiff_sum_begin(&rows->sum);
    return tiff_sum_rows(&rows->sum, rows->file, &rows->page, unit, count) &&
           tiff_sum_agrees(&rows->sum, rows->file, &rows->page, number);
}

/* Some writers fill up the last strip with rows that are not in the image. The decoder that libtiff
 * uses for strips at once then leaves the end of the last row out; that for single rows does not.
 */
static bool decode_filled_strip(struct tiff_rows *rows, unsigned char *to, uint64_t first,
                                uint64_t count, size_t channel)
{
    struct tiff_file *file = rows->file;
    struct fail ignored = {{0}};
    uint64_t size = rows->page.columns * piece_size(&rows->page);
    bool ok = tiff_enter(file, file->directory, rows->number, &ignored); /* a fresh start */
    for (uint64_t i = 0; ok && i < count; i++)
        ok = TIFFReadScanline(file->tiff, to + i * size, (uint32_t)(first + i), (uint16_t)channel) >
             0;
    return ok;
}

static bool decode_strip(struct tiff_rows *rows, unsigned char *to, uint64_t first, uint64_t count,
                         size_t channel)
{
    const struct tiff_page *page = &rows->page;
    uint32_t number = (uint32_t)(channel * page->units + first / page->unit_rows);
    uint64_t size = count * page->columns * piece_size(page);
    tiff_silence(rows->file);
    tmsize_t got = TIFFReadEncodedStrip(rows->file->tiff, number, to, (tmsize_t)size);
    if (got < 0 || (uint64_t)got != size || rows->file->damaged)
        return false;
    return check_unit(rows, to, count, number) ||
           (tiff_sum_length(&rows->sum, rows->file, page, number) > size &&
            decode_filled_strip(rows, to, first, count, channel));
}

static bool hold_strip(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t strip = row / page->unit_rows, first = strip * page->unit_rows;
    uint64_t strip_rows = least(page->unit_rows, page->rows - first);
    uint64_t size = strip_rows * page->columns * piece_size(page);
    if (!room_for_voxels(rows, strip_rows * page->columns, fail) ||
        !make_room(rows, &rows->unit, &rows->unit_room, page->separate ? size : 0, fail))
        return false;
    for (size_t channel = 0; channel < (page->separate ? page->channels : 1u); channel++) {
        unsigned char *to = page->separate ? rows->unit : rows->voxels;
        if (!decode_strip(rows, to, first, strip_rows, channel))
            return refuse_data(rows, first, fail);
        if (page->separate)
            put_block(rows, &(struct block){.from = to,
                                            .stride = page->columns * piece_size(page),
                                            .rows = strip_rows,
                                            .columns = page->columns,
                                            .channel = channel});
    }
    rows->first = first * page->columns;
    rows->count = strip_rows * page->columns;
    return true;
}

/* Decoders go forward only, and can't go on behind an error. */
static bool decode_row(struct tiff_rows *rows, unsigned char *to)
{
    if (rows->broken)
        return false;
    uint64_t row = rows->next_row, strip = row / rows->page.unit_rows;
    bool is_first = row % rows->page.unit_rows == 0;
    bool is_last = (row + 1) % rows->page.unit_rows == 0 || row + 1 == rows->page.rows;
    if (is_first)
        tiff_sum_begin(&rows->sum);
    tiff_silence(rows->file);
    int got = TIFFReadScanline(rows->file->tiff, to, (uint32_t)row, 0);
    bool ok = got > 0 && !rows->file->damaged &&
              tiff_sum_rows(&rows->sum, rows->file, &rows->page, to, 1) &&
              (!is_last || tiff_sum_agrees(&rows->sum, rows->file, &rows->page, (uint32_t)strip) ||
               tiff_sum_length(&rows->sum, rows->file, &rows->page, (uint32_t)strip) >
                   tiff_unit_bytes(&rows->page, strip));
    rows->broken = !ok;
    rows->next_row += ok;
    return ok;
}

static bool hold_rows(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = page->columns * tiff_voxel_size(page);
    uint64_t count = least(size < PIECE_SIZE ? PIECE_SIZE / size : 1, page->rows - row);
    uint64_t strip_begin = row - row % page->unit_rows;
    if (!room_for_voxels(rows, count * page->columns, fail))
        return false;
    if (!rows->broken && (row < rows->next_row || rows->next_row < strip_begin))
        rows->next_row = strip_begin;
    while (rows->next_row < row)
        if (!decode_row(rows, rows->voxels))
            return refuse_data(rows, rows->next_row, fail);
    uint64_t got = 0;
    while (got < count && decode_row(rows, rows->voxels + got * size))
        got++;
    rows->first = row * page->columns;
    rows->count = got * page->columns;
    return got > 0 || refuse_data(rows, rows->next_row, fail);
}

/* ---- tiles --------------------------------------------------------------------------------- */

static bool decode_tiles(struct tiff_rows *rows, uint64_t tile_row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = tiff_unit_size(page), channels = page->separate ? page->channels : 1;
    if (!make_room(rows, &rows->unit, &rows->unit_room, channels * page->units_across * size, fail))
        return false;
    rows->held = NO_ROW;
    for (uint64_t i = 0; i < channels * page->units_across; i++) {
        uint64_t number = i / page->units_across * page->units + tile_row * page->units_across +
                          i % page->units_across;
        tiff_silence(rows->file);
        tmsize_t got = TIFFReadEncodedTile(rows->file->tiff, (uint32_t)number,
                                           rows->unit + i * size, (tmsize_t)size);
        if (got < 0 || (uint64_t)got != size || rows->file->damaged ||
            !check_unit(rows, rows->unit + i * size, page->unit_rows, (uint32_t)number))
            return refuse_data(rows, tile_row * page->unit_rows, fail);
    }
    rows->held = tile_row;
    return true;
}

/* Where row `row` of tile number i (of those that lie in a row, channel by channel) and those below
 * it are: in the decoded tiles, or just read from the file. */
static const unsigned char *tile_rows(struct tiff_rows *rows, uint64_t row, uint64_t i,
                                      uint64_t count, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t tile_row = row / page->unit_rows;
    uint64_t stride = page->unit_columns * piece_size(page);
    uint64_t inside = row % page->unit_rows * stride;
    if (page->compressed)
        return rows->unit + i * tiff_unit_size(page) + inside;
    uint64_t number = i / page->units_across * page->units + tile_row * page->units_across +
                      i % page->units_across;
    uint64_t offset = TIFFGetStrileOffset(rows->file->tiff, (uint32_t)number);
    bool ok = make_room(rows, &rows->unit, &rows->unit_room, count * stride, fail) &&
              read_bytes(rows, offset + inside, rows->unit, count * stride, fail);
    return ok ? rows->unit : NULL;
}

static bool hold_tiles(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = page->columns * tiff_voxel_size(page), tile_row = row / page->unit_rows;
    uint64_t below = least(page->unit_rows - row % page->unit_rows, page->rows - row);
    uint64_t count = least(size < PIECE_SIZE ? PIECE_SIZE / size : 1, below);
    if (!room_for_voxels(rows, count * page->columns, fail) ||
        (page->compressed && rows->held != tile_row && !decode_tiles(rows, tile_row, fail)))
        return false;
    uint64_t channels = page->separate ? page->channels : 1;
    for (uint64_t i = 0; i < channels * page->units_across; i++) {
        uint64_t column = i % page->units_across * page->unit_columns;
        struct block block = {.from = tile_rows(rows, row, i, count, fail),
                              .stride = page->unit_columns * piece_size(page),
                              .rows = count,
                              .column = column,
                              .columns = least(page->unit_columns, page->columns - column),
                              .channel = (size_t)(i / page->units_across)};
        if (!block.from)
            return false;
        put_block(rows, &block);
    }
    rows->first = row * page->columns;
    rows->count = count * page->columns;
    rows->swapped = !page->compressed && rows->file->swapped;
    return true;
}

/* PackBits may run on from one row to the next, which decoding by rows would cut off. */
static bool must_decode_at_once(struct tiff_rows *rows)
{
    uint16_t scheme = COMPRESSION_NONE;
    TIFFGetField(rows->file->tiff, TIFFTAG_COMPRESSION, &scheme);
    return rows->page.separate || scheme == COMPRESSION_PACKBITS;
}

bool tiff_rows_hold(struct tiff_rows *rows, uint64_t voxel, struct fail *fail)
{
    if (voxel >= rows->first && voxel - rows->first < rows->count)
        return true;
    rows->count = 0;
    rows->swapped = false; /* libtiff gives this machine's order */
    uint64_t row = voxel / rows->page.columns;
    if (rows->page.data != 0)
        return hold_stored(rows, voxel, fail);
    if (rows->page.tiled)
        return hold_tiles(rows, row, fail);
    if (tiff_unit_size(&rows->page) <= STRIP_SIZE || must_decode_at_once(rows))
        return hold_strip(rows, row, fail);
    return hold_rows(rows, row, fail);
}
