#include "format/tiff/decode/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/tiff/decode/unpack.h"

#define PIECE_SIZE                                                                                 \
    (256 << 10) /* bytes of voxels that are held, where the layout leaves a choice                 \
                 */
#define STRIP_SIZE                                                                                 \
    (1 << 20) /* a strip up to this size is decoded at once, a larger one by rows                  \
               */
#define DEFLATED_SIZE                                                                              \
    (4 << 20) /* the same of deflated ones: libtiff is twice as fast at whole strips               \
               */
#define NO_ROW UINT64_MAX

/* Bytes of the numbers of a voxel, taken out; of those that lie side by side in a strip or tile. */
static size_t numbers_size(const struct tiff_page *page)
{
    return page->samples * sample_size(page->number);
}

static size_t piece_size(const struct tiff_page *page)
{
    return (page->separate ? 1 : page->samples) * sample_size(page->number);
}

/* A decoder's bytes are the voxels. */
static bool is_direct(const struct tiff_page *page)
{
    return page->storage == STORED_AS_NUMBERS && !page->separate;
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
    rows->broken = rows->is_damaged = false;
    if (page->data == 0)
        tiff_checksum_page(&rows->checksum, file);
}

void tiff_rows_free(struct tiff_rows *rows)
{
    free(rows->voxels);
    free(rows->unit);
    tiff_checksum_free(&rows->checksum);
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
    size_t delivered = tiff_voxel_size(&rows->page), taken_out = numbers_size(&rows->page);
    size_t size = delivered > taken_out ? delivered : taken_out;
    return make_room(rows, &rows->voxels, &rows->room, count * size, fail);
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
    bool swapped;
    uint64_t row, rows; /* row: among those that are held */
    uint64_t column, columns;
    size_t channel;
};

/* Takes a block's numbers out to where they belong among whole rows of voxels. */
static void put_block(struct tiff_rows *rows, const struct block *block)
{
    const struct tiff_page *page = &rows->page;
    size_t voxel = numbers_size(page), piece = piece_size(page);
    size_t number = sample_size(page->number);
    unsigned char *to = rows->voxels + (block->row * page->columns + block->column) * voxel +
                        block->channel * piece;
    for (uint64_t row = 0; row < block->rows; row++, to += page->columns * voxel) {
        const unsigned char *from = block->from + row * tiff_row_bytes(page);
        if (page->storage == STORED_AS_NUMBERS)
            spread(from, piece, to, voxel, block->columns);
        else
            tiff_unpack(page, block->swapped, from,
                        (size_t)block->columns * (page->separate ? 1 : page->samples), to,
                        page->separate ? voxel : number);
    }
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
    size_t voxel_size = numbers_size(page), piece = piece_size(page);
    uint64_t all = page->rows * page->columns;
    uint64_t count = least(voxel_size < PIECE_SIZE ? PIECE_SIZE / voxel_size : 1, all - voxel);
    if (!room_for_voxels(rows, count, fail) ||
        !make_room(rows, &rows->unit, &rows->unit_room, page->separate ? count * piece : 0, fail))
        return false;
    for (size_t channel = 0; page->separate && channel < page->samples; channel++) {
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
    const char *last_error = rows->file->last_error;
    return tiff_refuse(
        rows->file, rows->number, fail, "can't be decoded (row %" PRIu64 "): %s", row,
        last_error[0] != '\0' ? last_error : "its data does not agree with its checksum");
}

/* Some writers fill up the last strip with rows that are not in the image. The decoder that libtiff
 * uses for strips at once then leaves the end of the last row out; that for single rows does not.
 */
static bool decode_filled_strip(struct tiff_rows *rows, unsigned char *to, uint64_t first,
                                uint64_t count, size_t channel)
{
    struct tiff_file *file = rows->file;
    struct fail ignored = {{0}};
    uint64_t size = tiff_row_bytes(&rows->page);
    bool ok = tiff_set_directory(file, file->directory, rows->number, &ignored); /* a fresh start */
    for (uint64_t i = 0; ok && i < count; i++)
        ok = TIFFReadScanline(file->tiff, to + i * size, (uint32_t)(first + i), (uint16_t)channel) >
             0;
    return ok;
}

static bool decode_unit(struct tiff_rows *rows, unsigned char *to, uint32_t number, uint64_t size)
{
    TIFF *tiff = rows->file->tiff;
    tiff_clear_error(rows->file);
    tmsize_t got = rows->page.tiled ? TIFFReadEncodedTile(tiff, number, to, (tmsize_t)size)
                                    : TIFFReadEncodedStrip(tiff, number, to, (tmsize_t)size);
    return got >= 0 && (uint64_t)got == size && !rows->file->damaged;
}

/* Of fax and JBIG data that ends early libtiff makes no error: rows stay as they were. */
static bool may_end_early(const struct tiff_rows *rows)
{
    uint16_t scheme = COMPRESSION_NONE;
    TIFFGetField(rows->file->tiff, TIFFTAG_COMPRESSION, &scheme);
    return scheme == COMPRESSION_CCITTFAX3 || scheme == COMPRESSION_CCITTFAX4 ||
           scheme == COMPRESSION_CCITTRLE || scheme == COMPRESSION_CCITTRLEW ||
           scheme == COMPRESSION_JBIG;
}

static bool is_filled_with(const unsigned char *bytes, uint64_t n, unsigned char filling)
{
    uint64_t i = 0;
    while (i < n && bytes[i] == filling)
        i++;
    return i == n;
}

/* What was put into the last row tells whether it was decoded; where that is by chance what it
 * should become, something else does. */
static bool decode_to_end(struct tiff_rows *rows, unsigned char *to, uint32_t number, uint64_t size)
{
    uint64_t row = tiff_row_bytes(&rows->page);
    unsigned char *last = to + size - row;
    for (int filling = 0x55; filling <= 0xaa; filling += 0x55) {
        memset(last, filling, (size_t)row);
        if (!decode_unit(rows, to, number, size))
            return false;
        if (!is_filled_with(last, row, (unsigned char)filling))
            return true;
    }
    snprintf(rows->file->last_error, sizeof rows->file->last_error, "its data ends early");
    return false;
}

/* A whole strip or tile; row: the first of it, channel: where they are separate. */
static bool decode(struct tiff_rows *rows, unsigned char *to, uint32_t number, uint64_t row,
                   size_t channel)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = tiff_unit_bytes(page, number), count = size / tiff_row_bytes(page);
    if (may_end_early(rows) ? !decode_to_end(rows, to, number, size)
                            : !decode_unit(rows, to, number, size))
        return false;
    tiff_checksum_begin(&rows->checksum);
    return (tiff_checksum_rows(&rows->checksum, rows->file, page, to, count) &&
            tiff_checksum_agrees(&rows->checksum, rows->file, page, number)) ||
           (!page->tiled &&
            tiff_checksum_length(&rows->checksum, rows->file, page, number) > size &&
            decode_filled_strip(rows, to, row, count, channel));
}

static bool hold_strip(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t strip = row / page->unit_rows, first = strip * page->unit_rows;
    uint64_t strip_rows = least(page->unit_rows, page->rows - first);
    if (!room_for_voxels(rows, strip_rows * page->columns, fail))
        return false;
    if (!decode(rows, rows->voxels, (uint32_t)strip, first, 0))
        return refuse_data(rows, first, fail);
    rows->first = first * page->columns;
    rows->count = strip_rows * page->columns;
    return true;
}

/* Of a damaged one the rows before the damage are wanted, which row by row gives: false then. */
static bool hold_large_strip(struct tiff_rows *rows, uint64_t row)
{
    struct fail ignored = {{0}};
    if (rows->is_damaged || hold_strip(rows, row, &ignored))
        return !rows->is_damaged;
    rows->is_damaged = true;
    tiff_set_directory(rows->file, rows->file->directory, rows->number,
                       &ignored); /* a fresh start */
    return false;
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
        tiff_checksum_begin(&rows->checksum);
    tiff_clear_error(rows->file);
    int got = TIFFReadScanline(rows->file->tiff, to, (uint32_t)row, 0);
    bool ok = got > 0 && !rows->file->damaged &&
              tiff_checksum_rows(&rows->checksum, rows->file, &rows->page, to, 1) &&
              (!is_last ||
               tiff_checksum_agrees(&rows->checksum, rows->file, &rows->page, (uint32_t)strip) ||
               tiff_checksum_length(&rows->checksum, rows->file, &rows->page, (uint32_t)strip) >
                   tiff_unit_bytes(&rows->page, strip));
    rows->broken = !ok;
    rows->next_row += ok;
    return ok;
}

static bool take_row(struct tiff_rows *rows, uint64_t held)
{
    const struct tiff_page *page = &rows->page;
    if (is_direct(page))
        return decode_row(rows, rows->voxels + held * page->columns * numbers_size(page));
    if (!decode_row(rows, rows->unit))
        return false;
    put_block(rows, &(struct block){
                        .from = rows->unit, .row = held, .rows = 1, .columns = page->columns});
    return true;
}

static bool hold_rows(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = page->columns * numbers_size(page);
    uint64_t count = least(size < PIECE_SIZE ? PIECE_SIZE / size : 1, page->rows - row);
    uint64_t strip_begin = row - row % page->unit_rows;
    uint64_t row_bytes = is_direct(page) ? 0 : tiff_row_bytes(page);
    if (!room_for_voxels(rows, count * page->columns, fail) ||
        !make_room(rows, &rows->unit, &rows->unit_room, row_bytes, fail))
        return false;
    if (!rows->broken && (row < rows->next_row || rows->next_row < strip_begin))
        rows->next_row = strip_begin;
    while (rows->next_row < row)
        if (!take_row(rows, 0))
            return refuse_data(rows, rows->next_row, fail);
    uint64_t got = 0;
    while (got < count && take_row(rows, got))
        got++;
    rows->first = row * page->columns;
    rows->count = got * page->columns;
    return got > 0 || refuse_data(rows, rows->next_row, fail);
}

/* ---- tiles, and strips that hold something else than voxels ---------------------------------- */

/* Number of strip or tile i of those that make up a row of them, channel by channel. */
static uint32_t unit_number(const struct tiff_page *page, uint64_t unit_row, uint64_t i)
{
    return (uint32_t)(i / page->units_across * page->units + unit_row * page->units_across +
                      i % page->units_across);
}

static uint64_t units_in_row(const struct tiff_page *page)
{
    return page->units_across * (page->separate ? page->samples : 1);
}

static bool decode_units(struct tiff_rows *rows, uint64_t unit_row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = tiff_unit_size(page), count = units_in_row(page);
    uint64_t row = unit_row * page->unit_rows;
    if (!make_room(rows, &rows->unit, &rows->unit_room, count * size, fail))
        return false;
    rows->held = NO_ROW;
    for (uint64_t i = 0; i < count; i++)
        if (!decode(rows, rows->unit + i * size, unit_number(page, unit_row, i), row,
                    (size_t)(i / page->units_across)))
            return refuse_data(rows, row, fail);
    rows->held = unit_row;
    return true;
}

/* Where row `row` of the i-th strip or tile and those below it are: in the decoded ones, or just
 * read from the file. */
static const unsigned char *unit_rows(struct tiff_rows *rows, uint64_t row, uint64_t i,
                                      uint64_t count, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = tiff_row_bytes(page), inside = row % page->unit_rows * size;
    if (page->compressed)
        return rows->unit + i * tiff_unit_size(page) + inside;
    uint32_t number = unit_number(page, row / page->unit_rows, i);
    uint64_t offset = TIFFGetStrileOffset(rows->file->tiff, number);
    bool ok = make_room(rows, &rows->unit, &rows->unit_room, count * size, fail) &&
              read_bytes(rows, offset + inside, rows->unit, count * size, fail);
    return ok ? rows->unit : NULL;
}

static bool hold_units(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t size = page->columns * numbers_size(page), unit_row = row / page->unit_rows;
    uint64_t begin = unit_row * page->unit_rows;
    uint64_t end = least(begin + page->unit_rows, page->rows);
    uint64_t most = size < PIECE_SIZE ? PIECE_SIZE / size : 1;
    uint64_t count = least(most, page->upside_down ? row + 1 - begin : end - row);
    uint64_t first = page->upside_down ? row + 1 - count : row;
    if (!room_for_voxels(rows, count * page->columns, fail) ||
        (page->compressed && rows->held != unit_row && !decode_units(rows, unit_row, fail)))
        return false;
    bool as_in_file = !page->compressed && rows->file->swapped;
    for (uint64_t i = 0; i < units_in_row(page); i++) {
        uint64_t column = i % page->units_across * page->unit_columns;
        struct block block = {.from = unit_rows(rows, first, i, count, fail),
                              .swapped = as_in_file,
                              .rows = count,
                              .column = column,
                              .columns = least(page->unit_columns, page->columns - column),
                              .channel = (size_t)(i / page->units_across)};
        if (!block.from)
            return false;
        put_block(rows, &block);
    }
    rows->first = first * page->columns;
    rows->count = count * page->columns;
    rows->swapped = as_in_file && page->storage == STORED_AS_NUMBERS;
    return true;
}

/* ---- pictures ------------------------------------------------------------------------------ */

/* Deflated data has a checksum, which libtiff does not look at. */
static bool check_sums(struct tiff_rows *rows, uint64_t unit_row)
{
    struct tiff_file *file = rows->file;
    const struct tiff_page *page = &rows->page;
    uint32_t count = page->tiled ? TIFFNumberOfTiles(file->tiff) : TIFFNumberOfStrips(file->tiff);
    for (uint32_t unit = 0; rows->checksum.is_deflated && unit < count; unit++)
        if (unit % page->units / page->units_across == unit_row &&
            tiff_checksum_length(&rows->checksum, file, page, unit) == 0)
            return false;
    return true;
}

/* Takes whole strips or a row of tiles, as rows of red, green, blue and alpha in a word. */
static bool draw(struct tiff_rows *rows, uint64_t first, uint64_t count)
{
    struct tiff_file *file = rows->file;
    TIFFRGBAImage image;
    char why[1024] = "";
    tiff_clear_error(file);
    if (!TIFFRGBAImageBegin(&image, file->tiff, 1, why))
        return false;
    image.orientation = image.req_orientation = ORIENTATION_TOPLEFT; /* it is turned later */
    image.row_offset = (int)first;
    int ok = TIFFRGBAImageGet(&image, (uint32_t *)(void *)rows->unit, (uint32_t)rows->page.columns,
                              (uint32_t)count);
    TIFFRGBAImageEnd(&image);
    return ok && !file->damaged;
}

static bool hold_picture(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    uint64_t unit_row = row / page->unit_rows, first = unit_row * page->unit_rows;
    uint64_t count = least(page->unit_rows, page->rows - first), voxels = count * page->columns;
    if (!make_room(rows, &rows->unit, &rows->unit_room, voxels * sizeof(uint32_t), fail) ||
        !room_for_voxels(rows, voxels, fail))
        return false;
    if (!check_sums(rows, unit_row) || !draw(rows, first, count))
        return refuse_data(rows, first, fail);
    for (uint64_t i = 0; i < voxels; i++) {
        uint32_t color;
        memcpy(&color, rows->unit + i * sizeof color, sizeof color);
        rows->voxels[3 * i] = (unsigned char)TIFFGetR(color);
        rows->voxels[3 * i + 1] = (unsigned char)TIFFGetG(color);
        rows->voxels[3 * i + 2] = (unsigned char)TIFFGetB(color);
    }
    rows->first = first * page->columns;
    rows->count = voxels;
    return true;
}

/* ---- what was taken out becomes what is delivered -------------------------------------------- */

static bool apply_meaning(struct tiff_rows *rows, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    if (!page->inverted && !page->takes_colors)
        return true;
    if (rows->swapped)
        sample_swap(page->number, rows->voxels, (size_t)rows->count * page->samples);
    rows->swapped = false;
    if (page->inverted)
        tiff_invert(page, rows->voxels, (size_t)rows->count * page->samples);
    uint16_t *colors[3];
    if (page->takes_colors &&
        !TIFFGetField(rows->file->tiff, TIFFTAG_COLORMAP, &colors[0], &colors[1], &colors[2]))
        return tiff_refuse(rows->file, rows->number, fail, "its ColorMap is gone");
    if (page->takes_colors)
        tiff_color(page, colors, rows->voxels, (size_t)rows->count);
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

/* The other way round, n pieces of so many bytes. */
static void reverse(unsigned char *bytes, uint64_t n, size_t piece)
{
    for (uint64_t i = 0; i < n / 2; i++)
        swap_bytes(bytes + i * piece, bytes + (n - 1 - i) * piece, piece);
}

/* Whole rows are held where a page is turned. */
static void turn(struct tiff_rows *rows)
{
    const struct tiff_page *page = &rows->page;
    size_t voxel = tiff_voxel_size(page), row = (size_t)page->columns * voxel;
    for (uint64_t i = 0; page->mirrored && i < rows->count / page->columns; i++)
        reverse(rows->voxels + i * row, page->columns, voxel);
    if (page->upside_down) {
        reverse(rows->voxels, rows->count / page->columns, row);
        rows->first = page->rows * page->columns - rows->first - rows->count;
    }
}

/* ---- all layouts --------------------------------------------------------------------------- */

/* PackBits may run on from one row to the next, which decoding by rows would cut off; fax data has
 * to be seen whole, see decode_to_end(). */
static bool must_decode_at_once(struct tiff_rows *rows)
{
    uint16_t scheme = COMPRESSION_NONE;
    TIFFGetField(rows->file->tiff, TIFFTAG_COMPRESSION, &scheme);
    return rows->page.separate || scheme == COMPRESSION_PACKBITS || may_end_early(rows);
}

static bool hold_row(struct tiff_rows *rows, uint64_t row, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    if (page->storage == STORED_PICTURE)
        return hold_picture(rows, row, fail);
    if (page->tiled || (!page->compressed && !is_direct(page)))
        return hold_units(rows, row, fail);
    if (tiff_unit_size(page) <= STRIP_SIZE || must_decode_at_once(rows))
        return is_direct(page) ? hold_strip(rows, row, fail) : hold_units(rows, row, fail);
    if (rows->checksum.is_deflated && is_direct(page) && !page->upside_down &&
        tiff_unit_size(page) <= DEFLATED_SIZE && hold_large_strip(rows, row))
        return true;
    return page->upside_down ? hold_units(rows, row, fail) : hold_rows(rows, row, fail);
}

bool tiff_rows_hold(struct tiff_rows *rows, uint64_t voxel, struct fail *fail)
{
    const struct tiff_page *page = &rows->page;
    if (voxel >= rows->first && voxel - rows->first < rows->count)
        return true;
    rows->count = 0;
    rows->swapped = false; /* libtiff gives this machine's order */
    uint64_t row = voxel / page->columns;
    if (!(page->data != 0 ? hold_stored(rows, voxel, fail)
                          : hold_row(rows, page->upside_down ? page->rows - 1 - row : row, fail)) ||
        !apply_meaning(rows, fail)) {
        rows->count = 0;
        return false;
    }
    turn(rows);
    return true;
}
