#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/number.h"
#include "common/volume/unit.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"
#include "format/tiff/metadata/places.h"
#include "format/tiff/metadata/properties.h"

/* ImageJ's description is a Java Properties text: https://github.com/imagej/ImageJ
 * ij/io/FileSaver.java, getDescriptionString(), and ij/io/FileOpener.java,
 * decodeDescriptionString(). */
struct imagej {
    uint64_t images, channels, slices, frames; /* 0: not stated */
    double spacing, window[2];
    char unit[AXES][UNIT_SIZE];
    char c0[24], c1[24], function[24];
    bool is_zct; /* order=zct: pages are planes, then channels */
};

bool imagej_is_text(const char *text)
{
    struct property property;
    return strncmp(text, "ImageJ", 6) == 0 && property_next(&text, &property) &&
           strcmp(property.key, "ImageJ") == 0 &&
           (property.has_separator || property.value[0] == '\0');
}

/* ImageJ writes counts as whole numbers, other programs as doubles too. */
static bool read_count(const struct tiff_file *file, const char *key, const char *value,
                       uint64_t *count, struct fail *fail)
{
    double number;
    if (number_real(value, &number) && number >= 1 && number <= INT32_MAX &&
        number - floor(number) <= 0) {
        *count = (uint64_t)number;
        return true;
    }
    return fail_set(fail,
                    "%s: its ImageJ description has \"%s=%.40s\", expected a whole number; --plain "
                    "takes each page as a plane",
                    file->name, key, value);
}

static bool read_property(const struct tiff_file *file, const char *key, const char *value,
                          struct imagej *imagej, struct fail *fail)
{
    const struct {
        const char *key;
        uint64_t *count;
    } counts[] = {{"images", &imagej->images},
                  {"channels", &imagej->channels},
                  {"slices", &imagej->slices},
                  {"frames", &imagej->frames}};
    const struct {
        const char *key;
        char *text;
    } units[] = {{"unit", imagej->unit[AXIS_COLUMN]},
                 {"yunit", imagej->unit[AXIS_ROW]},
                 {"zunit", imagej->unit[AXIS_PLANE]}};
    const struct {
        const char *key;
        char *text;
    } words[] = {{"cf", imagej->function}, {"c0", imagej->c0}, {"c1", imagej->c1}};
    for (size_t i = 0; i < 4; i++)
        if (strcmp(key, counts[i].key) == 0)
            return read_count(file, key, value, counts[i].count, fail);
    for (size_t i = 0; i < 3; i++)
        if (strcmp(key, units[i].key) == 0)
            unit_normalize(units[i].text, value);
    for (size_t i = 0; i < 3; i++)
        if (strcmp(key, words[i].key) == 0)
            snprintf(words[i].text, sizeof imagej->c0, "%.23s", value);
    if (strcmp(key, "order") == 0)
        imagej->is_zct = strncmp(value, "zct", 3) == 0;
    const struct {
        const char *key;
        double *number;
    } numbers[] = {
        {"spacing", &imagej->spacing}, {"min", &imagej->window[0]}, {"max", &imagej->window[1]}};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(key, numbers[i].key) == 0 && !number_real(value, numbers[i].number))
            *numbers[i].number = 0;
    return true;
}

static bool read_properties(const struct tiff_file *file, const char *text, struct imagej *imagej,
                            struct fail *fail)
{
    struct property property;
    while (property_next(&text, &property))
        if (!read_property(file, property.key, property.value, imagej, fail))
            return false;
    return true;
}

static bool is_unit(const char *unit)
{
    return unit[0] != '\0' && !unit_is_pixel(unit);
}

/* Inches and centimetres are stated by a tag. */
static uint64_t unit_of_tag(const struct tiff_file *file)
{
    struct fail ignored = {.text = ""};
    uint64_t unit;
    bool ok = tiff_tag_number(file, TIFFTAG_RESOLUTIONUNIT, &unit, &ignored) == OUTCOME_DONE;
    return ok ? unit : RESUNIT_NONE;
}

/* ImageJ's resolution is in pixels per unit; only where the unit is um and ResolutionUnit says cm
 * is it in pixels per cm (decodeDescriptionString()). Without a unit it is that of the tags alone,
 * and 1 and 72 per inch are what programs write that know no resolution. */
static bool read_step(const struct tiff_file *file, unsigned tag, const char *unit, double *step,
                      struct fail *fail)
{
    double resolution = NAN;
    uint64_t by_tag = unit_of_tag(file);
    if (tiff_tag_rational(file, tag, &resolution, fail) == OUTCOME_FAILED)
        return false;
    bool is_unknown =
        !(resolution > 0) || isinf(resolution) ||
        (!is_unit(unit) && (resolution == 1 || (by_tag == RESUNIT_INCH && resolution == 72)));
    double factor = by_tag == RESUNIT_CENTIMETER && strcmp(unit, "um") == 0 ? 1e4 : 1;
    *step = is_unknown ? NAN : factor / resolution;
    return true;
}

/* The step of planes has the description's unit or none. */
static bool set_spacing(const struct tiff_file *file, const struct imagej *imagej,
                        struct tiff_series *series, struct fail *fail)
{
    static const char *const names[] = {[RESUNIT_INCH] = "inch", [RESUNIT_CENTIMETER] = "cm"};
    static const char *const sources[AXES] = {"ImageJ spacing=", "YResolution", "XResolution"};
    const char *common = imagej->unit[AXIS_COLUMN];
    uint64_t by_tag = unit_of_tag(file);
    bool by_name = is_unit(common);
    bool has_tag = by_tag == RESUNIT_INCH || by_tag == RESUNIT_CENTIMETER;
    /* Like ImageJ, ignore the sign: some programs write negative steps for downward stacks. */
    double step[AXES] = {imagej->spacing != 0 ? fabs(imagej->spacing) : NAN};
    if (!read_step(file, TIFFTAG_YRESOLUTION, common, &step[AXIS_ROW], fail) ||
        !read_step(file, TIFFTAG_XRESOLUTION, common, &step[AXIS_COLUMN], fail))
        return false;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        bool by_tags = a != AXIS_PLANE && !by_name && has_tag;
        char source[48];
        snprintf(source, sizeof source, "%s%s", sources[a],
                 a == AXIS_PLANE ? ""
                 : by_name       ? " and ImageJ unit="
                 : by_tags       ? " and ResolutionUnit"
                                 : "");
        tiff_series_set_spacing(series, a, step[a],
                                is_unit(imagej->unit[a]) ? imagej->unit[a]
                                : by_name                ? common
                                : by_tags                ? names[by_tag]
                                                         : "",
                                source);
    }
    return true;
}

/* ImageJ omits "slices" if it is 1 or if there is no other axis. */
static bool counts_agree(struct imagej *imagej, uint64_t channels, uint64_t *slices)
{
    uint64_t images = imagej->images, others = channels * imagej->frames;
    *slices = imagej->slices ? imagej->slices : others == 1 && images > 0 ? images : 1;
    return images == 0 || (images / *slices == others && images % *slices == 0);
}

/* The channels may be those of a pixel, beside a count of pages. */
static bool set_counts(const struct tiff_file *file, struct imagej *imagej,
                       struct tiff_metadata *metadata, struct fail *fail)
{
    uint64_t channels = imagej->channels ? imagej->channels : 1, samples, slices;
    if (!tiff_tag_count(file, TIFFTAG_SAMPLESPERPIXEL, 1, &samples, fail))
        return false;
    imagej->frames = imagej->frames ? imagej->frames : 1;
    if (channels * imagej->frames > INT32_MAX)
        return fail_set(fail,
                        "%s: its ImageJ description has channels=%" PRIu64 " frames=%" PRIu64
                        "; --plain takes each page as a plane",
                        file->name, channels, imagej->frames);
    bool agrees = counts_agree(imagej, channels, &slices);
    if (!agrees && samples > 1 && channels % samples == 0) {
        channels /= samples;
        agrees = counts_agree(imagej, channels, &slices);
    }
    if (!agrees)
        return fail_set(fail,
                        "%s: its ImageJ description has images=%" PRIu64 " but channels=%" PRIu64
                        " slices=%" PRIu64 " frames=%" PRIu64 "; --plain takes each page as a "
                        "plane",
                        file->name, imagej->images, imagej->channels ? imagej->channels : 1, slices,
                        imagej->frames);
    uint64_t others = channels * imagej->frames;
    bool is_stated = imagej->images > 0 || others > 1 || slices > 1;
    metadata->images = is_stated ? others * slices : 0;
    struct tiff_series *series = metadata->series;
    series->count[PAGE_CHANNEL] = channels;
    series->count[PAGE_PLANE] = slices;
    series->count[PAGE_FRAME] = imagej->frames;
    return true;
}

/* ---- order=zct ----------------------------------------------------------------------------- */

/* Where the samples of a page begin, as ImageJ sees it. */
static bool find_offset(const struct tiff_file *file, uint64_t *offset)
{
    uint64_t count = tiff_tag_length(file, TIFFTAG_STRIPOFFSETS), last;
    if (count == 0 || !tiff_tag_first_number(file, TIFFTAG_STRIPOFFSETS, offset))
        return false;
    if (count > 1 && tiff_tag_numbers(file, TIFFTAG_STRIPOFFSETS, count - 1, 1, &last) &&
        last < *offset)
        *offset = last;
    return true;
}

struct run {
    uint64_t first, size, pages;
    bool is_broken;
};

static bool follow_run(const struct tiff_file *file, uint64_t page, void *state, struct fail *fail)
{
    struct run *run = state;
    uint64_t offset;
    (void)fail;
    if (!find_offset(file, &offset))
        run->is_broken = true;
    else if (page == 0)
        run->first = offset;
    else
        run->is_broken |= offset != run->first + page * run->size;
    run->pages = page + 1;
    return true;
}

static uint64_t tag_or(const struct tiff_file *file, unsigned tag, uint64_t fallback)
{
    uint64_t number;
    return tiff_tag_first_number(file, tag, &number) ? number : fallback;
}

/* ImageJ takes pages for one run of samples, and ignores all orders, where the description counts
 * images that are not compressed (unless nothing follows "ImageJ=", or there is an Orientation), or
 * where they lie like that. Only pages that it reads one by one does it put in order=zct:
 * ij/io/TiffDecoder.java, saveImageDescription(); ij/io/Opener.java, openTiffStack(). */
static bool heeds_order(struct tiff_file *file, const char *text, const struct imagej *imagej,
                        bool *heeds, struct fail *fail)
{
    bool is_stored = tag_or(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE) <= COMPRESSION_NONE;
    bool is_counted = imagej->images > 1 && strlen(text) > 7 && text[7] != '\n';
    *heeds = false;
    if (!imagej->is_zct || (is_counted && is_stored && !tiff_has_tag(file, TIFFTAG_ORIENTATION)))
        return true;
    struct run run = {.size = tag_or(file, TIFFTAG_IMAGEWIDTH, 0) *
                              tag_or(file, TIFFTAG_IMAGELENGTH, 0) *
                              tag_or(file, TIFFTAG_SAMPLESPERPIXEL, 1) *
                              ((tag_or(file, TIFFTAG_BITSPERSAMPLE, 1) + 7) / 8)};
    if (!tiff_for_each_page(file, follow_run, &run, fail))
        return false;
    *heeds = run.pages > 1 && run.is_broken;
    return true;
}

/* Codes of functions: ij/measure/Calibration.java. */
static void set_calibration(const struct imagej *imagej, struct tiff_calibration *calibration)
{
    enum { STRAIGHT_LINE = 0, NONE = 20 };
    uint64_t function;
    bool is_known = number_count(imagej->function, &function);
    if (imagej->function[0] == '\0' || (is_known && function == NONE))
        return;
    calibration->is_present = true;
    snprintf(calibration->text, sizeof calibration->text, "cf=%s c0=%s c1=%s", imagej->function,
             imagej->c0, imagej->c1);
    calibration->is_linear = is_known && function == STRAIGHT_LINE &&
                             number_real(imagej->c0, &calibration->offset) &&
                             number_real(imagej->c1, &calibration->factor);
    calibration->makes_signed =
        calibration->is_linear && calibration->offset == -32768 && calibration->factor == 1;
}

/* ---- colours and windows of channels
 * ------------------------------------------------------------------- */

/* Two private tags: the sizes of parts, and the parts. The first part says of what kinds the others
 * are and how many of each. A table of colours is 256 bytes of red, green and blue each, windows
 * are two doubles for each channel: ij/io/TiffDecoder.java, getMetaData(). */
enum { MAX_KINDS = 16, TABLE_SIZE = 768 };
#define KIND(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

struct parts {
    const struct tiff_file *file;
    uint64_t count, sizes_at, at; /* how many; where their sizes are, and where the next one is */
    uint64_t next;                /* number of the next one */
};

static bool read_word(const struct tiff_file *file, uint64_t offset, uint64_t *word)
{
    unsigned char bytes[4];
    struct fail ignored = {.text = ""};
    if (!tiff_file_read(file, offset, bytes, sizeof bytes, &ignored))
        return false;
    *word = tiff_parse_number(file, bytes, sizeof bytes);
    return true;
}

/* Moves on by one part, of which *at and *size become place and size. */
static bool next_part(struct parts *parts, uint64_t *at, uint64_t *size)
{
    if (parts->next >= parts->count ||
        !read_word(parts->file, parts->sizes_at + 4 * parts->next, size) ||
        *size > parts->file->size)
        return false;
    *at = parts->at;
    parts->at += *size;
    parts->next++;
    return true;
}

/* The brightest colour of a table that goes from black to it in a line; 0: it is another one. */
static uint32_t colour_of(const unsigned char table[TABLE_SIZE])
{
    uint32_t colour = 0;
    for (size_t part = 0; part < 3; part++) {
        const unsigned char *levels = table + 256 * part;
        for (int i = 0; i < 256; i++)
            if (abs(levels[i] * 255 - levels[255] * i) > 2 * 255)
                return 0;
        colour = colour << 8 | levels[255];
    }
    return colour;
}

static void read_colours(const struct tiff_file *file, uint64_t at, uint64_t size, uint64_t channel,
                         struct tiff_series *series)
{
    unsigned char table[TABLE_SIZE];
    struct fail ignored = {.text = ""};
    if (channel < TIFF_MAX_COLOURS && size == TABLE_SIZE &&
        tiff_file_read(file, at, table, sizeof table, &ignored))
        series->channel_colours[channel] = colour_of(table);
}

static void read_windows(const struct tiff_file *file, uint64_t at, uint64_t size,
                         struct tiff_series *series)
{
    double *windows = series->channel_windows[0];
    for (uint64_t i = 0; i < size / 8 && i < 2 * TIFF_MAX_COLOURS; i++) {
        unsigned char bytes[8];
        struct fail ignored = {.text = ""};
        if (!tiff_file_read(file, at + 8 * i, bytes, sizeof bytes, &ignored))
            return;
        uint64_t bits = tiff_parse_number(file, bytes, sizeof bytes);
        memcpy(&windows[i], &bits, sizeof bits);
    }
}

/* The text for users may be what Micro-Manager said of a page, in JSON. */
static void read_info(const struct tiff_file *file, uint64_t at, uint64_t size,
                      struct tiff_series *series)
{
    enum { MAX_INFO = 1 << 17 };
    size_t used = size < MAX_INFO ? size : MAX_INFO, count = used / 2;
    struct fail ignored = {.text = ""};
    uint64_t rows = tag_or(file, TIFFTAG_IMAGELENGTH, 0);
    uint64_t columns = tag_or(file, TIFFTAG_IMAGEWIDTH, 0);
    unsigned char *bytes = malloc(used + 1);
    if (bytes && tiff_file_read(file, at, bytes, used, &ignored)) {
        char *text = (char *)bytes;
        for (size_t i = 0; i < count; i++) {
            uint64_t unit = tiff_parse_number(file, bytes + 2 * i, 2);
            text[i] = unit > 0 && unit < 0x80 ? (char)unit : '?';
        }
        text[count] = '\0';
        micromanager_read_steps(text, rows, columns, series);
    }
    free(bytes);
}

/* Reads `count` parts of one kind. */
static bool read_parts(struct parts *parts, uint64_t kind, uint64_t count,
                       struct tiff_series *series)
{
    for (uint64_t i = 0, at, size; i < count; i++) {
        if (!next_part(parts, &at, &size))
            return false;
        if (kind == KIND('l', 'u', 't', 's'))
            read_colours(parts->file, at, size, i, series);
        if (kind == KIND('i', 'n', 'f', 'o') && i == 0)
            read_info(parts->file, at, size, series);
        if (kind == KIND('r', 'a', 'n', 'g') && i == 0)
            read_windows(parts->file, at, size, series);
    }
    return true;
}

/* What can't be read leaves channels without colours and windows. */
static void read_private_tags(const struct tiff_file *file, struct tiff_series *series)
{
    struct fail ignored = {.text = ""};
    struct parts parts = {.file = file};
    uint64_t bytes, at, size, magic, kind, count;
    if (tiff_tag_location(file, TAG_IMAGEJ_SIZES, &parts.count, &parts.sizes_at, &ignored) !=
            OUTCOME_DONE ||
        tiff_tag_location(file, TAG_IMAGEJ_PARTS, &bytes, &parts.at, &ignored) != OUTCOME_DONE ||
        !next_part(&parts, &at, &size) || !read_word(file, at, &magic) ||
        magic != KIND('I', 'J', 'I', 'J'))
        return;
    for (uint64_t i = 0; i < MAX_KINDS && 4 + 8 * (i + 1) <= size; i++)
        if (!read_word(file, at + 4 + 8 * i, &kind) || !read_word(file, at + 8 + 8 * i, &count) ||
            !read_parts(&parts, kind, count, series))
            return;
}

bool imagej_read(struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                 struct fail *fail)
{
    struct imagej imagej = {.spacing = 0};
    metadata->dialect = "ImageJ";
    metadata->is_imagej = true;
    bool heeds;
    if (!read_properties(file, text, &imagej, fail) || !set_counts(file, &imagej, metadata, fail) ||
        !heeds_order(file, text, &imagej, &heeds, fail))
        return false;
    static const enum page_axis zct[PAGE_AXES] = {PAGE_PLANE, PAGE_CHANNEL, PAGE_FRAME};
    if (heeds)
        memcpy(metadata->series->order, zct, sizeof zct);
    set_calibration(&imagej, &metadata->calibration);
    if (metadata->series->count[PAGE_CHANNEL] == 1) /* else it is that of the one shown last */
        memcpy(metadata->series->channel_windows[0], imagej.window, sizeof imagej.window);
    if (!set_spacing(file, &imagej, metadata->series, fail))
        return false;
    read_private_tags(file, metadata->series);
    return true;
}

/* ---- NIH Image ----------------------------------------------------------------------------- */

/* ImageJ's predecessor writes a header of its own, always in the byte order of a Macintosh; the
 * samples of all planes follow those that the directory describes. Layout:
 * ij/io/TiffDecoder.java, decodeNIHImageHeader(). */
enum { NIH_TAG = 43314, NIH_SIZE = 276 };

static unsigned number_16(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

static uint64_t bits_of(const unsigned char *bytes, size_t size)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < size; i++)
        bits = bits << 8 | bytes[i];
    return bits;
}

static double number_double(const unsigned char *bytes)
{
    uint64_t bits = bits_of(bytes, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double number_float(const unsigned char *bytes)
{
    uint32_t bits = (uint32_t)bits_of(bytes, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

/* Pixels per unit, and the aspect ratio of a pixel. */
static void set_nih_spacing(const unsigned char *bytes, struct tiff_series *series)
{
    static const char *const units[] = {"nm", "um", "mm", "cm", "m", "km", "inch", "ft"};
    unsigned version = number_16(bytes + 12), code = number_16(bytes + 172);
    code += version <= 153 ? 5 : 0;
    const char *unit = code >= 5 && code < 13 ? units[code - 5] : "";
    double scale = number_double(bytes + 160), aspect = number_float(bytes + 272);
    double depth = number_float(bytes + 262);
    if (version <= 106 || unit[0] == '\0')
        return;
    if (scale > 0 && scale < 1e12) {
        double ratio = version > 140 && aspect > 1e-6 && aspect < 1e6 ? aspect : 1;
        tiff_series_set_spacing(series, AXIS_COLUMN, 1 / scale, unit, "NIH Image scale");
        tiff_series_set_spacing(series, AXIS_ROW, 1 / scale / ratio, unit, "NIH Image scale");
    }
    if (depth > 0 && depth < 1e12)
        tiff_series_set_spacing(series, AXIS_PLANE, depth, unit, "NIH Image slice spacing");
}

bool nih_read(const struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail)
{
    unsigned char bytes[NIH_SIZE];
    uint64_t count, offset;
    struct tiff_series *series = metadata->series;
    enum outcome outcome = tiff_tag_location(file, NIH_TAG, &count, &offset, fail);
    if (outcome != OUTCOME_DONE || count < NIH_SIZE / 2) /* another program's use of the tag */
        return outcome != OUTCOME_FAILED;
    metadata->dialect = "NIH Image";
    if (!tiff_file_read(file, offset, bytes, sizeof bytes, fail))
        return false;
    unsigned planes = number_16(bytes + 260);
    if (planes > 1 && planes <= INT16_MAX) {
        metadata->images = planes;
        series->count[PAGE_PLANE] = planes;
    }
    set_nih_spacing(bytes, series);
    return true;
}
