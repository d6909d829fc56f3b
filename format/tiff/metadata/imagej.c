#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/number.h"
#include "format/tiff/metadata/dialects.h"

/* ImageJ's description has a line "key=value" for each fact:
 * https://github.com/imagej/ImageJ ij/io/FileSaver.java, getDescriptionString() */
struct imagej {
    uint64_t images, channels, slices, frames; /* 0: not stated */
    double spacing;
    char unit[AXES][UNIT_SIZE * 2];
    char c0[24], c1[24], function[24];
};

/* Decodes ImageJ's escapes ("\u00B5m") to UTF-8. Latin-1 is left to unit_normalize(). */
static void decode_segment(char *to, size_t size, const char *from)
{
    size_t length = 0;
    while (isspace((unsigned char)*from))
        from++;
    while (*from != '\0' && length + 3 < size) {
        char *end = NULL;
        char digits[5] = "";
        if (from[0] == '\\' && from[1] == 'u')
            snprintf(digits, sizeof digits, "%.4s", from + 2);
        unsigned long code = strtoul(digits, &end, 16);
        if (end == digits + 4 && code >= 0x80 && code < 0x800) {
            to[length++] = (char)(0xc0 | code >> 6);
            to[length++] = (char)(0x80 | (code & 0x3f));
            from += 6;
        } else {
            to[length++] = *from++;
        }
    }
    while (length > 0 && isspace((unsigned char)to[length - 1]))
        length--;
    to[length] = '\0';
}

static bool read_count(const struct tiff_file *file, const char *key, const char *value,
                       uint64_t *count, struct fail *fail)
{
    if (number_count(value, count) && *count > 0 && *count <= INT32_MAX)
        return true;
    return fail_set(fail, "%s: its ImageJ description has \"%s=%.40s\", expected a whole number",
                    file->name, key, value);
}

static bool read_line(const struct tiff_file *file, const char *key, const char *value,
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
            decode_segment(units[i].text, sizeof imagej->unit[0], value);
    for (size_t i = 0; i < 3; i++)
        if (strcmp(key, words[i].key) == 0)
            snprintf(words[i].text, sizeof imagej->c0, "%s", value);
    if (strcmp(key, "spacing") == 0 && !number_real(value, &imagej->spacing))
        imagej->spacing = 0;
    return true;
}

static bool read_lines(const struct tiff_file *file, char *text, struct imagej *imagej,
                       struct fail *fail)
{
    for (char *line = text, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        line[strcspn(line, "\r")] = '\0';
        char *value = strchr(line, '=');
        if (!value)
            continue;
        *value++ = '\0';
        if (!read_line(file, line, value, imagej, fail))
            return false;
    }
    return true;
}

static bool is_unit(const char *unit)
{
    return unit[0] != '\0' && strcmp(unit, "pixel") != 0 && strcmp(unit, "pixels") != 0;
}

/* Inches and centimetres are stated by a tag. */
static unsigned unit_of_tag(const struct tiff_file *file)
{
    uint16_t unit = RESUNIT_NONE;
    TIFFGetField(file->tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
    return unit;
}

/* ImageJ's resolution is in pixels per unit. Without a unit, 1 and 72 per inch are what programs
 * write that know no resolution. */
static bool read_step(const struct tiff_file *file, unsigned tag, bool has_unit, double *step,
                      struct fail *fail)
{
    double resolution = NAN;
    bool inch = unit_of_tag(file) == RESUNIT_INCH;
    if (tiff_tag_rational(file, tag, &resolution, fail) == OUTCOME_FAILED)
        return false;
    bool is_unknown = !(resolution > 0) || isinf(resolution) ||
                      (!has_unit && (resolution == 1 || (inch && resolution == 72)));
    *step = is_unknown ? NAN : 1 / resolution;
    return true;
}

static bool set_spacing(const struct tiff_file *file, const struct imagej *imagej,
                        struct tiff_series *series, struct fail *fail)
{
    static const char *const names[] = {[RESUNIT_INCH] = "inch", [RESUNIT_CENTIMETER] = "cm"};
    static const char *const sources[AXES] = {"ImageJ spacing=", "YResolution", "XResolution"};
    bool has_unit = is_unit(imagej->unit[AXIS_COLUMN]);
    unsigned by_tag = unit_of_tag(file);
    const char *unit = has_unit ? imagej->unit[AXIS_COLUMN]
                       : by_tag == RESUNIT_INCH || by_tag == RESUNIT_CENTIMETER ? names[by_tag]
                                                                                : "";
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        unit_normalize(series->unit[a], is_unit(imagej->unit[a]) ? imagej->unit[a] : unit);
        snprintf(series->source[a], sizeof series->source[a], "%s%s", sources[a],
                 a == AXIS_PLANE ? ""
                 : has_unit      ? " and ImageJ unit="
                 : unit[0]       ? " and ResolutionUnit"
                                 : "");
    }
    /* Like ImageJ, ignore the sign: some programs write negative steps for downward stacks. */
    series->spacing[AXIS_PLANE] = imagej->spacing != 0 ? fabs(imagej->spacing) : NAN;
    return read_step(file, TIFFTAG_XRESOLUTION, has_unit, &series->spacing[AXIS_COLUMN], fail) &&
           read_step(file, TIFFTAG_YRESOLUTION, has_unit, &series->spacing[AXIS_ROW], fail);
}

/* ImageJ omits "slices" if it is 1 or if there is no other axis. */
static bool set_counts(const struct tiff_file *file, struct imagej *imagej,
                       struct tiff_metadata *metadata, struct fail *fail)
{
    uint64_t channels = imagej->channels ? imagej->channels : 1;
    uint64_t frames = imagej->frames ? imagej->frames : 1, others = channels * frames;
    uint64_t images = imagej->images ? imagej->images : 1;
    if (others > INT32_MAX)
        return fail_set(fail, "%s: its ImageJ description has channels=%" PRIu64 " frames=%" PRIu64,
                        file->name, channels, frames);
    uint64_t slices = imagej->slices ? imagej->slices : others == 1 ? images : 1;
    bool agrees = images / slices == others && images % slices == 0;
    if (imagej->images > 0 && !agrees)
        return fail_set(fail,
                        "%s: its ImageJ description has images=%" PRIu64 " but channels=%" PRIu64
                        " slices=%" PRIu64 " frames=%" PRIu64 "; --plain takes each page as a "
                        "plane",
                        file->name, images, channels, slices, frames);
    bool is_stated = imagej->images > 0 || others > 1 || slices > 1;
    metadata->images = is_stated ? others * slices : 0;
    struct tiff_series *series = metadata->series;
    series->count[PAGE_CHANNEL] = channels;
    series->count[PAGE_PLANE] = metadata->images > 1 ? slices : 0;
    series->count[PAGE_FRAME] = frames;
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

bool imagej_read(const struct tiff_file *file, char *text, struct tiff_metadata *metadata,
                 struct fail *fail)
{
    struct imagej imagej = {.spacing = 0};
    metadata->dialect = "ImageJ";
    metadata->is_imagej = true;
    if (!read_lines(file, text, &imagej, fail) || !set_counts(file, &imagej, metadata, fail))
        return false;
    set_calibration(&imagej, &metadata->calibration);
    return set_spacing(file, &imagej, metadata->series, fail);
}
