#include "format/tiff/decode/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/number.h"

/* Bytes of the segments of a page that are decoded together, unless options say otherwise. */
#define MAX_DECODED_SIZE (UINT64_C(1) << 30)

static unsigned get_short(const struct tiff_file *file, uint32_t tag, uint16_t fallback)
{
    uint16_t value = fallback;
    return libtiff.GetField(file->tiff, tag, &value) ? value : fallback;
}

static uint32_t get_long(const struct tiff_file *file, uint32_t tag, uint32_t fallback)
{
    uint32_t value = fallback;
    return libtiff.GetField(file->tiff, tag, &value) ? value : fallback;
}

size_t tiff_voxel_size(const struct tiff_page *page)
{
    return page->channels * sample_size(page->type);
}

static uint64_t bytes_of(const struct tiff_page *page, uint64_t samples)
{
    return (samples * page->bits + 7) / 8;
}

static unsigned samples_in_segment(const struct tiff_page *page)
{
    return page->separate ? 1 : page->samples;
}

uint64_t tiff_row_samples(const struct tiff_page *page)
{
    return page->segment_columns * samples_in_segment(page);
}

uint64_t tiff_row_bytes(const struct tiff_page *page)
{
    return bytes_of(page, tiff_row_samples(page));
}

uint64_t tiff_page_size(const struct tiff_page *page)
{
    return page->rows * bytes_of(page, page->columns * samples_in_segment(page)) *
           (page->separate ? page->samples : 1);
}

uint64_t tiff_segment_size(const struct tiff_page *page)
{
    return page->segment_rows * tiff_row_bytes(page);
}

/* Rows of a strip: the last one may be shorter. */
static uint64_t strip_rows(const struct tiff_page *page, uint64_t strip)
{
    return min_u64(page->segment_rows, page->rows - strip % page->segments * page->segment_rows);
}

uint64_t tiff_segment_bytes(const struct tiff_page *page, uint64_t segment)
{
    return page->tiled ? tiff_segment_size(page) : strip_rows(page, segment) * tiff_row_bytes(page);
}

uint64_t tiff_decoded_size(const struct tiff_page *page)
{
    return tiff_segment_size(page) * page->segments_across * (page->separate ? page->samples : 1);
}

double tiff_page_unit_scale(const struct tiff_page *page)
{
    if (page->has_palette_colors || (page->storage != STORED_BITS && page->storage != STORED_24))
        return sample_unit_scale(page->type);
    return 1 / (double)((UINT64_C(1) << page->bits) - 1);
}

const char *tiff_page_type(const struct tiff_page *page, char text[TIFF_TYPE_TEXT])
{
    bool is_float = page->storage == STORED_HALF || page->storage == STORED_FLOAT24;
    if (page->has_palette_colors || page->storage == STORED_AS_NUMBERS ||
        page->storage == STORED_PICTURE)
        snprintf(text, TIFF_TYPE_TEXT, "%s", sample_name(page->type));
    else
        snprintf(text, TIFF_TYPE_TEXT, "%s%u", is_float ? "float" : "uint", page->bits);
    return text;
}

bool tiff_pages_compatible(const struct tiff_page *a, const struct tiff_page *b)
{
    return a->rows == b->rows && a->columns == b->columns && a->type == b->type &&
           a->channels == b->channels && a->channel_kind == b->channel_kind &&
           tiff_page_unit_scale(a) == tiff_page_unit_scale(b);
}

bool tiff_pages_same_layout(const struct tiff_page *a, const struct tiff_page *b)
{
    return a->storage == b->storage && a->bits == b->bits && a->samples == b->samples &&
           a->separate == b->separate && a->has_palette_colors == b->has_palette_colors &&
           a->inverted == b->inverted && a->mirrored == b->mirrored &&
           a->upside_down == b->upside_down;
}

const char *tiff_page_text(const struct tiff_page *page, char text[TIFF_PAGE_TEXT])
{
    char type[TIFF_TYPE_TEXT], channels[32] = "";
    if (page->channel_kind == CHANNELS_VECTOR)
        snprintf(channels, sizeof channels, " of %u channels", page->channels);
    snprintf(text, TIFF_PAGE_TEXT, "%" PRIu64 " x %" PRIu64 " %s%s%s", page->rows, page->columns,
             tiff_page_type(page, type), channels,
             page->channel_kind == CHANNELS_RGB    ? " RGB"
             : page->channel_kind == CHANNELS_RGBA ? " RGBA"
                                                   : "");
    return text;
}

/* libtiff ignores tags that it finds broken, as if they were not there. */
static bool check_tag(struct tiff_file *file, uint64_t number, uint32_t tag, struct fail *fail)
{
    void *ignored[3][2];
    return libtiff.GetField(file->tiff, tag, &ignored[0], &ignored[1], &ignored[2]) ||
           tiff_refuse(file, number, fail, "its %s is missing or broken%s",
                       libtiff.FieldName(libtiff.FieldWithTag(file->tiff, tag)),
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
    unsigned photometric = get_short(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
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

/* Reads how rows and columns run. */
static bool read_orientation(struct tiff_file *file, uint64_t number,
                             const struct tiff_decode_options *options, struct tiff_page *page,
                             struct fail *fail)
{
    unsigned orientation = get_short(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
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

/* ---- interpretation ------------------------------------------------------------------------ */

static enum sample_type smallest_unsigned(unsigned bits)
{
    return bits <= 8 ? SAMPLE_UINT8 : bits <= 16 ? SAMPLE_UINT16 : SAMPLE_UINT32;
}

/* Unsigned integers may have any depth, signed ones and floats only those of the table. */
bool tiff_page_find_type(struct tiff_page *page, unsigned bits, unsigned format)
{
    static const struct {
        unsigned bits, format;
        enum sample_type type;
        enum tiff_storage storage;
    } supported[] = {
        {8, SAMPLEFORMAT_UINT, SAMPLE_UINT8, STORED_AS_NUMBERS},
        {16, SAMPLEFORMAT_UINT, SAMPLE_UINT16, STORED_AS_NUMBERS},
        {24, SAMPLEFORMAT_UINT, SAMPLE_UINT32, STORED_24},
        {32, SAMPLEFORMAT_UINT, SAMPLE_UINT32, STORED_AS_NUMBERS},
        {64, SAMPLEFORMAT_UINT, SAMPLE_UINT64, STORED_AS_NUMBERS},
        {8, SAMPLEFORMAT_INT, SAMPLE_INT8, STORED_AS_NUMBERS},
        {16, SAMPLEFORMAT_INT, SAMPLE_INT16, STORED_AS_NUMBERS},
        {32, SAMPLEFORMAT_INT, SAMPLE_INT32, STORED_AS_NUMBERS},
        {64, SAMPLEFORMAT_INT, SAMPLE_INT64, STORED_AS_NUMBERS},
        {16, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT32, STORED_HALF},
        {24, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT32, STORED_FLOAT24},
        {32, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT32, STORED_AS_NUMBERS},
        {64, SAMPLEFORMAT_IEEEFP, SAMPLE_FLOAT64, STORED_AS_NUMBERS},
    };
    for (size_t i = 0; i < sizeof supported / sizeof supported[0]; i++) {
        if (bits == supported[i].bits && format == supported[i].format) {
            page->unpacked = supported[i].type;
            page->storage = supported[i].storage;
            return true;
        }
    }
    page->unpacked = smallest_unsigned(bits);
    page->storage = STORED_BITS;
    return format == SAMPLEFORMAT_UINT && bits > 0 && bits < 32;
}

/* For --raw: numbers that tiff_page_find_type() does not know, as unsigned integers of that depth,
 * and complex ones as two samples. */
static bool find_raw_type(const struct tiff_file *file, unsigned bits, unsigned format,
                          struct tiff_page *page)
{
    bool is_complex = format == SAMPLEFORMAT_COMPLEXINT || format == SAMPLEFORMAT_COMPLEXIEEEFP;
    bool is_pixel_by_pixel =
        get_short(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_CONTIG;
    if (!is_complex)
        return tiff_page_find_type(page, bits, SAMPLEFORMAT_UINT);
    /* libtiff would change the byte order of both halves as of one number. */
    if (!is_pixel_by_pixel || bits % 2 != 0 || page->samples > UINT16_MAX / 2 ||
        (file->swapped && page->compressed) ||
        !tiff_page_find_type(page, bits / 2,
                             format == SAMPLEFORMAT_COMPLEXINT ? SAMPLEFORMAT_INT
                                                               : SAMPLEFORMAT_IEEEFP))
        return false;
    page->samples = (uint16_t)(page->samples * 2);
    return true;
}

static bool read_type(struct tiff_file *file, uint64_t number,
                      const struct tiff_decode_options *options, struct tiff_page *page,
                      struct fail *fail)
{
    static const char *const formats[] = {"0",       "unsigned",        "signed",       "float",
                                          "untyped", "complex integer", "complex float"};
    unsigned bits = get_short(file, TIFFTAG_BITSPERSAMPLE, 1);
    unsigned format = get_short(file, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    /* TIFF 6.0, section 19: untyped samples are best treated as unsigned. */
    bool is_known =
        tiff_page_find_type(page, bits, format == SAMPLEFORMAT_VOID ? SAMPLEFORMAT_UINT : format);
    uint16_t samples = page->samples;
    if (!is_known && !(options->raw && find_raw_type(file, bits, format, page)))
        return tiff_refuse(file, number, fail,
                           "%u-bit samples (%s): taken are unsigned integers of 1 to 32 and 64 "
                           "bits, signed ones of 8, 16, 32 and 64, and floats of 16, 24, 32 and 64 "
                           "(--raw takes other integers up to 32 bits as unsigned ones, and "
                           "complex numbers as two channels)",
                           bits, format < 7 ? formats[format] : "of unknown format");
    page->bits = page->samples > samples ? bits / 2 : bits;
    page->type = page->unpacked;
    return true;
}

static const char *photometric_name(unsigned photometric)
{
    static const struct {
        unsigned photometric;
        const char *name;
    } names[] = {
        {PHOTOMETRIC_MINISWHITE, "white is zero"},
        {PHOTOMETRIC_MINISBLACK, "black is zero"},
        {PHOTOMETRIC_RGB, "RGB"},
        {PHOTOMETRIC_PALETTE, "palette"},
        {PHOTOMETRIC_MASK, "a mask"},
        {PHOTOMETRIC_SEPARATED, "CMYK or other inks"},
        {PHOTOMETRIC_YCBCR, "YCbCr"},
        {PHOTOMETRIC_CIELAB, "CIE L*a*b*"},
        {PHOTOMETRIC_ICCLAB, "ICC L*a*b*"},
        {PHOTOMETRIC_ITULAB, "ITU L*a*b*"},
        {PHOTOMETRIC_CFA, "a color filter array"},
        {PHOTOMETRIC_LOGL, "LogL, logarithms of light"},
        {PHOTOMETRIC_LOGLUV, "LogLuv, logarithms of light"},
        {34892, "a camera's linear raw"},
        {51177, "depth"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].photometric == photometric)
            return names[i].name;
    return "unknown";
}

static bool refuse_photometric(const struct tiff_file *file, uint64_t number, unsigned photometric,
                               struct fail *fail)
{
    bool has_picture = photometric == PHOTOMETRIC_SEPARATED || photometric == PHOTOMETRIC_CIELAB ||
                       photometric == PHOTOMETRIC_LOGL || photometric == PHOTOMETRIC_LOGLUV;
    return tiff_refuse(file, number, fail,
                       "PhotometricInterpretation %u (%s): taken are 0 (white is zero), 1 (black "
                       "is zero), 2 (RGB), 3 (palette) and 6 (YCbCr); --raw takes the samples as "
                       "they are stored%s",
                       photometric, photometric_name(photometric),
                       has_picture ? "; --rgb makes 8-bit RGB of it" : "");
}

/* The page as libtiff itself renders it. */
static bool read_picture(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                         struct fail *fail)
{
    char why[1024] = "";
    TIFFRGBAImage image;
    tiff_client_clear(&file->client);
    if (!libtiff.RGBAImageOK(file->tiff, why) ||
        !libtiff.RGBAImageBegin(&image, file->tiff, 1, why))
        return tiff_refuse(file, number, fail,
                           "PhotometricInterpretation %u (%s), which libtiff makes no picture of: "
                           "%.400s (--raw takes the samples as they are stored)",
                           get_short(file, TIFFTAG_PHOTOMETRIC, 0),
                           photometric_name(get_short(file, TIFFTAG_PHOTOMETRIC, 0)), why);
    libtiff.RGBAImageEnd(&image);
    page->storage = STORED_PICTURE;
    page->unpacked = page->type = SAMPLE_UINT8;
    page->bits = 8;
    page->samples = page->channels = 3;
    page->channel_kind = CHANNELS_RGB;
    return true;
}

static bool is_alpha(const struct tiff_file *file)
{
    uint16_t count = 0, *kinds = NULL;
    libtiff.GetField(file->tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds);
    return count == 1 && kinds[0] != EXTRASAMPLE_UNSPECIFIED;
}

static bool read_channels(struct tiff_file *file, uint64_t number, unsigned photometric,
                          const struct tiff_decode_options *options, struct tiff_page *page,
                          struct fail *fail)
{
    unsigned samples = page->samples;
    bool many =
        options->raw || photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_RGB;
    bool two = photometric == PHOTOMETRIC_RGB && samples == 2; /* how Zeiss writes two channels */
    bool is_color = photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_YCBCR;
    bool one = photometric == PHOTOMETRIC_RGB && samples == 1;
    unsigned colors = is_color && !two && !one && !(options->raw && samples < 3) ? 3 : 1;
    page->repairs |= one ? REPAIR_ONE_COLOR : 0;
    if (samples < colors || (samples > colors && !many))
        return tiff_refuse(file, number, fail,
                           "%u samples a pixel, PhotometricInterpretation %u (%s): taken %s %u%s "
                           "(--raw takes all as channels)",
                           samples, photometric, photometric_name(photometric),
                           colors == 1 ? "is" : "are", colors, many ? " and more" : "");
    page->channels = page->samples;
    page->channel_kind = samples == 1                                    ? CHANNELS_NONE
                         : colors == 3 && samples == 3                   ? CHANNELS_RGB
                         : colors == 3 && samples == 4 && is_alpha(file) ? CHANNELS_RGBA
                                                                         : CHANNELS_VECTOR;
    return true;
}

static bool is_unsigned(const struct tiff_page *page)
{
    return page->unpacked == SAMPLE_UINT8 || page->unpacked == SAMPLE_UINT16 ||
           page->unpacked == SAMPLE_UINT32 || page->unpacked == SAMPLE_UINT64;
}

static bool refuse_type(const struct tiff_file *file, uint64_t number, const struct tiff_page *page,
                        const char *what, struct fail *fail)
{
    char type[TIFF_TYPE_TEXT];
    return tiff_refuse(file, number, fail, "%s samples %s (--raw takes the numbers as they are)",
                       tiff_page_type(page, type), what);
}

/* Even steps from black to full intensity. The tolerance is for programs that leave the lower 8 of
 * the 16 bits empty or stretch the ends by a step. */
static bool is_ramp(const uint16_t *color, unsigned count)
{
    const double step = 65535.0 / (count - 1), tolerance = 2 * 257;
    for (unsigned i = 0; i < count; i++)
        if (color[i] < i * step - tolerance || color[i] > i * step + tolerance ||
            (i > 0 && color[i] < color[i - 1]))
            return false;
    return true;
}

static bool is_dark(const uint16_t *color, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (color[i] != 0)
            return false;
    return true;
}

static enum tiff_palette classify_palette(const struct tiff_file *file, unsigned count)
{
    uint16_t *colors[3];
    int ramps = 0, dark = 0;
    if (!libtiff.GetField(file->tiff, TIFFTAG_COLORMAP, &colors[0], &colors[1], &colors[2]))
        return PALETTE_COLORS;
    for (int i = 0; i < 3; i++) {
        ramps += is_ramp(colors[i], count);
        dark += is_dark(colors[i], count);
    }
    size_t size = count * sizeof *colors[0];
    bool is_gray =
        memcmp(colors[0], colors[1], size) == 0 && memcmp(colors[0], colors[2], size) == 0;
    if (ramps == 3 && is_gray)
        return PALETTE_GRAY;
    return ramps > 0 && dark > 0 && ramps + dark == 3 ? PALETTE_TINTED : PALETTE_COLORS;
}

static bool read_palette(struct tiff_file *file, uint64_t number,
                         const struct tiff_decode_options *options, struct tiff_page *page,
                         struct fail *fail)
{
    if (options->raw)
        return true;
    if (!is_unsigned(page) || page->bits > 16)
        return refuse_type(file, number, page, "are no indices of a palette", fail);
    page->palette = classify_palette(file, 1u << page->bits);
    if (page->palette == PALETTE_GRAY)
        return true;
    page->has_palette_colors = true;
    page->type = SAMPLE_UINT16;
    page->channels = 3;
    page->channel_kind = CHANNELS_RGB;
    return true;
}

void tiff_page_use_indices(struct tiff_page *page)
{
    if (!page->has_palette_colors)
        return;
    page->has_palette_colors = false;
    page->type = page->unpacked;
    page->channels = 1;
    page->channel_kind = CHANNELS_NONE;
}

static bool read_interpretation(struct tiff_file *file, uint64_t number,
                                const struct tiff_decode_options *options, struct tiff_page *page,
                                struct fail *fail)
{
    unsigned photometric = get_short(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    bool is_contiguous =
        get_short(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_CONTIG;
    bool is_jpeg = get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE) == COMPRESSION_JPEG;
    page->samples = (uint16_t)get_short(file, TIFFTAG_SAMPLESPERPIXEL, 1);
    bool needs_picture = photometric == PHOTOMETRIC_YCBCR && !(is_jpeg && is_contiguous);
    struct fail no_picture = {.text = ""};
    if (!tiff_has_tag(file, TIFFTAG_PHOTOMETRIC))
        page->repairs |= REPAIR_NO_PHOTOMETRIC;
    if (options->rgb || (needs_picture && !options->raw))
        return read_picture(file, number, page, fail);
    if (needs_picture && read_picture(file, number, page, &no_picture))
        return true;
    if (no_picture.is_system)
        return fail_pass(fail, &no_picture);
    if (photometric > PHOTOMETRIC_PALETTE && photometric != PHOTOMETRIC_YCBCR && !options->raw)
        return refuse_photometric(file, number, photometric, fail);
    if (photometric == PHOTOMETRIC_YCBCR && is_jpeg)
        libtiff.SetField(file->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    if (!read_type(file, number, options, page, fail) ||
        !read_channels(file, number, photometric, options, page, fail))
        return false;
    page->inverted = photometric == PHOTOMETRIC_MINISWHITE && !options->raw;
    if (page->inverted && !is_unsigned(page))
        return refuse_type(file, number, page, "whose white is zero have no black", fail);
    return photometric != PHOTOMETRIC_PALETTE || read_palette(file, number, options, page, fail);
}

/* ---- layout -------------------------------------------------------------------------------- */

static bool read_layout(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                        struct fail *fail)
{
    uint32_t across = 1;
    page->tiled = libtiff.IsTiled(file->tiff);
    if (page->tiled) {
        page->segment_rows = get_long(file, TIFFTAG_TILELENGTH, 0);
        page->segment_columns = get_long(file, TIFFTAG_TILEWIDTH, 0);
        page->segments = libtiff.NumberOfTiles(file->tiff);
        if (page->segment_rows == 0 || page->segment_columns == 0)
            return tiff_refuse(file, number, fail, "has tiles of zero size");
        across = (uint32_t)((page->columns - 1) / page->segment_columns + 1);
    } else {
        uint32_t rows = get_long(file, TIFFTAG_ROWSPERSTRIP, UINT32_MAX);
        page->segment_rows = rows < page->rows ? rows : page->rows;
        page->segment_columns = page->columns;
        page->segments = libtiff.NumberOfStrips(file->tiff);
        if (page->segment_rows == 0)
            return tiff_refuse(file, number, fail, "has strips of 0 rows");
    }
    unsigned samples = get_short(file, TIFFTAG_SAMPLESPERPIXEL, 1);
    bool separate = samples > 1 && get_short(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) ==
                                       PLANARCONFIG_SEPARATE;
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
    bool is_partial = samples > 1 && get_short(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) ==
                                         PLANARCONFIG_CONTIG;
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
    unsigned scheme = get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    page->compressed = scheme != COMPRESSION_NONE ||
                       get_short(file, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) != FILLORDER_MSB2LSB;
    const TIFFCodec *codec = libtiff.FindCODEC((uint16_t)scheme);
    if (!codec || !libtiff.IsCODECConfigured((uint16_t)scheme))
        return tiff_refuse(file, number, fail,
                           "Compression %u (%s) is none that this system's libtiff decodes", scheme,
                           codec ? codec->name : "unknown");
    unsigned bits = get_short(file, TIFFTAG_BITSPERSAMPLE, 1);
    unsigned samples = get_short(file, TIFFTAG_SAMPLESPERPIXEL, 1);
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
    unsigned scheme = get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
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
    uint64_t found =
        page->tiled ? libtiff.TileSize64(file->tiff) : libtiff.ScanlineSize64(file->tiff);
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
        page->tiled ? "tile" : "strip", segment, libtiff.GetStrileByteCount(file->tiff, index),
        libtiff.GetStrileOffset(file->tiff, index), what);
}

/* Bytes that an uncompressed segment must have. */
static uint64_t bytes_needed(const struct tiff_file *file, const struct tiff_page *page,
                             uint64_t segment)
{
    if (page->storage != STORED_PICTURE)
        return tiff_segment_bytes(page, segment);
    uint32_t rows = (uint32_t)strip_rows(page, segment);
    return page->tiled ? libtiff.TileSize64(file->tiff) : libtiff.VStripSize64(file->tiff, rows);
}

/* Checks that all segments lie inside the file and, if they are not compressed, that they are long
 * enough and do not overlap. Sets data_offset. */
static bool read_segments(struct tiff_file *file, uint64_t number,
                          const struct tiff_decode_options *options, struct tiff_page *page,
                          struct fail *fail)
{
    uint64_t count =
        page->tiled ? libtiff.NumberOfTiles(file->tiff) : libtiff.NumberOfStrips(file->tiff);
    uint64_t stored = 0, end = libtiff.GetStrileOffset(file->tiff, 0);
    bool raw = !page->compressed, is_contiguous = raw && !page->tiled && end > 0;
    for (uint64_t segment = 0; segment < count; segment++) {
        uint64_t offset = libtiff.GetStrileOffset(file->tiff, (uint32_t)segment);
        uint64_t bytes = libtiff.GetStrileByteCount(file->tiff, (uint32_t)segment);
        uint64_t samples = bytes_needed(file, page, segment), needed = raw ? samples : bytes;
        uint64_t next =
            segment + 1 < count ? libtiff.GetStrileOffset(file->tiff, (uint32_t)segment + 1) : 0;
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
        is_contiguous && as_delivered && !page->sparse ? libtiff.GetStrileOffset(file->tiff, 0) : 0;
    return check_claims(file, number, options, page, stored, fail);
}

bool tiff_page_fits(const struct tiff_page *page)
{
    /* 16 is more than any sample's bytes, stored or unpacked. */
    uint64_t channels = page->samples > page->channels ? page->samples : page->channels;
    const struct volume shape = {.size = {1, page->rows, page->columns}, .channels = channels * 16};
    const struct volume segments = {
        .size = {page->segments_across, page->segment_rows, page->segment_columns},
        .channels = channels * 16};
    return volume_fits(&shape) && volume_fits(&segments);
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
        !read_interpretation(file, number, options, page, fail) ||
        !read_layout(file, number, page, fail))
        return false;
    if (!tiff_page_fits(page))
        return tiff_refuse(file, number, fail,
                           "is %" PRIu64 " rows x %" PRIu64 " columns, too large for a volume",
                           page->rows, page->columns);
    return read_segments(file, number, options, page, fail);
}
