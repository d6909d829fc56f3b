#include "format/tiff_about.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/number.h"

#define TEXT_SIZE                                                                                  \
    16384 /* of a description: ImageJ's are below 1 KiB, others show what they are                 \
           */
#define WAY_OUT "--plain takes each page as a plane"

void tiff_about_nothing(struct tiff_about *about)
{
    *about = (struct tiff_about){.channels = 1, .depth = 1, .frames = 1};
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        about->spacing[a] = NAN;
}

/* ---- what we can't tell -------------------------------------------------------------------- */

static bool refuse_foreign(const struct tiff_file *file, const char *text, struct fail *fail)
{
    static const struct {
        unsigned tag;
        const char *name;
    } tags[] = {
        {34412, "Zeiss LSM"},        {33628, "MetaMorph STK"},  {33629, "MetaMorph STK"},
        {34361, "Olympus FluoView"}, {65420, "Hamamatsu NDPI"},
    };
    static const struct {
        const char *mark, *name;
        bool at_start;
    } marks[] = {
        {"<OME", "OME-TIFF", false},   {"SI.", "ScanImage", true},
        {"state.", "ScanImage", true}, {"scanimage.", "ScanImage", true},
        {"SCIFIO=", "SCIFIO", true},
    };
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tiff_has(file, tags[i].tag))
            return fail_set(fail,
                            "%s: is a %s file (tag %u): how it orders planes and channels is not "
                            "read; " WAY_OUT,
                            file->name, tags[i].name, tags[i].tag);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *found = strstr(text, marks[i].mark);
        if (found && (found == text || !marks[i].at_start))
            return fail_set(fail,
                            "%s: is an %s file: how its description orders planes, channels and "
                            "times is not read; " WAY_OUT,
                            file->name, marks[i].name);
    }
    return true;
}

/* ---- ImageJ -------------------------------------------------------------------------------- */

/* ImageJ writes a line "key=value" for each thing it knows:
 * https://github.com/imagej/ImageJ ij/io/FileSaver.java, getDescriptionString() */
struct imagej {
    double spacing;
    char unit[AXES][UNIT_SIZE * 2];
    bool calibrated;
    char c0[24], c1[24], function[24];
};

/* Unit as UTF-8 where ImageJ escaped it: "\u00B5m". Latin-1 is left to unit_normalize(). */
static void decode_unit(char *to, size_t size, const char *from)
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
                      struct imagej *imagej, struct tiff_about *about, struct fail *fail)
{
    const struct {
        const char *key;
        uint64_t *count;
    } counts[] = {{"images", &about->planes},
                  {"channels", &about->channels},
                  {"slices", &about->depth},
                  {"frames", &about->frames}};
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
            decode_unit(units[i].text, sizeof imagej->unit[0], value);
    for (size_t i = 0; i < 3; i++)
        if (strcmp(key, words[i].key) == 0)
            snprintf(words[i].text, sizeof imagej->c0, "%s", value);
    if (strcmp(key, "spacing") == 0)
        number_real(value, &imagej->spacing);
    return true;
}

static bool read_lines(const struct tiff_file *file, char *text, struct imagej *imagej,
                       struct tiff_about *about, struct fail *fail)
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
        if (!read_line(file, line, value, imagej, about, fail))
            return false;
    }
    return true;
}

static bool is_unit(const char *unit)
{
    return unit[0] != '\0' && strcmp(unit, "pixel") != 0 && strcmp(unit, "pixels") != 0;
}

/* Inches and centimetres have a tag of their own. */
static unsigned unit_of_tag(const struct tiff_file *file)
{
    uint16_t unit = RESUNIT_NONE;
    TIFFGetField(file->tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
    return unit;
}

/* ImageJ's resolution is in pixels a unit. Without a unit, 1 and 72 to the inch are what programs
 * write that know of none. */
static double step_of(const struct tiff_file *file, unsigned tag, bool has_unit)
{
    double resolution;
    bool inch = unit_of_tag(file) == RESUNIT_INCH;
    if (!tiff_rational(file, tag, &resolution) || !(resolution > 0) ||
        (!has_unit && (resolution == 1 || (inch && resolution == 72))))
        return NAN;
    return 1 / resolution;
}

static void set_spacing(const struct tiff_file *file, struct imagej *imagej,
                        struct tiff_about *about)
{
    static const char *const names[] = {[RESUNIT_INCH] = "inch", [RESUNIT_CENTIMETER] = "cm"};
    bool has_unit = is_unit(imagej->unit[AXIS_COLUMN]);
    unsigned by_tag = unit_of_tag(file);
    const char *unit = has_unit ? imagej->unit[AXIS_COLUMN]
                       : by_tag == RESUNIT_INCH || by_tag == RESUNIT_CENTIMETER ? names[by_tag]
                                                                                : "";
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        unit_normalize(about->unit[a], is_unit(imagej->unit[a]) ? imagej->unit[a] : unit);
    about->spacing[AXIS_COLUMN] = step_of(file, TIFFTAG_XRESOLUTION, has_unit);
    about->spacing[AXIS_ROW] = step_of(file, TIFFTAG_YRESOLUTION, has_unit);
    about->spacing[AXIS_PLANE] = imagej->spacing > 0 ? imagej->spacing : NAN;
}

static bool read_imagej(const struct tiff_file *file, char *text, struct tiff_about *about,
                        struct fail *fail)
{
    struct imagej imagej = {.spacing = NAN};
    about->is_imagej = true;
    about->depth = 0;
    if (!read_lines(file, text, &imagej, about, fail))
        return false;
    uint64_t others = about->channels * about->frames; /* both fit 31 bits */
    if (others > INT32_MAX)
        return fail_set(fail, "%s: its ImageJ description has channels=%" PRIu64 " frames=%" PRIu64,
                        file->name, about->channels, about->frames);
    uint64_t planes = about->planes ? about->planes : 1;
    if (about->depth == 0) /* "slices" is left out where it is 1, or where there is no other axis */
        about->depth = others == 1 ? planes : 1;
    bool agrees = planes / about->depth == others && planes % about->depth == 0;
    if (about->planes > 0 && !agrees)
        return fail_set(fail,
                        "%s: its ImageJ description has images=%" PRIu64 " but channels=%" PRIu64
                        " slices=%" PRIu64 " frames=%" PRIu64 "; " WAY_OUT,
                        file->name, about->planes, about->channels, about->depth, about->frames);
    if (about->planes == 0 && (others > 1 || about->depth > 1))
        about->planes = others * about->depth;
    if (imagej.function[0] != '\0')
        snprintf(about->calibration, sizeof about->calibration, "cf=%s c0=%s c1=%s",
                 imagej.function, imagej.c0, imagej.c1);
    set_spacing(file, &imagej, about);
    return true;
}

/* ---- tifffile ------------------------------------------------------------------------------ */

#define MOST_SIZES 16

/* tifffile describes the array that it wrote: {"shape": [30, 256, 256]}, formerly
 * shape=(30,256,256). Returns how many sizes there are, 0 when it is no such description. */
static size_t read_shape(const char *text, uint64_t sizes[MOST_SIZES])
{
    static const char *const starts[] = {"{\"shape\": [", "{\"shape\":[", "shape=("};
    const char *next = NULL;
    for (size_t i = 0; i < 3 && !next; i++)
        if (strncmp(text, starts[i], strlen(starts[i])) == 0)
            next = text + strlen(starts[i]);
    for (size_t count = 0; next && count < MOST_SIZES; next++) {
        char digits[24];
        next += strspn(next, " ");
        size_t length = strspn(next, "0123456789");
        if (length == 0 && count > 0 && (*next == ')' || *next == ']'))
            return count;
        snprintf(digits, sizeof digits, "%.*s", (int)(length < 23 ? length : 23), next);
        if (!number_count(digits, &sizes[count++]))
            return 0;
        next += length;
        next += strspn(next, " ");
        if (*next == ']' || *next == ')')
            return count;
        if (*next != ',')
            return 0;
    }
    return 0;
}

/* How many of the last sizes are a page's own; 0 when they are those of another image. */
static size_t sizes_of_page(const struct tiff_page *page, const uint64_t *sizes, size_t count)
{
    uint64_t own[3] = {page->rows, page->columns, page->channels};
    if (page->separate) {
        own[0] = page->channels;
        own[1] = page->rows;
        own[2] = page->columns;
    }
    size_t used = page->channels > 1 ? 3 : 2;
    if (count < used || memcmp(sizes + count - used, own, used * sizeof own[0]) != 0)
        return 0;
    return used;
}

static bool read_tifffile(const struct tiff_file *file, const struct tiff_page *page,
                          const char *text, struct tiff_about *about, struct fail *fail)
{
    uint64_t sizes[MOST_SIZES], planes = 1;
    size_t count = read_shape(text, sizes), axes = 0;
    size_t used = sizes_of_page(page, sizes, count);
    if (used == 0)
        return true;
    for (size_t i = 0; i < count - used; i++) {
        if (sizes[i] == 0 || planes > INT32_MAX / sizes[i])
            return fail_set(fail, "%s: its description has an impossible shape, %.60s", file->name,
                            text);
        planes *= sizes[i];
        axes += sizes[i] > 1;
    }
    if (axes > 1)
        return fail_set(fail,
                        "%s: its description has %zu axes besides rows and columns (%.60s), and "
                        "does not say which are planes, channels or times; " WAY_OUT,
                        file->name, axes, text);
    about->planes = about->depth = planes;
    return true;
}

bool tiff_about_read(struct tiff_file *file, const struct tiff_page *page, struct tiff_about *about,
                     struct fail *fail)
{
    char text[TEXT_SIZE];
    tiff_about_nothing(about);
    if (!tiff_text(file, TIFFTAG_IMAGEDESCRIPTION, text, sizeof text))
        text[0] = '\0';
    if (!refuse_foreign(file, text, fail))
        return false;
    if (strncmp(text, "ImageJ=", 7) == 0)
        return read_imagej(file, text, about, fail);
    return read_tifffile(file, page, text, about, fail);
}
