#include "format/tiff_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is held of a page at once: strips and rows of tiles that only decode as a whole. */
#define MOST_HELD (UINT64_C(1) << 30)

static unsigned get_short(const struct tiff_file *file, uint32_t tag, uint16_t otherwise)
{
    uint16_t value = otherwise;
    return TIFFGetField(file->tiff, tag, &value) ? value : otherwise;
}

static uint32_t get_long(const struct tiff_file *file, uint32_t tag, uint32_t otherwise)
{
    uint32_t value = otherwise;
    return TIFFGetField(file->tiff, tag, &value) ? value : otherwise;
}

size_t tiff_voxel_size(const struct tiff_page *page)
{
    return page->channels * sample_size(page->type);
}

uint64_t tiff_page_size(const struct tiff_page *page)
{
    return page->rows * page->columns * tiff_voxel_size(page);
}

/* Bytes of what a strip or tile holds of one voxel. */
static size_t piece_size(const struct tiff_page *page)
{
    return page->separate ? sample_size(page->type) : tiff_voxel_size(page);
}

uint64_t tiff_unit_size(const struct tiff_page *page)
{
    return page->unit_rows * page->unit_columns * piece_size(page);
}

bool tiff_pages_agree(const struct tiff_page *a, const struct tiff_page *b)
{
    return a->rows == b->rows && a->columns == b->columns && a->type == b->type &&
           a->channels == b->channels && a->channel_kind == b->channel_kind;
}

const char *tiff_page_text(const struct tiff_page *page, char text[TIFF_PAGE_TEXT])
{
    static const char *const kinds[] = {[CHANNELS_NONE] = "",
                                        [CHANNELS_VECTOR] = " of 4 channels",
                                        [CHANNELS_RGB] = " RGB",
                                        [CHANNELS_RGBA] = " RGBA"};
    snprintf(text, TIFF_PAGE_TEXT, "%" PRIu64 " x %" PRIu64 " %s%s", page->rows, page->columns,
             sample_name(page->type), kinds[page->channel_kind]);
    return text;
}

/* libtiff passes over tags that it finds broken, as if they were not there. */
static bool check_tags(struct tiff_file *file, uint64_t number, struct fail *fail)
{
    static const uint32_t tags[] = {
        TIFFTAG_SUBFILETYPE, TIFFTAG_PHOTOMETRIC,  TIFFTAG_FILLORDER,    TIFFTAG_ORIENTATION,
        TIFFTAG_IMAGEDEPTH,  TIFFTAG_EXTRASAMPLES, TIFFTAG_SAMPLEFORMAT, TIFFTAG_COLORMAP,
    };
    bool palette = tiff_number(file, TIFFTAG_PHOTOMETRIC, 0) == PHOTOMETRIC_PALETTE;
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        void *ignored[3][2];
        bool needed = tags[i] == TIFFTAG_COLORMAP ? palette : tiff_has(file, tags[i]);
        if (needed && !TIFFGetField(file->tiff, tags[i], &ignored[0], &ignored[1], &ignored[2]))
            return tiff_refuse(file, number, fail, "its %s is missing or broken",
                               TIFFFieldName(TIFFFieldWithTag(file->tiff, tags[i])));
    }
    return true;
}

static bool read_size(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                      struct fail *fail)
{
    page->rows = get_long(file, TIFFTAG_IMAGELENGTH, 0);
    page->columns = get_long(file, TIFFTAG_IMAGEWIDTH, 0);
    uint32_t depth = get_long(file, TIFFTAG_IMAGEDEPTH, 1);
    if (page->rows == 0 || page->columns == 0)
        return tiff_refuse(file, number, fail, "is %" PRIu64 " rows x %" PRIu64 " columns",
                           page->rows, page->columns);
    if (depth != 1)
        return tiff_refuse(file, number, fail, "ImageDepth %" PRIu32 ": taken is 1", depth);
    return true;
}

static bool read_use(struct tiff_file *file, uint64_t number, struct fail *fail)
{
    uint32_t use = get_long(file, TIFFTAG_SUBFILETYPE, 0);
    unsigned orientation = get_short(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    if (use & FILETYPE_REDUCEDIMAGE)
        return tiff_refuse(file, number, fail,
                           "NewSubfileType %" PRIu32 ": a smaller copy of an image, not a plane",
                           use);
    if (use & FILETYPE_MASK)
        return tiff_refuse(file, number, fail, "NewSubfileType %" PRIu32 ": a mask, not a plane",
                           use);
    if (orientation != ORIENTATION_TOPLEFT)
        return tiff_refuse(file, number, fail,
                           "Orientation %u: taken is 1 (the first row on top, the first column to "
                           "the left)",
                           orientation);
    return true;
}

static bool read_type(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                      struct fail *fail)
{
    static const char *const formats[] = {"0",       "unsigned",        "signed",       "float",
                                          "untyped", "complex integer", "complex float"};
    static const struct {
        unsigned bits, format;
        enum sample_type type;
    } taken[] = {
        {8, SAMPLEFORMAT_UINT, SAMPLE_UINT8},      {8, SAMPLEFORMAT_INT, SAMPLE_INT8},
        {16, SAMPLEFORMAT_UINT, SAMPLE_UINT16},    {16, SAMPLEFORMAT_INT, SAMPLE_INT16},
        {32, SAMPLEFORMAT_UINT, SAMPLE_UINT32},    {32, SAMPLEFORMAT_INT, SAMPLE_INT32},
        {64, SAMPLEFORMAT_UINT, SAMPLE_UINT64},    {64, SAMPLEFORMAT_INT, SAMPLE_INT64},
        {32, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT32}, {64, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT64},
    };
    unsigned bits = get_short(file, TIFFTAG_BITSPERSAMPLE, 1);
    unsigned format = get_short(file, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (bits == taken[i].bits && format == taken[i].format) {
            page->type = taken[i].type;
            return true;
        }
    }
    return tiff_refuse(
        file, number, fail,
        "%u-bit samples (%s): taken are integers of 8, 16, 32 or 64 bits and floats of "
        "32 or 64",
        bits, format < 7 ? formats[format] : "of unknown format");
}

static bool read_channels(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                          struct fail *fail)
{
    static const char *const names[] = {"white is zero", "black is zero", "RGB",
                                        "palette",       "a mask",        "CMYK or other inks",
                                        "YCbCr",         "unknown",       "CIE L*a*b*"};
    unsigned samples = get_short(file, TIFFTAG_SAMPLESPERPIXEL, 1);
    uint16_t extra_count = 0, *extra = NULL;
    TIFFGetField(file->tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra);
    if (!tiff_has(file, TIFFTAG_PHOTOMETRIC))
        return tiff_refuse(file, number, fail,
                           "has no PhotometricInterpretation, which tells black from white");
    unsigned photometric = get_short(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    unsigned colors = photometric == PHOTOMETRIC_RGB ? 3 : 1;
    if (photometric != PHOTOMETRIC_MINISBLACK && photometric != PHOTOMETRIC_RGB &&
        photometric != PHOTOMETRIC_PALETTE)
        return tiff_refuse(file, number, fail,
                           "PhotometricInterpretation %u (%s): taken are 1 (black is zero), 2 "
                           "(RGB), and 3 (palette) with a gray ramp",
                           photometric, photometric < 9 ? names[photometric] : "not gray or RGB");
    if (samples < colors || samples > (colors == 3 ? 4 : 1))
        return tiff_refuse(file, number, fail,
                           "%u samples a pixel, PhotometricInterpretation %u (%s): taken are 1 of "
                           "gray, 3 of RGB, and 4 of RGB with alpha",
                           samples, photometric, names[photometric]);
    page->channels = (uint16_t)samples;
    page->channel_kind = samples == 1 ? CHANNELS_NONE : samples == 3 ? CHANNELS_RGB : CHANNELS_RGBA;
    if (samples == 4 && (extra_count != 1 || extra[0] == EXTRASAMPLE_UNSPECIFIED))
        page->channel_kind = CHANNELS_VECTOR; /* the file does not say that it is alpha */
    page->palette = photometric == PHOTOMETRIC_PALETTE ? PALETTE_COLORS : PALETTE_NONE;
    return true;
}

/* Even steps from black to full, i * 257. Some programs leave the lower 8 of the 16 bits empty, and
 * some stretch the ends by a step. */
static bool is_ramp(const uint16_t color[256])
{
    const int most_off = 2 * 257;
    for (int i = 0; i < 256; i++)
        if (abs(color[i] - i * 257) > most_off || (i > 0 && color[i] < color[i - 1]))
            return false;
    return true;
}

static bool is_dark(const uint16_t color[256])
{
    for (unsigned i = 0; i < 256; i++)
        if (color[i] != 0)
            return false;
    return true;
}

static void read_palette(struct tiff_file *file, struct tiff_page *page)
{
    uint16_t *colors[3];
    if (page->palette == PALETTE_NONE || page->type != SAMPLE_UINT8 ||
        !TIFFGetField(file->tiff, TIFFTAG_COLORMAP, &colors[0], &colors[1], &colors[2]))
        return;
    int ramps = 0, dark = 0;
    for (int i = 0; i < 3; i++) {
        ramps += is_ramp(colors[i]);
        dark += is_dark(colors[i]);
    }
    size_t size = 256 * sizeof *colors[0];
    bool is_gray = ramps == 3 && memcmp(colors[0], colors[1], size) == 0 &&
                   memcmp(colors[0], colors[2], size) == 0;
    if (is_gray)
        page->palette = PALETTE_GRAY;
    else if (ramps > 0 && dark > 0 && ramps + dark == 3)
        page->palette = PALETTE_TINTED;
}

static bool read_layout(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                        struct fail *fail)
{
    uint32_t across = 1;
    page->tiled = TIFFIsTiled(file->tiff);
    if (page->tiled) {
        page->unit_rows = get_long(file, TIFFTAG_TILELENGTH, 0);
        page->unit_columns = get_long(file, TIFFTAG_TILEWIDTH, 0);
        page->units = TIFFNumberOfTiles(file->tiff);
        if (page->unit_rows == 0 || page->unit_columns == 0)
            return tiff_refuse(file, number, fail, "has tiles of zero size");
        across = (uint32_t)((page->columns - 1) / page->unit_columns + 1);
    } else {
        uint32_t rows = get_long(file, TIFFTAG_ROWSPERSTRIP, UINT32_MAX);
        page->unit_rows = rows < page->rows ? rows : page->rows;
        page->unit_columns = page->columns;
        page->units = TIFFNumberOfStrips(file->tiff);
        if (page->unit_rows == 0)
            return tiff_refuse(file, number, fail, "has strips of 0 rows");
    }
    page->separate = page->channels > 1 && get_short(file, TIFFTAG_PLANARCONFIG,
                                                     PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    page->units_across = across;
    page->units /= page->separate ? page->channels : 1;
    uint64_t down = (page->rows - 1) / page->unit_rows + 1;
    if (page->units != down * across)
        return tiff_refuse(file, number, fail,
                           "has %" PRIu64 " strips or tiles, its size needs %" PRIu64, page->units,
                           down * across);
    return true;
}

static bool read_compression(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                             struct fail *fail)
{
    unsigned scheme = get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    page->compressed = scheme != COMPRESSION_NONE ||
                       get_short(file, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) != FILLORDER_MSB2LSB;
    const TIFFCodec *codec = TIFFFindCODEC((uint16_t)scheme);
    if (!codec || !TIFFIsCODECConfigured((uint16_t)scheme))
        return tiff_refuse(file, number, fail,
                           "Compression %u (%s) is none that this system's libtiff decodes", scheme,
                           codec ? codec->name : "unknown");
    return true;
}

/* How many bytes one byte can become: what a file claims beyond that it can't hold. 0: no limit
 * known. */
static uint64_t most_expansion(const struct tiff_file *file)
{
    switch (get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE)) {
    case COMPRESSION_PACKBITS:
        return 64; /* 128 bytes from 2 */
    case COMPRESSION_LZW:
        return 4096; /* a code of 12 bits stands for less than 4096 bytes */
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE:
        return 1032; /* https://zlib.net/zlib_tech.html */
    default:
        return 0;
    }
}

static bool check_claims(struct tiff_file *file, uint64_t number, const struct tiff_page *page,
                         uint64_t stored, struct fail *fail)
{
    const uint64_t held = tiff_unit_size(page) * page->units_across;
    uint64_t expansion = most_expansion(file);
    if (expansion > 0 && tiff_page_size(page) / expansion > stored)
        return tiff_refuse(file, number, fail,
                           "claims %" PRIu64 " bytes of samples, which its %" PRIu64
                           " compressed bytes can't hold",
                           tiff_page_size(page), stored);
    uint64_t expected = page->tiled ? tiff_unit_size(page) : page->columns * piece_size(page);
    uint64_t decoded = page->tiled ? TIFFTileSize64(file->tiff) : TIFFScanlineSize64(file->tiff);
    if (decoded != expected)
        return tiff_refuse(file, number, fail,
                           "libtiff makes %" PRIu64 " bytes of a %s, its size needs %" PRIu64,
                           decoded, page->tiled ? "tile" : "row", expected);
    if (page->tiled && page->compressed && held * (page->separate ? page->channels : 1) > MOST_HELD)
        return tiff_refuse(file, number, fail,
                           "a row of its tiles takes %" PRIu64 " MiB decoded, at most %" PRIu64
                           " are held",
                           held >> 20, MOST_HELD >> 20);
    return true;
}

uint64_t tiff_unit_bytes(const struct tiff_page *page, uint64_t unit)
{
    uint64_t first = unit % page->units * page->unit_rows;
    uint64_t rows = page->rows - first < page->unit_rows ? page->rows - first : page->unit_rows;
    return page->tiled ? tiff_unit_size(page) : rows * page->columns * piece_size(page);
}

static bool refuse_unit(const struct tiff_file *file, uint64_t number, const struct tiff_page *page,
                        uint64_t unit, const char *what, struct fail *fail)
{
    uint32_t index = (uint32_t)unit;
    return tiff_refuse(
        file, number, fail, "%s %" PRIu64 " (%" PRIu64 " bytes from byte %" PRIu64 " on) %s",
        page->tiled ? "tile" : "strip", unit, TIFFGetStrileByteCount(file->tiff, index),
        TIFFGetStrileOffset(file->tiff, index), what);
}

/* Where the strips and tiles lie: all inside the file, and, if they are not compressed, long enough
 * and not over one another. Finds out whether the samples lie in one piece. */
static bool read_places(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                        struct fail *fail)
{
    uint64_t count = page->units * (page->separate ? page->channels : 1);
    uint64_t stored = 0, behind = TIFFGetStrileOffset(file->tiff, 0);
    bool raw = !page->compressed, one_piece = raw && !page->tiled && behind > 0;
    for (uint64_t unit = 0; unit < count; unit++) {
        uint64_t offset = TIFFGetStrileOffset(file->tiff, (uint32_t)unit);
        uint64_t bytes = TIFFGetStrileByteCount(file->tiff, (uint32_t)unit);
        uint64_t samples = tiff_unit_bytes(page, unit), needed = raw ? samples : bytes;
        uint64_t next = unit + 1 < count ? TIFFGetStrileOffset(file->tiff, (uint32_t)unit + 1) : 0;
        if (offset > file->size || needed > file->size - offset)
            return refuse_unit(file, number, page, unit, "lies beyond the end of the file", fail);
        if (bytes == 0)
            return refuse_unit(file, number, page, unit, "is empty", fail);
        if (raw && bytes < samples)
            return refuse_unit(file, number, page, unit, "is too short for its samples", fail);
        if (raw && next > offset && bytes > next - offset)
            return refuse_unit(file, number, page, unit, "reaches into the next one", fail);
        one_piece = one_piece && offset == behind;
        behind += samples;
        stored += bytes;
    }
    page->data = one_piece ? TIFFGetStrileOffset(file->tiff, 0) : 0;
    return check_claims(file, number, page, stored, fail);
}

/* The product of everything below stays in 64 bits. */
static bool fits(const struct tiff_page *page)
{
    const struct volume shape = {.size = {1, page->rows, page->columns},
                                 .channels = page->channels * UINT64_C(16)};
    const struct volume unit = {.size = {page->units_across, page->unit_rows, page->unit_columns},
                                .channels = page->channels * UINT64_C(16)};
    return volume_fits(&shape) && volume_fits(&unit);
}

bool tiff_page_read(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                    struct fail *fail)
{
    *page = (struct tiff_page){0};
    if (!check_tags(file, number, fail) || !read_size(file, number, page, fail) ||
        !read_use(file, number, fail) || !read_compression(file, number, page, fail) ||
        !read_channels(file, number, page, fail) || !read_type(file, number, page, fail) ||
        !read_layout(file, number, page, fail))
        return false;
    if (!fits(page))
        return tiff_refuse(file, number, fail,
                           "is %" PRIu64 " rows x %" PRIu64 " columns, too large for a volume",
                           page->rows, page->columns);
    read_palette(file, page);
    return read_places(file, number, page, fail);
}
