#include "format/tiff/write/description.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "common/shape/channel.h"
#include "common/text/number.h"
#include "common/text/utf8.h"
#include "common/volume/unit.h"
#include "format/tiff/write/buffer.h"

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

/* Lengths of known units are also stated in centimetres, for readers of tags alone, as far as a
 * fraction can. */
static void set_resolutions_in_cm(const struct volume *volume, struct tiff_description *description)
{
    static const enum axis axes[2] = {AXIS_COLUMN, AXIS_ROW};
    for (size_t i = 0; i < 2; i++) {
        double cm =
            volume_spacing(volume, axes[i]) * unit_metres(volume_unit(volume, axes[i])) * 100;
        if (!isnan(cm) && find_resolution(cm, description->resolution[i]))
            description->resolution_unit = RESUNIT_CENTIMETER;
    }
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
static void print_units(struct buffer *to, const struct volume *volume)
{
    static const char *const keys[AXES] = {"zunit", "yunit", "unit"};
    const char *first = is_known(volume, AXIS_COLUMN) ? volume_unit(volume, AXIS_COLUMN) : "";
    for (size_t a = AXES; a-- > 0;) {
        const char *unit = volume_unit(volume, (enum axis)a);
        if (!is_known(volume, (enum axis)a) || unit[0] == '\0' ||
            (a != AXIS_COLUMN && strcmp(unit, first) == 0))
            continue;
        buffer_print(to, "%s=", keys[a]);
        buffer_add_property(to, unit);
        buffer_print(to, "\n");
    }
}

/* The window in numbers as they are stored. */
static bool find_window(const struct volume *volume, const struct tiff_write_options *options,
                        double window[2])
{
    double scale =
        sample_is_integer(options->type) && !options->raw ? sample_largest(options->type) : 1;
    bool found = volume_window(volume, window);
    for (size_t i = 0; found && i < 2; i++)
        window[i] *= scale;
    return found;
}

static void print_window(struct buffer *to, const struct volume *volume,
                         const struct tiff_write_options *options)
{
    double window[2];
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    if (find_window(volume, options, window))
        buffer_print(to, "min=%s\nmax=%s\n", number_text(window[0], low),
                     number_text(window[1], high));
}

/* Colours of channels that are pages of their own. */
static bool find_colours(const struct volume *volume, unsigned char (*colours)[3])
{
    uint64_t pages = tiff_pages_a_plane(volume);
    return pages > 1 && pages <= MAX_CHANNEL_COLOURS && volume_channel_colours(volume, colours);
}

static void print_history(struct buffer *to, const struct volume *volume)
{
    const char *history = volume_value(volume, "history");
    if (!history)
        return;
    buffer_print(to, "history=");
    buffer_add_property(to, history);
    buffer_print(to, "\n");
}

/* Keys and their order: ImageJ's ij/io/FileSaver.java, getDescriptionString(). */
static void describe_imagej(struct buffer *to, const struct volume *volume,
                            const struct tiff_write_options *options)
{
    uint64_t planes = volume->size[AXIS_PLANE], pages = tiff_pages_a_plane(volume);
    char spacing[NUMBER_SIZE];
    buffer_print(to, "ImageJ=1.11a\n");
    /* By this line ImageJ assumes that the samples of uncompressed pages follow each other; but
     * 16-bit colours it can only read page by page. */
    if (volume->channel_kind <= CHANNELS_VECTOR || options->type == SAMPLE_UINT8)
        buffer_print(to, "images=%" PRIu64 "\n", planes * pages);
    if (pages > 1)
        buffer_print(to, "channels=%" PRIu64 "\n", pages);
    if (planes > 1)
        buffer_print(to, "slices=%" PRIu64 "\n", planes);
    if (volume->channel_kind <= CHANNELS_VECTOR)
        buffer_print(to, "hyperstack=true\nmode=%s\n",
                     pages > 1 && pages <= 7 ? "composite" : "grayscale");
    print_units(to, volume);
    if (is_known(volume, AXIS_PLANE))
        buffer_print(to, "spacing=%s\n", number_text(volume_spacing(volume, AXIS_PLANE), spacing));
    buffer_print(to, "loop=false\n");
    print_window(to, volume, options);
    print_history(to, volume);
}

/* "key: value", one line for each line of the value, in UTF-16. */
static void print_info(struct buffer *to, const struct volume *volume)
{
    for (size_t i = 0; i < volume->key_value_count; i++) {
        const struct key_value *key_value = &volume->key_values[i];
        for (const char *line = key_value->value; !key_value->is_field && line;) {
            size_t length = strcspn(line, "\n");
            buffer_add_utf16(to, key_value->key, strlen(key_value->key));
            buffer_add_utf16(to, ": ", 2);
            buffer_add_utf16(to, line, length);
            buffer_add_utf16(to, "\n", 1);
            line = line[length] == '\n' ? line + length + 1 : NULL;
        }
    }
}

static void add_number(struct buffer *to, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer_add(to, &(char){(char)(number >> 8 * i)}, 1);
}

static void add_double(struct buffer *to, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    add_number(to, bits, sizeof bits);
}

/* Black to the colour, in a line: 256 numbers of red, then of green and blue. */
static void add_table(struct buffer *to, const unsigned char colour[3])
{
    for (int part = 0; part < 3; part++)
        for (int i = 0; i < 256; i++)
            add_number(to, (uint64_t)(i * colour[part] + 127) / 255, 1);
}

static void end_part(const struct buffer *parts, struct tiff_description *description)
{
    uint64_t before = 0;
    for (size_t i = 0; i < description->part_count; i++)
        before += description->part_sizes[i];
    description->part_sizes[description->part_count++] = parts->used - before;
}

/* A stack of gray planes has its window in the text. ij/io/TiffEncoder.java, writeMetaData() */
static void add_parts(struct buffer *to, const struct volume *volume,
                      const struct tiff_write_options *options,
                      struct tiff_description *description)
{
    uint64_t pages = tiff_pages_a_plane(volume);
    unsigned char colours[MAX_CHANNEL_COLOURS][3];
    double window[2];
    struct buffer info = {0};
    print_info(&info, volume);
    bool has_windows = pages > 1 && find_window(volume, options, window);
    const struct {
        const char *kind; /* backwards, as a little-endian number */
        uint64_t count;
    } contents[] = {{"JIJI", 0},
                    {"ofni", info.used > 0},
                    {"gnar", has_windows},
                    {"stul", find_colours(volume, colours) ? pages : 0}};
    for (size_t i = 0; i < 4; i++) {
        if (i > 0 && contents[i].count == 0)
            continue;
        buffer_add(to, contents[i].kind, 4);
        if (i > 0)
            add_number(to, contents[i].count, 4);
    }
    end_part(to, description);
    buffer_add(to, info.bytes, info.used);
    if (contents[1].count > 0)
        end_part(to, description);
    for (uint64_t i = 0; has_windows && i < 2 * pages; i++)
        add_double(to, window[i % 2]);
    if (has_windows)
        end_part(to, description);
    for (uint64_t i = 0; i < contents[3].count; i++) {
        add_table(to, colours[i]);
        end_part(to, description);
    }
    to->failed = to->failed || info.failed;
    free(info.bytes);
}

/* ---- OME ----------------------------------------------------------------------------------- */

/* Schema: http://www.openmicroscopy.org/Schemas/OME/2016-06 */

/* A unit in ASCII, for readers that take the text for Latin-1; a length in unknown units is one in
 * a reference frame. */
static bool print_unit(struct buffer *to, const char *unit)
{
    const char *spelled = unit[0] == '\0' ? "reference frame" : unit_in_ome(unit);
    while (spelled && *spelled != '\0') {
        uint32_t code = utf8_next(&spelled);
        buffer_print(to, code < 0x80 ? "%c" : "&#%d;", (int)code);
    }
    return spelled != NULL;
}

static bool print_physical_sizes(struct buffer *to, const struct volume *volume, const char *name,
                                 struct fail *fail)
{
    static const char letters[AXES] = {'Z', 'Y', 'X'};
    for (size_t a = AXES; a-- > 0;) {
        char spacing[NUMBER_SIZE];
        const char *unit = volume_unit(volume, (enum axis)a);
        if (!is_known(volume, (enum axis)a))
            continue;
        buffer_print(to, " PhysicalSize%c=\"%s\" PhysicalSize%cUnit=\"", letters[a],
                     number_text(volume_spacing(volume, (enum axis)a), spacing), letters[a]);
        if (!print_unit(to, unit))
            return fail_set(fail,
                            "%s: OME has no unit of length '%s' (step between %ss); the ImageJ "
                            "dialect takes any",
                            name, unit, axis_names[a]);
        buffer_print(to, "\"");
    }
    return true;
}

static void print_channels(struct buffer *to, const struct volume *volume)
{
    uint64_t pages = tiff_pages_a_plane(volume);
    unsigned char colours[MAX_CHANNEL_COLOURS][3];
    bool has_colours = find_colours(volume, colours);
    for (uint64_t i = 0; i < pages; i++) {
        char name[CHANNEL_NAME_SIZE] = "";
        buffer_print(to, "<Channel ID=\"Channel:0:%" PRIu64 "\" SamplesPerPixel=\"%" PRIu64 "\"", i,
                     volume->channels / pages);
        if (pages > 1 && volume_channel_name(volume, i, name)[0] != '\0') {
            buffer_print(to, " Name=\"");
            buffer_add_xml(to, name);
            buffer_print(to, "\"");
        }
        if (has_colours) /* red, green, blue and alpha as a signed number */
            buffer_print(to, " Color=\"%" PRId32 "\"",
                         (int32_t)((uint32_t)colours[i][0] << 24 | (uint32_t)colours[i][1] << 16 |
                                   (uint32_t)colours[i][2] << 8 | 255));
        buffer_print(to, "/>\n");
    }
}

static bool print_pixels(struct buffer *to, const struct volume *volume,
                         const struct tiff_write_options *options, const char *name,
                         struct fail *fail)
{
    uint64_t planes = volume->size[AXIS_PLANE], pages = tiff_pages_a_plane(volume);
    buffer_print(to,
                 "<Pixels ID=\"Pixels:0\" DimensionOrder=\"XYCZT\" Type=\"%s\" BigEndian=\"false\" "
                 "Interleaved=\"%s\" SizeX=\"%" PRIu64 "\" SizeY=\"%" PRIu64 "\" SizeZ=\"%" PRIu64
                 "\" SizeC=\"%" PRIu64 "\" SizeT=\"1\"",
                 options->type == SAMPLE_FLOAT32 ? "float" : sample_name(options->type),
                 volume->channels > pages ? "true" : "false", volume->size[AXIS_COLUMN],
                 volume->size[AXIS_ROW], planes, volume->channels);
    if (!print_physical_sizes(to, volume, name, fail))
        return false;
    buffer_print(to, ">\n");
    print_channels(to, volume);
    buffer_print(to, "<TiffData IFD=\"0\" PlaneCount=\"%" PRIu64 "\"/>\n</Pixels>\n",
                 planes * pages);
    return true;
}

static size_t count_key_values(const struct volume *volume)
{
    size_t count = 0;
    for (size_t i = 0; i < volume->key_value_count; i++)
        count += !volume->key_values[i].is_field;
    return count;
}

static void print_annotations(struct buffer *to, const struct volume *volume)
{
    buffer_print(to,
                 "<StructuredAnnotations>\n<MapAnnotation ID=\"Annotation:0\" Namespace=\"vol\">\n"
                 "<Value>\n");
    for (size_t i = 0; i < volume->key_value_count; i++) {
        if (volume->key_values[i].is_field)
            continue;
        buffer_print(to, "<M K=\"");
        buffer_add_xml(to, volume->key_values[i].key);
        buffer_print(to, "\">");
        buffer_add_xml(to, volume->key_values[i].value);
        buffer_print(to, "</M>\n");
    }
    buffer_print(to, "</Value>\n</MapAnnotation>\n</StructuredAnnotations>\n");
}

static bool describe_ome(struct buffer *to, const struct volume *volume,
                         const struct tiff_write_options *options, const char *name,
                         struct fail *fail)
{
    bool annotated = count_key_values(volume) > 0;
    buffer_print(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\" "
                     "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                     "xsi:schemaLocation=\"http://www.openmicroscopy.org/Schemas/OME/2016-06 "
                     "http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd\" "
                     "Creator=\"vol " VOL_VERSION "\">\n"
                     "<Image ID=\"Image:0\">\n");
    if (!print_pixels(to, volume, options, name, fail))
        return false;
    if (annotated)
        buffer_print(to, "<AnnotationRef ID=\"Annotation:0\"/>\n");
    buffer_print(to, "</Image>\n");
    if (annotated)
        print_annotations(to, volume);
    buffer_print(to, "</OME>\n");
    return true;
}

/* -------------------------------------------------------------------------------------------- */

bool tiff_describe(const struct volume *volume, const struct tiff_write_options *options,
                   const char *name, struct tiff_description *description, struct fail *fail)
{
    struct buffer text = {0}, parts = {0};
    bool ok = true;
    *description = (struct tiff_description){.resolution_unit = RESUNIT_NONE};
    if (options->dialect == DIALECT_OME) {
        ok = describe_ome(&text, volume, options, name, fail);
        set_resolutions_in_cm(volume, description);
    } else {
        describe_imagej(&text, volume, options);
        add_parts(&parts, volume, options, description);
        ok = set_resolutions(volume, name, description, fail);
    }
    buffer_add(&text, "", 1);
    description->description = text.bytes;
    description->parts = parts.bytes;
    if (ok && (text.failed || parts.failed))
        return fail_memory(fail, "%s: description", name);
    return ok;
}

void tiff_description_free(struct tiff_description *description)
{
    free(description->description);
    free(description->parts);
    *description = (struct tiff_description){0};
}
