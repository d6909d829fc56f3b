#include "format/tiff/write/description.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/number.h"
#include "common/base/text.h"

uint64_t tiff_pages_a_plane(const struct volume *volume)
{
    return volume->channel_kind == CHANNELS_VECTOR ? volume->channels : 1;
}

static bool is_known(const struct volume *volume, enum axis axis)
{
    return !isnan(volume_spacing(volume, axis));
}

/* ---- ImageJ -------------------------------------------------------------------------------- */

#define MAX_TERM INT32_MAX /* ImageJ reads the terms of a fraction as signed numbers */

/* The simplest fraction for 1 / spacing, by continued fractions: the first that equals it exactly,
 * else the last whose terms fit. False if that is not within a millionth. */
static bool find_resolution(double spacing, uint64_t fraction[2])
{
    double rest = spacing, before[2] = {0, 1}, found[2] = {1, 0};
    for (;;) {
        double whole = floor(rest), next[2];
        for (size_t i = 0; i < 2; i++)
            next[i] = whole * found[i] + before[i];
        if (next[0] > MAX_TERM || next[1] > MAX_TERM)
            break;
        memcpy(before, found, sizeof found);
        memcpy(found, next, sizeof next);
        if (found[0] / found[1] == spacing || rest == whole)
            break;
        rest = 1 / (rest - whole);
    }
    if (!(fabs(found[0] / found[1] - spacing) <= spacing * 1e-6)) /* also 1/0 and 0/1 */
        return false;
    fraction[0] = (uint64_t)found[1];
    fraction[1] = (uint64_t)found[0];
    return true;
}

static bool set_resolutions(const struct volume *volume, const char *name,
                            struct tiff_description *description, struct fail *fail)
{
    static const enum axis axes[2] = {AXIS_COLUMN, AXIS_ROW};
    for (size_t i = 0; i < 2; i++) {
        char step[NUMBER_SIZE];
        if (is_known(volume, axes[i]) &&
            !find_resolution(volume_spacing(volume, axes[i]), description->resolution[i]))
            return fail_set(fail,
                            "%s: a step of %s %s between %ss has no place in a TIFF resolution; "
                            "expected one between 1e-9 and 1e9, or the OME dialect",
                            name, number_text(volume_spacing(volume, axes[i]), step),
                            volume_unit(volume, axes[i]), axis_names[axes[i]]);
    }
    return true;
}

/* One unit for all axes, and those of other axes only if they differ from it. */
static void print_units(FILE *to, const struct volume *volume)
{
    static const char *const keys[AXES] = {"zunit", "yunit", "unit"};
    const char *first = is_known(volume, AXIS_COLUMN) ? volume_unit(volume, AXIS_COLUMN) : "";
    for (size_t a = AXES; a-- > 0;) {
        const char *unit = volume_unit(volume, (enum axis)a);
        if (is_known(volume, (enum axis)a) && unit[0] != '\0' &&
            (a == AXIS_COLUMN || strcmp(unit, first) != 0))
            fprintf(to, "%s=%s\n", keys[a], unit);
    }
}

static void print_window(FILE *to, const struct volume *volume,
                         const struct tiff_write_options *options)
{
    double window[2], scale = 1;
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    if (!volume_window(volume, window))
        return;
    if (sample_is_integer(options->type) && !options->raw)
        scale = options->type == SAMPLE_UINT8 ? 255 : 65535;
    fprintf(to, "min=%s\nmax=%s\n", number_text(window[0] * scale, low),
            number_text(window[1] * scale, high));
}

/* A single line, escaped for Java's Properties, which ImageJ parses the description with. */
static void print_history(FILE *to, const struct volume *volume)
{
    const char *history = volume_value(volume, "history");
    if (!history)
        return;
    fputs("history=", to);
    for (const char *c = history; *c != '\0'; c++) {
        if (*c == '\n' || *c == '\\')
            fputs(*c == '\n' ? "\\n" : "\\\\", to);
        else
            fputc(*c >= ' ' && *c <= '~' ? *c : '?', to);
    }
    fputc('\n', to);
}

/* Keys and their order: ImageJ's ij/io/FileSaver.java, getDescriptionString(). */
static void describe_imagej(FILE *to, const struct volume *volume,
                            const struct tiff_write_options *options)
{
    uint64_t planes = volume->size[AXIS_PLANE], pages = tiff_pages_a_plane(volume);
    char spacing[NUMBER_SIZE];
    fputs("ImageJ=1.11a\n", to);
    /* By this line ImageJ assumes that the samples of uncompressed pages follow each other; but
     * 16-bit colours it can only read page by page. */
    if (volume->channel_kind <= CHANNELS_VECTOR || options->type == SAMPLE_UINT8)
        fprintf(to, "images=%" PRIu64 "\n", planes * pages);
    if (pages > 1)
        fprintf(to, "channels=%" PRIu64 "\n", pages);
    if (planes > 1)
        fprintf(to, "slices=%" PRIu64 "\n", planes);
    if (volume->channel_kind <= CHANNELS_VECTOR)
        fprintf(to, "hyperstack=true\nmode=%s\n",
                pages > 1 && pages <= 7 ? "composite" : "grayscale");
    print_units(to, volume);
    if (is_known(volume, AXIS_PLANE))
        fprintf(to, "spacing=%s\n", number_text(volume_spacing(volume, AXIS_PLANE), spacing));
    fputs("loop=false\n", to);
    print_window(to, volume, options);
    print_history(to, volume);
}

/* "key: value", one line for each line of the value. */
static void print_info(FILE *to, const struct volume *volume)
{
    for (size_t i = 0; i < volume->key_value_count; i++) {
        const struct key_value *key_value = &volume->key_values[i];
        for (const char *line = key_value->value; !key_value->is_field && line;) {
            int length = (int)strcspn(line, "\n");
            fprintf(to, "%s: %.*s\n", key_value->key, length, line);
            line = line[length] == '\n' ? line + length + 1 : NULL;
        }
    }
}

/* ---- OME ----------------------------------------------------------------------------------- */

/* Schema: http://www.openmicroscopy.org/Schemas/OME/2016-06 */

static void print_escaped(FILE *to, const char *text)
{
    char piece[TEXT_PIECE_SIZE];
    while (*text != '\0')
        fwrite(piece, 1, text_escape(&text, TEXT_XML_ASCII, piece), to);
}

/* The schema's spelling of a unit of length; NULL if it has none. */
static const char *ome_unit(const char *unit)
{
    static const char *const spellings[][2] = {
        {"", "reference frame"}, /* a length in unknown units */
        {"um", "&#181;m"},
        {"A", "&#197;"},
        {"angstrom", "&#197;"},
        {"inch", "in"},
        {"pixels", "pixel"},
        {"m", "m"},
        {"dm", "dm"},
        {"cm", "cm"},
        {"mm", "mm"},
        {"nm", "nm"},
        {"pm", "pm"},
        {"fm", "fm"},
        {"km", "km"},
        {"in", "in"},
        {"ft", "ft"},
        {"pixel", "pixel"},
    };
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        if (strcmp(unit, spellings[i][0]) == 0)
            return spellings[i][1];
    return NULL;
}

static bool print_physical_sizes(FILE *to, const struct volume *volume, const char *name,
                                 struct fail *fail)
{
    static const char letters[AXES] = {'Z', 'Y', 'X'};
    for (size_t a = AXES; a-- > 0;) {
        char spacing[NUMBER_SIZE];
        const char *unit = volume_unit(volume, (enum axis)a), *spelled = ome_unit(unit);
        if (!is_known(volume, (enum axis)a))
            continue;
        if (!spelled)
            return fail_set(fail,
                            "%s: OME has no unit of length '%s' (step between %ss); the ImageJ "
                            "dialect takes any",
                            name, unit, axis_names[a]);
        fprintf(to, " PhysicalSize%c=\"%s\" PhysicalSize%cUnit=\"%s\"", letters[a],
                number_text(volume_spacing(volume, (enum axis)a), spacing), letters[a], spelled);
    }
    return true;
}

static void print_channels(FILE *to, const struct volume *volume)
{
    uint64_t pages = tiff_pages_a_plane(volume);
    for (uint64_t i = 0; i < pages; i++)
        fprintf(to, "<Channel ID=\"Channel:0:%" PRIu64 "\" SamplesPerPixel=\"%" PRIu64 "\"/>\n", i,
                volume->channels / pages);
}

static bool print_pixels(FILE *to, const struct volume *volume,
                         const struct tiff_write_options *options, const char *name,
                         struct fail *fail)
{
    uint64_t planes = volume->size[AXIS_PLANE], pages = tiff_pages_a_plane(volume);
    fprintf(to,
            "<Pixels ID=\"Pixels:0\" DimensionOrder=\"XYCZT\" Type=\"%s\" BigEndian=\"false\" "
            "Interleaved=\"%s\" SizeX=\"%" PRIu64 "\" SizeY=\"%" PRIu64 "\" SizeZ=\"%" PRIu64
            "\" SizeC=\"%" PRIu64 "\" SizeT=\"1\"",
            options->type == SAMPLE_FLOAT32 ? "float" : sample_name(options->type),
            volume->channels > pages ? "true" : "false", volume->size[AXIS_COLUMN],
            volume->size[AXIS_ROW], planes, volume->channels);
    if (!print_physical_sizes(to, volume, name, fail))
        return false;
    fputs(">\n", to);
    print_channels(to, volume);
    fprintf(to, "<TiffData IFD=\"0\" PlaneCount=\"%" PRIu64 "\"/>\n</Pixels>\n", planes * pages);
    return true;
}

static size_t count_key_values(const struct volume *volume)
{
    size_t count = 0;
    for (size_t i = 0; i < volume->key_value_count; i++)
        count += !volume->key_values[i].is_field;
    return count;
}

static void print_annotations(FILE *to, const struct volume *volume)
{
    fputs("<StructuredAnnotations>\n<MapAnnotation ID=\"Annotation:0\" Namespace=\"vol\">\n"
          "<Value>\n",
          to);
    for (size_t i = 0; i < volume->key_value_count; i++) {
        if (volume->key_values[i].is_field)
            continue;
        fputs("<M K=\"", to);
        print_escaped(to, volume->key_values[i].key);
        fputs("\">", to);
        print_escaped(to, volume->key_values[i].value);
        fputs("</M>\n", to);
    }
    fputs("</Value>\n</MapAnnotation>\n</StructuredAnnotations>\n", to);
}

static bool describe_ome(FILE *to, const struct volume *volume,
                         const struct tiff_write_options *options, const char *name,
                         struct fail *fail)
{
    bool annotated = count_key_values(volume) > 0;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\" "
          "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
          "xsi:schemaLocation=\"http://www.openmicroscopy.org/Schemas/OME/2016-06 "
          "http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd\" "
          "Creator=\"vol " VOL_VERSION "\">\n"
          "<Image ID=\"Image:0\">\n",
          to);
    if (!print_pixels(to, volume, options, name, fail))
        return false;
    if (annotated)
        fputs("<AnnotationRef ID=\"Annotation:0\"/>\n", to);
    fputs("</Image>\n", to);
    if (annotated)
        print_annotations(to, volume);
    fputs("</OME>\n", to);
    return true;
}

/* -------------------------------------------------------------------------------------------- */

/* Closes a text that was printed to memory; false if memory ran out. */
static bool end_text(FILE *text, bool ok)
{
    ok = ok && !ferror(text);
    return fclose(text) == 0 && ok;
}

static bool write_description(const struct volume *volume, const struct tiff_write_options *options,
                              const char *name, struct tiff_description *description,
                              struct fail *fail)
{
    size_t size;
    bool ok = true;
    FILE *to = open_memstream(&description->description, &size);
    if (to && options->dialect == DIALECT_OME)
        ok = describe_ome(to, volume, options, name, fail);
    else if (to)
        describe_imagej(to, volume, options);
    return (to && end_text(to, ok)) || fail_errno(fail, "%s: description", name);
}

static bool write_info(const struct volume *volume, const char *name,
                       struct tiff_description *description, struct fail *fail)
{
    size_t size;
    FILE *to = open_memstream(&description->info, &size);
    if (to)
        print_info(to, volume);
    return (to && end_text(to, true)) || fail_errno(fail, "%s: description", name);
}

bool tiff_describe(const struct volume *volume, const struct tiff_write_options *options,
                   const char *name, struct tiff_description *description, struct fail *fail)
{
    *description = (struct tiff_description){0};
    if (!write_description(volume, options, name, description, fail))
        return false;
    if (options->dialect == DIALECT_OME)
        return true;
    return set_resolutions(volume, name, description, fail) &&
           (count_key_values(volume) == 0 || write_info(volume, name, description, fail));
}

void tiff_description_free(struct tiff_description *description)
{
    free(description->description);
    free(description->info);
    *description = (struct tiff_description){0};
}
