#include "format/tiff/decode/interpretation.h"

#include <string.h>

#include "format/tiff/decode/handle.h"
#include "format/tiff/decode/tags.h"

/* ---- numbers --------------------------------------------------------------------------------- */

/* For --raw: numbers that tiff_page_find_type() does not know, as unsigned integers of that depth,
 * and complex ones as two samples. */
static bool find_raw_type(const struct tiff_file *file, unsigned bits, unsigned format,
                          struct tiff_page *page)
{
    bool is_complex = format == SAMPLEFORMAT_COMPLEXINT || format == SAMPLEFORMAT_COMPLEXIEEEFP;
    bool is_pixel_by_pixel =
        tiff_get_short(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_CONTIG;
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
    unsigned bits = tiff_get_short(file, TIFFTAG_BITSPERSAMPLE, 1);
    unsigned format = tiff_get_short(file, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
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

/* ---- channels -------------------------------------------------------------------------------- */

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
    if (!TIFFRGBAImageOK(file->tiff, why) || !TIFFRGBAImageBegin(&image, file->tiff, 1, why))
        return tiff_refuse(file, number, fail,
                           "PhotometricInterpretation %u (%s), which libtiff makes no picture of: "
                           "%.400s (--raw takes the samples as they are stored)",
                           tiff_get_short(file, TIFFTAG_PHOTOMETRIC, 0),
                           photometric_name(tiff_get_short(file, TIFFTAG_PHOTOMETRIC, 0)), why);
    TIFFRGBAImageEnd(&image);
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
    TIFFGetField(file->tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds);
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

/* ---- palettes -------------------------------------------------------------------------------- */

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
    if (!TIFFGetField(file->tiff, TIFFTAG_COLORMAP, &colors[0], &colors[1], &colors[2]))
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
        return refuse_type(file, number, page, "are not indices of a palette", fail);
    page->palette = classify_palette(file, 1u << page->bits);
    if (page->palette == PALETTE_GRAY)
        return true;
    page->has_palette_colors = true;
    page->type = SAMPLE_UINT16;
    page->channels = 3;
    page->channel_kind = CHANNELS_RGB;
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------- */

bool tiff_page_read_interpretation(struct tiff_file *file, uint64_t number,
                                   const struct tiff_decode_options *options,
                                   struct tiff_page *page, struct fail *fail)
{
    unsigned photometric = tiff_get_short(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    bool is_contiguous =
        tiff_get_short(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_CONTIG;
    bool is_jpeg = tiff_get_short(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE) == COMPRESSION_JPEG;
    page->samples = (uint16_t)tiff_get_short(file, TIFFTAG_SAMPLESPERPIXEL, 1);
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
        TIFFSetField(file->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    if (!read_type(file, number, options, page, fail) ||
        !read_channels(file, number, photometric, options, page, fail))
        return false;
    page->inverted = photometric == PHOTOMETRIC_MINISWHITE && !options->raw;
    if (page->inverted && !is_unsigned(page))
        return refuse_type(file, number, page, "whose white is zero have no black", fail);
    return photometric != PHOTOMETRIC_PALETTE || read_palette(file, number, options, page, fail);
}
