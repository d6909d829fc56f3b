#include "format/tiff/decode/read_page.h"

#include <inttypes.h>

#include "format/tiff/decode/handle.h"
#include "format/tiff/decode/interpretation.h"
#include "format/tiff/decode/tags.h"

/* Bytes of the segments of a page that are decoded together, unless options say otherwise. */
#define MAX_DECODED_SIZE (UINT64_C(1) << 30)

/* libtiff ignores tags that it finds broken, as if they were not there. */
static bool check_tag(struct tiff_file *file, uint64_t number, uint32_t tag, struct fail *fail)
{
    void *ignored[3][2];
    return TIFFGetField(file->tiff, tag, &ignored[0], &ignored[1], &ignored[2]) ||
           tiff_refuse(file, number, fail, "its %s is missing or broken%s",
                       TIFFFieldName(TIFFFieldWithTag(file->tiff, tag)),
                       tag == TIFFTAG_COLORMAP ? " (--raw takes the indices)" : "");
}

static bool check_tags(struct tiff_file *file, uint64_t number,
                       const struct tiff_decode_options *options, struct fail *fail)
{
    static const uint32_t tags[] = {
        TIFFTAG_SUBFILETYPE, TIFFTAG_PHOTOMETRIC,  TIFFTAG_FILLORDER,    TIFFTAG_ORIENTATION,
        TIFFTAG_IMAGEDEPTH,  TIFFTAG_EXTRASAMPLES, TIFFTAG_SAMPLEFORMAT,
    };
    static const uint32_t color_tags[] = {
        TIFFTAG_YCBCRCOEFFICIENTS,
        TIFFTAG_YCBCRSUBSAMPLING,
        TIFFTAG_REFERENCEBLACKWHITE,
    };
    unsigned photometric = tiff_get_short(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tiff_has_tag(file, tags[i]) && !tiff_is_repaired(file, tags[i]) &&
            !check_tag(file, number, tags[i], fail))
            return false;
    for (size_t i = 0; i < sizeof color_tags / sizeof color_tags[0]; i++)
        if (photometric == PHOTOMETRIC_YCBCR && tiff_has_tag(file, color_tags[i]) &&
            !check_tag(file, number, color_tags[i], fail))
            return false;
    /* libtiff makes gray of a palette without colors, so this asks the file. */
    uint64_t stored;
    return tiff_tag_count(file, TIFFTAG_PHOTOMETRIC, 0, &stored, fail) &&
           (stored != PHOTOMETRIC_PALETTE || options->raw ||
            check_tag(file, number, TIFFTAG_COLORMAP, fail));
}

static bool read_size(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                      struct fail *fail)
{
    page->rows = tiff_get_long(file, TIFFTAG_IMAGELENGTH, 0);
    page->columns = tiff_get_long(file, TIFFTAG_IMAGEWIDTH, 0);
    uint32_t depth = tiff_get_long(file, TIFFTAG_IMAGEDEPTH, 1);
    if (page->rows == 0 || page->columns == 0)
        return tiff_refuse(file, number, fail, "is %" PRIu64 " rows x %" PRIu64 " columns",
                           page->rows, page->columns);
    if (depth != 1)
        return tiff_refuse(file, number, fail, "ImageDepth %" PRIu32 ": taken is 1", depth);
    return true;
}

/* Reads how rows and columns run. */
static bool read_orientation(struct tiff_file *file, uint64_t number,
                             const struct tiff_decode_options *options, struct tiff_page *page,
                             struct fail *fail)
{
    unsigned orientation = tiff_get_short(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    page->mirrored = orientation == ORIENTATION_TOPRIGHT || orientation == ORIENTATION_BOTRIGHT;
    page->upside_down = orientation == ORIENTATION_BOTRIGHT || orientation == ORIENTATION_BOTLEFT;
    if (orientation <= ORIENTATION_BOTLEFT)
        return true;
    page->repairs |= REPAIR_TURNED;
    return options->raw || options->rgb ||
           tiff_refuse(file, number, fail,
                       "Orientation %u (rows and columns change places): taken are 1 to 4 (--raw "
                       "and --rgb take rows and columns as they are stored)",
                       orientation);
}

/* ---- layout ---------------------------------------------------------------------------------- */

static bool read_layout(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                        struct fail *fail)
{
    uint32_t across = 1;
    page->tiled = TIFFIsTiled(file->tiff);
    if (page->tiled) {
        page->segment_rows = tiff_get_long(file, TIFFTAG_TILELENGTH, 0);
        page->segment_columns = tiff_get_long(file, TIFFTAG_TILEWIDTH, 0);
        page->segments = TIFFNumberOfTiles(file->tiff);
        if (page->segment_rows == 0 || page->segment_columns == 0)
            return tiff_refuse(file, number, fail, "has tiles of zero size");
        across = (uint32_t)((page->columns - 1) / page->segment_columns + 1);
    } else {
        uint32_t rows = tiff_get_long(file, TIFFTAG_ROWSPERSTRIP, UINT32_MAX);
        page->segment_rows = rows < page->rows ? rows : page->rows;
        page->segment_columns = page->columns;
        page->segments = TIFFNumberOfStrips(file->tiff);
        if (page->segment_rows == 0)
            return tiff_refuse(file, number, fail, "has strips of 0 rows");
    }
    unsigned samples = tiff_get_short(file, TIFFTAG_SAMPLESPERPIXEL, 1);
    bool separate = samples > 1 && tiff_get_short(file, TIFFTAG_PLANARCONFIG,
                                                  PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    page->separate = separate && page->storage != STORED_PICTURE;
    page->segments_across = across;
    page->segments /= separate ? samples : 1;
    uint64_t down = (page->rows - 1) / page->segment_rows + 1;
    if (page->segments != down * across)
        return tiff_refuse(file, number, fail,
                           "has %" PRIu64 " strips or tiles, its size needs %" PRIu64,
                           page->segments, down * across);
    return true;
}

static bool is_fax(unsigned scheme)
{
    return scheme >= COMPRESSION_CCITTRLE && scheme <= COMPRESSION_CCITTFAX4;
}

/* Fax data of several samples a pixel, interleaved, have a bit a pixel: only a part of each row. */
static bool check_fax(const struct tiff_file *file, uint64_t number,
                      const struct tiff_decode_options *options, unsigned samples,
                      struct fail *fail)
{
    bool is_partial = samples > 1 && tiff_get_short(file, TIFFTAG_PLANARCONFIG,
                                                    PLANARCONFIG_CONTIG) == PLANARCONFIG_CONTIG;
    return !is_partial || options->missing_zero ||
           tiff_refuse(file, number, fail,
                       "is compressed as fax, but has %u samples a pixel, of which only the first "
                       "part of each row is stored (--missing zero reads the rest as 0)",
                       samples);
}

static bool read_compression(struct tiff_file *file, uint64_t number,
                             const struct tiff_decode_options *options, struct tiff_page *page,
                             struct fail *fail)
{
    unsigned scheme = tiff_get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    page->compressed =
        scheme != COMPRESSION_NONE ||
        tiff_get_short(file, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) != FILLORDER_MSB2LSB;
    const TIFFCodec *codec = TIFFFindCODEC((uint16_t)scheme);
    if (!codec || !TIFFIsCODECConfigured((uint16_t)scheme))
        return tiff_refuse(file, number, fail,
                           "Compression %u (%s) is not one that this system's libtiff decodes",
                           scheme, codec ? codec->name : "unknown");
    unsigned bits = tiff_get_short(file, TIFFTAG_BITSPERSAMPLE, 1);
    unsigned samples = tiff_get_short(file, TIFFTAG_SAMPLESPERPIXEL, 1);
    if (scheme == COMPRESSION_JBIG && (bits != 1 || samples != 1)) /* not checked by libtiff */
        return tiff_refuse(file, number, fail,
                           "Compression %u (%s) of %u samples of %u bits a pixel: it is for 1 of 1",
                           scheme, codec->name, samples, bits);
    return !is_fax(scheme) || check_fax(file, number, options, samples, fail);
}

/* How many bytes one compressed byte can become at most; 0 if no limit is known. A file that claims
 * more samples is broken. */
static uint64_t max_expansion(const struct tiff_file *file)
{
    switch (tiff_get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE)) {
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

/* Segments are decoded and held, a row of tiles or a strip of each channel at a time. */
static bool decodes_segments(const struct tiff_page *page)
{
    return page->storage == STORED_PICTURE ||
           (page->compressed && (page->sparse || page->tiled || page->separate ||
                                 page->upside_down || page->storage != STORED_AS_NUMBERS));
}

/* Refuses what takes more memory than is allowed. Only compressed or absent samples can take much
 * more than the file has. */
static bool check_memory(const struct tiff_file *file, uint64_t number,
                         const struct tiff_decode_options *options, const struct tiff_page *page,
                         struct fail *fail)
{
    uint64_t max = options->memory > 0 ? options->memory : MAX_DECODED_SIZE;
    bool has_segments = decodes_segments(page);
    uint64_t held = page->storage == STORED_PICTURE ? page->segment_rows * page->columns * 4
                    : has_segments                  ? tiff_decoded_size(page)
                    : page->sparse                  ? page->columns * tiff_voxel_size(page)
                                                    : 0;
    return held <= max || tiff_refuse(file, number, fail,
                                      "a row%s takes %" PRIu64 " MiB decoded, at most %" PRIu64
                                      " are held (--memory MB raises that)",
                                      !has_segments ? ""
                                      : page->tiled ? " of its tiles"
                                                    : " of its strips",
                                      held >> 20, max >> 20);
}

static bool check_claims(struct tiff_file *file, uint64_t number,
                         const struct tiff_decode_options *options, const struct tiff_page *page,
                         uint64_t stored, struct fail *fail)
{
    uint64_t expansion = max_expansion(file);
    bool is_picture = page->storage == STORED_PICTURE;
    unsigned scheme = tiff_get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    if (!is_picture && !page->sparse && expansion > 0 && tiff_page_size(page) / expansion > stored)
        return tiff_refuse(file, number, fail,
                           "claims %" PRIu64 " bytes of samples, which its %" PRIu64
                           " compressed bytes can't hold",
                           tiff_page_size(page), stored);
    if (is_fax(scheme) && !page->sparse && page->rows / 8 > stored)
        return tiff_refuse(file, number, fail,
                           "claims %" PRIu64 " rows, which its %" PRIu64
                           " compressed bytes can't hold: a row takes a bit at least",
                           page->rows, stored);
    uint64_t expected = page->tiled ? tiff_segment_size(page) : tiff_row_bytes(page);
    uint64_t found = page->tiled ? TIFFTileSize64(file->tiff) : TIFFScanlineSize64(file->tiff);
    if (!is_picture && found != expected)
        return tiff_refuse(file, number, fail,
                           "libtiff makes %" PRIu64 " bytes of a %s, its size needs %" PRIu64,
                           found, page->tiled ? "tile" : "row", expected);
    return check_memory(file, number, options, page, fail);
}

static bool refuse_segment(const struct tiff_file *file, uint64_t number,
                           const struct tiff_page *page, uint64_t segment, const char *what,
                           struct fail *fail)
{
    uint32_t index = (uint32_t)segment;
    return tiff_refuse(
        file, number, fail, "%s %" PRIu64 " (%" PRIu64 " bytes from byte %" PRIu64 " on) %s",
        page->tiled ? "tile" : "strip", segment, TIFFGetStrileByteCount(file->tiff, index),
        TIFFGetStrileOffset(file->tiff, index), what);
}

/* Bytes that an uncompressed segment must have. */
static uint64_t bytes_needed(const struct tiff_file *file, const struct tiff_page *page,
                             uint64_t segment)
{
    if (page->storage != STORED_PICTURE)
        return tiff_segment_bytes(page, segment);
    uint32_t rows = (uint32_t)tiff_strip_rows(page, segment);
    return page->tiled ? TIFFTileSize64(file->tiff) : TIFFVStripSize64(file->tiff, rows);
}

/* Checks that all segments lie inside the file and, if they are not compressed, that they are long
 * enough and do not overlap. Sets data_offset. */
static bool read_segments(struct tiff_file *file, uint64_t number,
                          const struct tiff_decode_options *options, struct tiff_page *page,
                          struct fail *fail)
{
    uint64_t count = page->tiled ? TIFFNumberOfTiles(file->tiff) : TIFFNumberOfStrips(file->tiff);
    uint64_t stored = 0, end = TIFFGetStrileOffset(file->tiff, 0);
    bool raw = !page->compressed, is_contiguous = raw && !page->tiled && end > 0;
    for (uint64_t segment = 0; segment < count; segment++) {
        uint64_t offset = TIFFGetStrileOffset(file->tiff, (uint32_t)segment);
        uint64_t bytes = TIFFGetStrileByteCount(file->tiff, (uint32_t)segment);
        uint64_t samples = bytes_needed(file, page, segment), needed = raw ? samples : bytes;
        uint64_t next =
            segment + 1 < count ? TIFFGetStrileOffset(file->tiff, (uint32_t)segment + 1) : 0;
        if (bytes == 0 && options->missing_zero) {
            page->sparse = true;
            continue;
        }
        if (bytes == 0)
            return refuse_segment(file, number, page, segment,
                                  "is empty (--missing zero reads it as 0)", fail);
        if (offset > file->size || needed > file->size - offset)
            return refuse_segment(file, number, page, segment, "lies beyond the end of the file",
                                  fail);
        if (raw && bytes < samples)
            return refuse_segment(file, number, page, segment, "is too short for its samples",
                                  fail);
        if (raw && next > offset && bytes > next - offset && !options->raw)
            return refuse_segment(file, number, page, segment,
                                  "reaches into the next one (--raw reads it anyway)", fail);
        is_contiguous = is_contiguous && offset == end;
        end += samples;
        stored += bytes;
    }
    bool as_delivered = page->storage == STORED_AS_NUMBERS && !page->mirrored && !page->upside_down;
    page->data_offset =
        is_contiguous && as_delivered && !page->sparse ? TIFFGetStrileOffset(file->tiff, 0) : 0;
    return check_claims(file, number, options, page, stored, fail);
}

bool tiff_page_read(struct tiff_file *file, uint64_t number,
                    const struct tiff_decode_options *options, struct tiff_page *page,
                    struct fail *fail)
{
    if (!tiff_give_directory(file, number, fail))
        return false;
    *page = (struct tiff_page){.repairs = file->repairs};
    if (!check_tags(file, number, options, fail) || !read_size(file, number, page, fail) ||
        !read_orientation(file, number, options, page, fail) ||
        !read_compression(file, number, options, page, fail) ||
        !tiff_page_read_interpretation(file, number, options, page, fail) ||
        !read_layout(file, number, page, fail))
        return false;
    if (!tiff_page_fits(page))
        return tiff_refuse(file, number, fail,
                           "is %" PRIu64 " rows x %" PRIu64 " columns, too large for a volume",
                           page->rows, page->columns);
    return read_segments(file, number, options, page, fail);
}
