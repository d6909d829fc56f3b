#include "format/tiff/metadata/ome.h"

#include <expat.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/text/number.h"
#include "format/tiff/decode/clean_text.h"
#include "format/tiff/decode/tags.h"

/* Limits: bytes of a tag with its attributes (OME's are below 1 KiB), nesting of elements (OME's
 * are 10 deep), planes whose places are looked at, bytes of the XML, bytes that the descriptions of
 * all images take here. */
enum { MAX_TAG = 1 << 20, MAX_DEPTH = 100, MAX_POSITIONS = 1 << 20 };
#define MAX_SIZE (UINT64_C(1) << 30)
#define MAX_MEMORY (UINT64_C(1) << 28)

/* Where the planes of an image's first channel and frame lie. */
struct positions {
    double *places; /* of each plane; NAN: not stated */
    size_t capacity;
    uint64_t count, channel, frame;
    char unit[UNIT_SIZE];
    bool is_unusable;
};

/* An image that refers to an annotation, by the hash of its name. */
struct reference {
    uint64_t annotation;
    size_t series;
};

/* ModuloAlongZ, C or T: the images along an axis are `count` of a kind at each of its places. */
struct modulo {
    uint64_t annotation, count, labels;
    enum page_axis axis;
    char kind[24];
};

struct parser {
    const struct ome_source *source;
    XML_Parser expat;
    struct fail *fail;
    size_t depth;
    bool has_root;   /* the element OME has begun */
    bool is_stopped; /* by us, and fail is set */
    uint64_t parsed; /* bytes up to the last complete tag or text */
    uint64_t memory; /* bytes of the descriptions of images so far */

    struct tiff_metadata *metadata; /* to fill in; NULL: only TiffData elements are wanted */
    bool in_image, in_pixels, in_annotation;
    size_t series;     /* how many have begun */
    uint64_t channels; /* Channel elements in the series */
    struct positions positions;

    /* Annotations come after the images that refer to them: both are kept. */
    struct reference *references;
    size_t reference_count, reference_capacity;
    struct modulo *modulos;
    size_t modulo_count, modulo_capacity;
    uint64_t annotation;   /* that has begun */
    struct modulo *modulo; /* its element that has begun; NULL: none */

    /* For the TiffData elements of series number `wanted`: */
    ome_data_handler *handle_data;
    void *state;
    size_t wanted;
    bool in_data, in_uuid;
    struct ome_data data;
};

static bool stop(struct parser *parser)
{
    XML_StopParser(parser->expat, XML_FALSE);
    parser->is_stopped = true;
    return false;
}

__attribute__((format(printf, 2, 3))) static bool refuse(struct parser *parser, const char *format,
                                                         ...)
{
    char why[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    fail_set(parser->fail, "%s: its OME-XML %s; " OME_WAY_OUT, parser->source->name, why);
    return stop(parser);
}

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *find(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(local_name(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

/* A whole number of min or more. If the attribute is missing *value stays as it is. */
static bool read_number(struct parser *parser, const char **attributes, const char *name,
                        uint64_t min, uint64_t *value)
{
    const char *text = find(attributes, name);
    if (!text)
        return true;
    if (number_count(text, value) && *value >= min && *value <= INT32_MAX)
        return true;
    return refuse(parser, "has %s=\"%.40s\", expected a whole number from %" PRIu64 " on", name,
                  text, min);
}

static bool copy_text(struct parser *parser, char to[OME_TEXT], const char *from)
{
    if (strlen(from) >= OME_TEXT)
        return refuse(parser, "has a name of %zu bytes", strlen(from));
    snprintf(to, OME_TEXT, "%s", from);
    return true;
}

/* ---- Plane --------------------------------------------------------------------------------- */

static bool prepare_positions(struct parser *parser, uint64_t planes)
{
    struct positions *positions = &parser->positions;
    positions->count = 0;
    positions->is_unusable = planes < 2 || planes > MAX_POSITIONS;
    if (positions->is_unusable)
        return true;
    if (!array_reserve(positions->places, &positions->capacity, planes)) {
        fail_errno(parser->fail, "%s: its OME-XML", parser->source->name);
        return stop(parser);
    }
    for (uint64_t i = 0; i < planes; i++)
        positions->places[i] = NAN;
    return true;
}

static bool begin_plane(struct parser *parser, const char **attributes)
{
    struct positions *positions = &parser->positions;
    const struct tiff_metadata *metadata = parser->metadata;
    const char *place = find(attributes, "PositionZ");
    const char *unit_name = find(attributes, "PositionZUnit");
    uint64_t plane = 0, channel = 0, frame = 0;
    char unit[UNIT_SIZE] = "";
    if (!place || positions->is_unusable)
        return true;
    if (!read_number(parser, attributes, "TheZ", 0, &plane) ||
        !read_number(parser, attributes, "TheC", 0, &channel) ||
        !read_number(parser, attributes, "TheT", 0, &frame))
        return false;
    if (unit_name && strcmp(unit_name, "reference frame") != 0) /* the schema's default */
        unit_normalize(unit, unit_name);
    if (positions->count == 0) {
        positions->channel = channel;
        positions->frame = frame;
        snprintf(positions->unit, sizeof positions->unit, "%s", unit);
    }
    if (channel != positions->channel || frame != positions->frame)
        return true;
    uint64_t planes = metadata->series[metadata->series_count - 1].count[PAGE_PLANE];
    positions->is_unusable = plane >= planes || strcmp(unit, positions->unit) != 0 ||
                             !number_real(place, &positions->places[plane]);
    positions->count++;
    return true;
}

/* The step of planes, where no size states it and the places of all of them are a straight line. */
static void use_positions(const struct positions *positions, struct tiff_series *series)
{
    uint64_t planes = series->count[PAGE_PLANE];
    char digits[32];
    double step;
    if (!isnan(series->spacing[AXIS_PLANE]) || positions->is_unusable || positions->count != planes)
        return;
    const double *places = positions->places;
    double whole = (places[planes - 1] - places[0]) / (double)(planes - 1);
    for (uint64_t i = 0; i < planes; i++)
        if (!(fabs(places[i] - places[0] - (double)i * whole) <= 0.05 * fabs(whole)))
            return;
    /* Places far from 0 have few digits left for their difference. */
    snprintf(digits, sizeof digits, "%.9g", fabs(whole));
    if (number_real(digits, &step) && step > 0)
        tiff_series_set_spacing(series, AXIS_PLANE, step, positions->unit, "OME PositionZ");
}

/* ---- Pixels -------------------------------------------------------------------------------- */

static bool read_sizes(struct parser *parser, const char **attributes, struct tiff_series *series)
{
    const struct {
        const char *name;
        uint64_t *size;
    } sizes[] = {{"SizeX", &series->columns},
                 {"SizeY", &series->rows},
                 {"SizeZ", &series->count[PAGE_PLANE]},
                 {"SizeC", &series->count[PAGE_CHANNEL]},
                 {"SizeT", &series->count[PAGE_FRAME]}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        *sizes[i].size = 0;
        if (!read_number(parser, attributes, sizes[i].name, 1, sizes[i].size))
            return false;
        if (*sizes[i].size == 0)
            return refuse(parser, "has Pixels without %s", sizes[i].name);
    }
    return true;
}

/* "XYZCT": columns and rows, then the axes of pages, the fastest first. */
static bool read_order(struct parser *parser, const char **attributes, struct tiff_series *series)
{
    static const char letters[] = "CZT";
    const char *text = find(attributes, "DimensionOrder");
    unsigned seen = 0;
    if (!text)
        return refuse(parser, "has Pixels without DimensionOrder");
    if (strlen(text) == 5 && strncmp(text, "XY", 2) == 0)
        for (size_t i = 0; i < PAGE_AXES; i++) {
            const char *found = strchr(letters, text[2 + i]);
            if (!found)
                break;
            series->order[i] = (enum page_axis)(found - letters);
            seen |= 1u << (found - letters);
        }
    return seen == 7 || refuse(parser,
                               "has DimensionOrder=\"%.40s\", expected XY and Z, C, T in "
                               "any order",
                               text);
}

void ome_set_size(struct tiff_series *series, enum axis axis, const char *size, const char *unit,
                  const char *source)
{
    char normal[UNIT_SIZE] = "";
    double step;
    bool is_pixel = unit && strcmp(unit, "pixel") == 0;
    if (!number_real(size, &step) || !(step > 0)) {
        tiff_series_note(series, "%s=\"%.24s\" is not a size: taken as unknown",
                         strchr(source, ' ') + 1, size);
        return;
    }
    if (is_pixel && step == 1)
        return;
    if (!unit || strcmp(unit, "reference frame") != 0)
        unit_normalize(normal, unit ? unit : "um"); /* the schema's default */
    tiff_series_set_spacing(series, axis, step, normal, source);
}

static void read_steps(const char **attributes, struct tiff_series *series)
{
    static const char *const sources[AXES] = {"OME PhysicalSizeZ", "OME PhysicalSizeY",
                                              "OME PhysicalSizeX"};
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        const char *name = strchr(sources[a], ' ') + 1, *size = find(attributes, name);
        char unit_name[24];
        snprintf(unit_name, sizeof unit_name, "%sUnit", name);
        if (size)
            ome_set_size(series, a, size, find(attributes, unit_name), sources[a]);
    }
}

static bool begin_pixels(struct parser *parser, const char **attributes)
{
    if (!parser->in_image || parser->in_pixels)
        return refuse(parser, "has Pixels that belong to no Image");
    parser->in_pixels = true;
    if (!parser->metadata)
        return true;
    struct tiff_metadata *metadata = parser->metadata;
    struct tiff_series *series = &metadata->series[metadata->series_count - 1];
    const char *type = find(attributes, "Type");
    if (!type)
        type = find(attributes, "PixelType"); /* before 2008 */
    snprintf(series->type, sizeof series->type, "%s", type ? type : "");
    read_steps(attributes, series);
    return read_sizes(parser, attributes, series) && read_order(parser, attributes, series) &&
           prepare_positions(parser, series->count[PAGE_PLANE]);
}

/* Counts memory for the description of an image or channel. */
static bool reserve(struct parser *parser, size_t size)
{
    parser->memory += size;
    return parser->memory <= MAX_MEMORY ||
           refuse(parser, "describes more images and channels than fit in %d MiB",
                  (int)(MAX_MEMORY >> 20));
}

static bool begin_image(struct parser *parser, const char **attributes)
{
    parser->series++;
    parser->in_image = true;
    parser->channels = 0;
    if (!parser->metadata)
        return true;
    if (!reserve(parser, sizeof *parser->metadata->series))
        return false;
    struct tiff_series *series = tiff_metadata_add_series(parser->metadata, parser->fail);
    if (!series)
        return stop(parser);
    const char *name = find(attributes, "Name");
    snprintf(series->name, sizeof series->name, "%s", name ? name : "");
    return true;
}

/* Color: red, green, blue and alpha, each a byte, as a signed number of 32 bits. Since 2012; what
 * is older has other numbers there. */
static void keep_colour(struct tiff_series *series, uint64_t channel, const char *text)
{
    int64_t colour;
    char rest;
    if (channel < TIFF_MAX_COLOURS && text && sscanf(text, "%" SCNd64 "%c", &colour, &rest) == 1 &&
        colour >= INT32_MIN && colour <= INT32_MAX)
        series->channel_colours[channel] = (uint32_t)colour >> 8;
}

/* All channels must have the same number of samples per pixel. */
static bool begin_channel(struct parser *parser, const char **attributes)
{
    if (!parser->metadata || !parser->in_image)
        return true;
    struct tiff_metadata *metadata = parser->metadata;
    struct tiff_series *series = &metadata->series[metadata->series_count - 1];
    uint64_t samples = 0;
    const char *name = find(attributes, "Name");
    if (!reserve(parser, TIFF_NAME_SIZE) ||
        !read_number(parser, attributes, "SamplesPerPixel", 1, &samples))
        return false;
    if (parser->channels++ > 0 && samples != series->samples)
        return refuse(parser, "has channels of different SamplesPerPixel");
    series->samples = samples;
    keep_colour(series, parser->channels - 1, find(attributes, "Color"));
    tiff_series_name_channel(series, name ? name : "");
    return true;
}

/* ---- annotations --------------------------------------------------------------------------- */

/* Fowler, Noll and Vo's hash, variant 1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

static bool keep_reference(struct parser *parser, const char **attributes)
{
    const char *name = find(attributes, "ID");
    if (!name || !parser->metadata)
        return true;
    if (!reserve(parser, sizeof *parser->references))
        return false;
    if (!array_reserve(parser->references, &parser->reference_capacity,
                       parser->reference_count + 1)) {
        fail_errno(parser->fail, "%s: its OME-XML", parser->source->name);
        return stop(parser);
    }
    parser->references[parser->reference_count++] =
        (struct reference){hash_of(name), parser->metadata->series_count - 1};
    return true;
}

/* Start, Step and End, or a Label each. */
static uint64_t read_modulo_count(const char **attributes)
{
    const char *texts[] = {find(attributes, "Start"), find(attributes, "End"),
                           find(attributes, "Step")};
    double start, end, step = 1;
    if (!texts[0] || !texts[1] || !number_real(texts[0], &start) || !number_real(texts[1], &end) ||
        (texts[2] && !number_real(texts[2], &step)))
        return 0;
    double count = floor((end - start) / step + 1e-6) + 1;
    return count >= 1 && count <= INT32_MAX ? (uint64_t)count : 0;
}

static bool begin_modulo(struct parser *parser, enum page_axis axis, const char **attributes)
{
    const char *kind = find(attributes, "Type");
    if (!reserve(parser, sizeof *parser->modulos))
        return false;
    if (!array_reserve(parser->modulos, &parser->modulo_capacity, parser->modulo_count + 1)) {
        fail_errno(parser->fail, "%s: its OME-XML", parser->source->name);
        return stop(parser);
    }
    parser->modulo = &parser->modulos[parser->modulo_count++];
    *parser->modulo = (struct modulo){
        .annotation = parser->annotation, .axis = axis, .count = read_modulo_count(attributes)};
    snprintf(parser->modulo->kind, sizeof parser->modulo->kind, "%s", kind ? kind : "other");
    return true;
}

static void begin_annotation(struct parser *parser, const char **attributes)
{
    const char *name = find(attributes, "ID");
    parser->in_annotation = true;
    parser->annotation = hash_of(name ? name : "");
}

/* Elements below an XMLAnnotation. */
static bool begin_annotated(struct parser *parser, const char *name, const char **attributes)
{
    static const char *const names[] = {[PAGE_CHANNEL] = "ModuloAlongC",
                                        [PAGE_PLANE] = "ModuloAlongZ",
                                        [PAGE_FRAME] = "ModuloAlongT"};
    if (parser->modulo && strcmp(name, "Label") == 0)
        parser->modulo->labels++;
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        if (strcmp(name, names[axis]) == 0)
            return begin_modulo(parser, axis, attributes);
    return true;
}

static void apply_modulo(const struct modulo *modulo, struct tiff_series *series)
{
    uint64_t count = modulo->count > 0 ? modulo->count : modulo->labels;
    uint64_t all = series->count[modulo->axis];
    if (count < 2 || all % count != 0)
        return;
    if (modulo->axis != PAGE_PLANE) {
        tiff_series_note(
            series, "its OME-XML says that %" PRIu64 " %ss are of kind '%s': %ss count all", count,
            page_axis_names[modulo->axis], modulo->kind, page_axis_names[modulo->axis]);
        return;
    }
    series->modulo = count;
    snprintf(series->modulo_kind, sizeof series->modulo_kind, "%s", modulo->kind);
}

/* An annotation that no image refers to is that of an only image. */
static void apply_modulos(const struct parser *parser)
{
    struct tiff_metadata *metadata = parser->metadata;
    for (size_t i = 0; i < parser->modulo_count; i++) {
        const struct modulo *modulo = &parser->modulos[i];
        size_t last = SIZE_MAX;
        for (size_t k = 0; k < parser->reference_count; k++)
            if (parser->references[k].annotation == modulo->annotation &&
                parser->references[k].series != last) {
                last = parser->references[k].series;
                apply_modulo(modulo, &metadata->series[last]);
            }
        if (last == SIZE_MAX && metadata->series_count == 1)
            apply_modulo(modulo, metadata->series);
    }
}

/* ---- TiffData ------------------------------------------------------------------------------ */

static bool begin_data(struct parser *parser, const char **attributes)
{
    struct ome_data *data = &parser->data;
    bool is_wanted = parser->metadata || parser->series == parser->wanted + 1;
    parser->in_data = parser->in_pixels && is_wanted;
    if (!parser->in_data)
        return true;
    *data = (struct ome_data){.page = UINT64_MAX, .count = UINT64_MAX};
    if (parser->metadata) {
        parser->metadata->series[parser->metadata->series_count - 1].has_tiff_data = true;
        return true;
    }
    if (!read_number(parser, attributes, "IFD", 0, &data->page) ||
        !read_number(parser, attributes, "NumPlanes", 0, &data->count) || /* before 2009 */
        !read_number(parser, attributes, "PlaneCount", 0, &data->count) ||
        !read_number(parser, attributes, "FirstC", 0, &data->first[PAGE_CHANNEL]) ||
        !read_number(parser, attributes, "FirstZ", 0, &data->first[PAGE_PLANE]) ||
        !read_number(parser, attributes, "FirstT", 0, &data->first[PAGE_FRAME]))
        return false;
    data->has_page = data->page != UINT64_MAX;
    data->has_count = data->count != UINT64_MAX;
    data->page = data->has_page ? data->page : 0;
    return true;
}

/* Notes whether all elements refer to the same file. */
static void note_reference(struct tiff_metadata *metadata, const struct ome_data *data)
{
    const char *file = data->file[0] != '\0' ? data->file : data->uuid;
    bool is_first = !metadata->has_references;
    metadata->has_references = true;
    if (is_first)
        snprintf(metadata->only_file, sizeof metadata->only_file, "%s", file);
    else if (strcmp(metadata->only_file, file) != 0)
        metadata->only_file[0] = '\0';
}

static void end_data(struct parser *parser)
{
    struct ome_data *data = &parser->data;
    size_t length = strlen(data->uuid), blank = strspn(data->uuid, " \t\r\n");
    while (length > blank && strchr(" \t\r\n", data->uuid[length - 1]))
        length--;
    data->uuid[length] = '\0';
    memmove(data->uuid, data->uuid + blank, length - blank + 1);
    parser->in_data = false;
    if (parser->metadata)
        note_reference(parser->metadata, data);
    else if (!parser->handle_data(parser->state, data, parser->fail))
        stop(parser);
}

/* ---- expat's callbacks --------------------------------------------------------------------- */

static void note_progress(struct parser *parser)
{
    parser->parsed = (uint64_t)XML_GetCurrentByteIndex(parser->expat);
}

static bool begin_root(struct parser *parser, const char *name, const char **attributes)
{
    const char *uuid = find(attributes, "UUID");
    if (strcmp(name, "OME") != 0)
        return refuse(parser, "begins with an element '%.40s', expected OME", name);
    parser->has_root = true;
    return !parser->metadata || !uuid || copy_text(parser, parser->metadata->uuid, uuid);
}

static bool begin_binary_only(struct parser *parser, const char **attributes)
{
    const char *file = find(attributes, "MetadataFile");
    if (!file)
        return refuse(parser, "is BinaryOnly and names no MetadataFile");
    return !parser->metadata || copy_text(parser, parser->metadata->companion, file);
}

static void begin_element(void *user, const char *full_name, const char **attributes)
{
    struct parser *parser = user;
    const char *name = local_name(full_name), *file;
    note_progress(parser);
    if (++parser->depth > MAX_DEPTH)
        refuse(parser, "has elements more than %d deep", MAX_DEPTH);
    else if (parser->depth == 1)
        begin_root(parser, name, attributes);
    else if (parser->depth == 2 && strcmp(name, "BinaryOnly") == 0)
        begin_binary_only(parser, attributes);
    else if (parser->depth == 2 && strcmp(name, "Image") == 0)
        begin_image(parser, attributes);
    else if (parser->depth == 3 && strcmp(name, "Pixels") == 0)
        begin_pixels(parser, attributes);
    else if ((parser->depth == 4 && strcmp(name, "Channel") == 0) ||
             (parser->depth == 3 && strcmp(name, "LogicalChannel") == 0)) /* before 2010 */
        begin_channel(parser, attributes);
    else if (parser->depth == 4 && strcmp(name, "TiffData") == 0)
        begin_data(parser, attributes);
    else if (parser->depth == 4 && parser->in_pixels && parser->metadata &&
             strcmp(name, "Plane") == 0)
        begin_plane(parser, attributes);
    else if (parser->depth == 3 && parser->in_image && strcmp(name, "AnnotationRef") == 0)
        keep_reference(parser, attributes);
    else if (parser->depth == 3 && strcmp(name, "XMLAnnotation") == 0)
        begin_annotation(parser, attributes);
    else if (parser->in_annotation && parser->metadata)
        begin_annotated(parser, name, attributes);
    else if (parser->depth == 4 && parser->in_pixels && parser->metadata &&
             (strcmp(name, "BinData") == 0 || strcmp(name, "MetadataOnly") == 0))
        parser->metadata->series[parser->metadata->series_count - 1].has_no_pages = true;
    else if (parser->in_data && parser->depth == 5 && strcmp(name, "UUID") == 0) {
        parser->in_uuid = true;
        file = find(attributes, "FileName");
        if (file)
            copy_text(parser, parser->data.file, file);
    }
}

static void end_element(void *user, const char *full_name)
{
    struct parser *parser = user;
    const char *name = local_name(full_name);
    note_progress(parser);
    if (parser->depth == 5)
        parser->in_uuid = false;
    if (parser->depth == 4 && parser->in_data)
        end_data(parser);
    if (parser->depth == 3 && parser->in_pixels && strcmp(name, "Pixels") == 0) {
        parser->in_pixels = false;
        if (parser->metadata)
            use_positions(&parser->positions,
                          &parser->metadata->series[parser->metadata->series_count - 1]);
    }
    if (parser->depth == 3)
        parser->in_annotation = false;
    if (parser->modulo && strncmp(name, "ModuloAlong", 11) == 0)
        parser->modulo = NULL;
    if (parser->depth == 2 && parser->in_image) {
        struct tiff_metadata *metadata = parser->metadata;
        parser->in_image = false;
        if (metadata && metadata->series[metadata->series_count - 1].columns == 0)
            refuse(parser, "has an Image without Pixels");
    }
    parser->depth--;
}

static void handle_text(void *user, const char *text, int length)
{
    struct parser *parser = user;
    size_t used = strlen(parser->data.uuid);
    note_progress(parser);
    if (!parser->in_uuid)
        return;
    if (used + (size_t)length >= OME_TEXT)
        refuse(parser, "has a UUID of more than %d bytes", OME_TEXT - 1);
    else
        snprintf(parser->data.uuid + used, OME_TEXT - used, "%.*s", length, text);
}

static void handle_other(void *user, const char *text, int length)
{
    (void)text, (void)length;
    note_progress(user);
}

static void refuse_doctype(void *user, const char *name, const char *system, const char *public,
                           int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    refuse(user, "has a document type with declarations of its own, which is not read");
}

/* ---- bytes --------------------------------------------------------------------------------- */

/* What follows the root element is ignored. */
static bool parse_part(struct parser *parser, const char *bytes, size_t n, bool is_last)
{
    enum XML_Status status =
        XML_Parse(parser->expat, bytes, (int)n, is_last ? XML_TRUE : XML_FALSE);
    bool is_whole = parser->has_root && parser->depth == 0;
    if (parser->is_stopped)
        return false;
    if (status != XML_STATUS_OK && XML_GetErrorCode(parser->expat) == XML_ERROR_NO_MEMORY)
        return fail_memory(parser->fail, "%s: its OME-XML", parser->source->name);
    if (status != XML_STATUS_OK && !is_whole)
        return refuse(parser, "is broken in line %lu: %s",
                      (unsigned long)XML_GetCurrentLineNumber(parser->expat),
                      XML_ErrorString(XML_GetErrorCode(parser->expat)));
    return true;
}

static bool feed(struct parser *parser, struct clean_text *text, char bytes[CLEAN_SIZE],
                 struct fail *fail)
{
    uint64_t at = 0;
    while (!text->is_ended && !(parser->has_root && parser->depth == 0)) {
        size_t n;
        if (!clean_text_next(text, bytes, &n))
            return fail_errno(fail, "%s", parser->source->name);
        at += n;
        if (!parse_part(parser, bytes, n, text->is_ended))
            return false;
        if (at > parser->parsed + MAX_TAG)
            return refuse(parser, "has a tag of more than %d bytes", MAX_TAG);
    }
    return parser->has_root || refuse(parser, "is empty");
}

static bool parse(struct parser *parser, struct fail *fail)
{
    const struct ome_source *source = parser->source;
    parser->fail = fail;
    if (source->size > MAX_SIZE)
        return fail_set(fail, "%s: its OME-XML has %" PRIu64 " bytes; " OME_WAY_OUT, source->name,
                        source->size);
    parser->expat = XML_ParserCreate("UTF-8");
    struct clean_text *text = calloc(1, sizeof *text);
    char *bytes = malloc(CLEAN_SIZE);
    if (!parser->expat || !text || !bytes) {
        free(text);
        free(bytes);
        XML_ParserFree(parser->expat);
        return fail_memory(fail, "%s", source->name);
    }
    *text = (struct clean_text){
        .fd = source->fd, .at = source->offset, .end = source->offset + source->size};
    XML_SetUserData(parser->expat, parser);
    XML_SetElementHandler(parser->expat, begin_element, end_element);
    XML_SetCharacterDataHandler(parser->expat, handle_text);
    XML_SetStartDoctypeDeclHandler(parser->expat, refuse_doctype);
    XML_SetDefaultHandler(parser->expat, handle_other);
    bool ok = feed(parser, text, bytes, fail);
    XML_ParserFree(parser->expat);
    if (ok && parser->metadata)
        apply_modulos(parser);
    free(parser->positions.places);
    free(parser->references);
    free(parser->modulos);
    free(text);
    free(bytes);
    return ok;
}

bool ome_read(const struct ome_source *source, struct tiff_metadata *metadata, struct fail *fail)
{
    *metadata = (struct tiff_metadata){0};
    bool ok = parse(&(struct parser){.source = source, .metadata = metadata}, fail);
    metadata->is_ome = true;
    metadata->dialect = "OME-TIFF";
    return ok;
}

bool ome_for_each_data(const struct ome_source *source, size_t series,
                       ome_data_handler *handle_data, void *state, struct fail *fail)
{
    return parse(
        &(struct parser){
            .source = source, .handle_data = handle_data, .state = state, .wanted = series},
        fail);
}

/* ---- finding the XML ----------------------------------------------------------------------- */

/* An element OME begins here, with or without a prefix; "OME" at name. */
static bool is_root(const char *text, const char *name)
{
    const char *begin = name;
    bool ends = name[3] != '\0' && strchr(" \t\r\n/>", name[3]);
    if (begin > text && begin[-1] == ':' && ends)
        for (begin--; begin > text && !strchr(" \t\r\n<>", begin[-1]);)
            begin--;
    return begin > text && begin[-1] == '<';
}

bool ome_is_xml(const char *text)
{
    text = clean_text_begin(text);
    for (const char *at = text; at && (at = strstr(at, "OME")); at += 3)
        if (is_root(text, at))
            return true;
    return false;
}

/* Finds the number of the description that is OME-XML, among those of the directory; else 0. */
static bool find_description(const struct tiff_file *file, size_t *number, struct fail *fail)
{
    char text[4096];
    enum outcome outcome = OUTCOME_DONE;
    *number = 0;
    for (size_t i = 0; outcome == OUTCOME_DONE; i++) {
        outcome = tiff_tag_text_at(file, TIFFTAG_IMAGEDESCRIPTION, i, text, sizeof text, fail);
        if (outcome == OUTCOME_DONE && ome_is_xml(text)) {
            *number = i;
            break;
        }
    }
    return outcome != OUTCOME_FAILED;
}

bool ome_in_tiff(const struct tiff_file *file, struct ome_source *source, struct fail *fail)
{
    size_t number;
    *source = (struct ome_source){.name = file->name, .fd = file->fd};
    if (!find_description(file, &number, fail))
        return false;
    if (tiff_tag_location_at(file, TIFFTAG_IMAGEDESCRIPTION, number, &source->size, &source->offset,
                             fail) != OUTCOME_DONE ||
        source->offset > file->size || source->size > file->size - source->offset)
        return fail_set(fail, "%s: its description lies beyond the end of the file", file->name);
    return true;
}
