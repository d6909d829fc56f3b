#include "format/tiff/metadata/ome.h"

#include <expat.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/descriptor.h"
#include "common/base/number.h"

/* Limits: bytes of a tag with its attributes (OME's are below 1 KiB), nesting of elements (OME's
 * are 10 deep), series. */
enum { MAX_TAG = 1 << 20, MAX_DEPTH = 100, MAX_SERIES = 4096, CHUNK = 16384 };
#define MAX_SIZE (UINT64_C(1) << 30)

struct parser {
    const struct ome_source *source;
    XML_Parser expat;
    struct fail *fail;
    size_t depth;
    bool has_root;   /* the element OME has begun */
    bool is_stopped; /* by us, and fail is set */
    uint64_t parsed; /* bytes up to the last complete tag or text */

    struct tiff_metadata *metadata; /* to fill in; NULL: only TiffData elements are wanted */
    bool in_image, in_pixels;
    size_t series;     /* how many have begun */
    uint64_t channels; /* Channel elements in the series */

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
    fail_set(parser->fail, "%s: its OME-XML %s", parser->source->name, why);
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

static void read_steps(const char **attributes, struct tiff_series *series)
{
    static const char *const sources[AXES] = {"OME PhysicalSizeZ", "OME PhysicalSizeY",
                                              "OME PhysicalSizeX"};
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        const char *name = strchr(sources[a], ' ') + 1;
        char unit_name[24], unit[UNIT_SIZE] = "";
        double step;
        snprintf(unit_name, sizeof unit_name, "%sUnit", name);
        const char *text = find(attributes, name), *found = find(attributes, unit_name);
        bool is_pixel = found && strcmp(found, "pixel") == 0;
        if (!text || !number_real(text, &step) || !(step > 0) || (is_pixel && step == 1))
            continue;
        if (!found || strcmp(found, "reference frame") != 0)
            unit_normalize(unit, found ? found : "um"); /* the schema's default */
        tiff_series_set_spacing(series, a, step, unit, sources[a]);
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
    return read_sizes(parser, attributes, series) && read_order(parser, attributes, series);
}

static bool begin_image(struct parser *parser, const char **attributes)
{
    if (++parser->series > MAX_SERIES)
        return refuse(parser, "has more than %d images", MAX_SERIES);
    parser->in_image = true;
    parser->channels = 0;
    if (!parser->metadata)
        return true;
    struct tiff_series *series = tiff_metadata_add_series(parser->metadata, parser->fail);
    if (!series)
        return stop(parser);
    const char *name = find(attributes, "Name");
    snprintf(series->name, sizeof series->name, "%s", name ? name : "");
    return true;
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
    if (!read_number(parser, attributes, "SamplesPerPixel", 1, &samples))
        return false;
    if (parser->channels++ > 0 && samples != series->samples)
        return refuse(parser, "has channels of different SamplesPerPixel");
    series->samples = samples;
    tiff_series_name_channel(series, name ? name : "");
    return true;
}

/* ---- TiffData ------------------------------------------------------------------------------ */

static bool begin_data(struct parser *parser, const char **attributes)
{
    struct ome_data *data = &parser->data;
    if (parser->metadata && parser->in_pixels)
        parser->metadata->series[parser->metadata->series_count - 1].has_tiff_data = true;
    if (!parser->handle_data || parser->series != parser->wanted + 1 || !parser->in_pixels)
        return true;
    *data = (struct ome_data){.page = UINT64_MAX, .count = UINT64_MAX};
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
    parser->in_data = true;
    return true;
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
    if (!parser->handle_data(parser->state, data, parser->fail))
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
    if (parser->depth == 3 && strcmp(name, "Pixels") == 0)
        parser->in_pixels = false;
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

/* The text of a tag may be padded with zero bytes. */
static bool feed(struct parser *parser, struct fail *fail)
{
    const struct ome_source *source = parser->source;
    char bytes[CHUNK];
    for (uint64_t at = 0;;) {
        size_t got, wanted = min_u64(source->size - at, CHUNK);
        if (!descriptor_read_at(source->fd, bytes, wanted, source->offset + at, &got))
            return fail_errno(fail, "%s", source->name);
        size_t length = strnlen(bytes, got);
        at += length;
        bool is_last = length == 0 || length < got || at == source->size;
        enum XML_Status status =
            XML_Parse(parser->expat, bytes, (int)length, is_last ? XML_TRUE : XML_FALSE);
        if (parser->is_stopped)
            return false;
        if (status != XML_STATUS_OK)
            return refuse(parser, "is broken in line %lu: %s",
                          (unsigned long)XML_GetCurrentLineNumber(parser->expat),
                          XML_ErrorString(XML_GetErrorCode(parser->expat)));
        if (is_last)
            return parser->has_root || refuse(parser, "is empty");
        if (at > parser->parsed + MAX_TAG)
            return refuse(parser, "has a tag of more than %d bytes", MAX_TAG);
    }
}

static bool parse_as(struct parser *parser, const char *encoding, enum XML_Error *error,
                     struct fail *fail)
{
    parser->fail = fail;
    parser->expat = XML_ParserCreate(encoding);
    if (!parser->expat)
        return fail_errno(fail, "%s", parser->source->name);
    XML_SetUserData(parser->expat, parser);
    XML_SetElementHandler(parser->expat, begin_element, end_element);
    XML_SetCharacterDataHandler(parser->expat, handle_text);
    XML_SetStartDoctypeDeclHandler(parser->expat, refuse_doctype);
    XML_SetDefaultHandler(parser->expat, handle_other);
    bool ok = feed(parser, fail);
    *error = XML_GetErrorCode(parser->expat);
    XML_ParserFree(parser->expat);
    return ok;
}

/* Some programs declare UTF-8 but write a micro sign in Latin-1: then parse again as Latin-1. */
static bool parse(const struct parser *begin, struct fail *fail)
{
    struct parser parser = *begin;
    struct fail first = {{0}};
    enum XML_Error error = XML_ERROR_NONE;
    if (begin->source->size > MAX_SIZE)
        return fail_set(fail, "%s: its OME-XML has %" PRIu64 " bytes", begin->source->name,
                        begin->source->size);
    if (parse_as(&parser, NULL, &error, &first))
        return true;
    if (error == XML_ERROR_INVALID_TOKEN) {
        parser = *begin;
        if (parser.metadata)
            tiff_metadata_free(parser.metadata);
        struct fail second = {{0}};
        if (parse_as(&parser, "ISO-8859-1", &error, &second))
            return true;
    }
    return fail_set(fail, "%s", first.text);
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

bool ome_is_xml(const char *text)
{
    text += strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    text += strspn(text, " \t\r\n");
    const char *root = strstr(text, "<OME");
    if (!root)
        root = strstr(text, ":OME ");
    return text[0] == '<' && root != NULL;
}

bool ome_in_tiff(const struct tiff_file *file, struct ome_source *source, struct fail *fail)
{
    *source = (struct ome_source){.name = file->name, .fd = file->fd};
    if (tiff_tag_location(file, TIFFTAG_IMAGEDESCRIPTION, &source->size, &source->offset, fail) !=
            OUTCOME_DONE ||
        source->offset > file->size || source->size > file->size - source->offset)
        return fail_set(fail, "%s: its description lies beyond the end of the file", file->name);
    return true;
}
