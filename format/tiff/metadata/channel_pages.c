/* Programs that write a page for each channel, described by itself, perhaps beside pictures of the
 * slide: PerkinElmer's QPTIFF (XML) and MIBI (JSON, https://github.com/ionpath/mibilib). */
#include <expat.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/text/json.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"
#include "format/tiff/metadata/places.h"

enum { TEXT_SIZE = 131072 };

/* What a page's description says; kind "": nothing that can be read. */
struct page_text {
    char kind[TIFF_NAME_SIZE], name[TIFF_NAME_SIZE];
};

struct format {
    const char *dialect, *channel_kind; /* of pages that are channels */
    bool (*is_text)(const char *text);
    bool (*read)(const char *text, struct page_text *page, struct fail *fail);
};

/* ---- QPTIFF -------------------------------------------------------------------------------- */

#define QPI_ROOT "PerkinElmer-QPI-ImageDescription"

struct qpi {
    XML_Parser parser;
    size_t depth;
    char *to; /* where the text of the current element goes; NULL: nowhere */
    struct page_text *page;
};

static bool qpi_is_text(const char *text)
{
    const char *root = strstr(text, "<" QPI_ROOT);
    return root && text[strspn(text, " \t\r\n")] == '<' && root - text < 1024;
}

static void begin_element(void *state, const char *name, const char **attributes)
{
    struct qpi *qpi = state;
    (void)attributes;
    qpi->to = NULL;
    if (qpi->depth++ == 1 && strcmp(name, "ImageType") == 0)
        qpi->to = qpi->page->kind;
    else if (qpi->depth == 2 && strcmp(name, "Name") == 0)
        qpi->to = qpi->page->name;
}

static void end_element(void *state, const char *name)
{
    struct qpi *qpi = state;
    (void)name;
    qpi->depth--;
    qpi->to = NULL;
}

static void add_text(void *state, const char *text, int n)
{
    const struct qpi *qpi = state;
    size_t used = qpi->to ? strlen(qpi->to) : 0;
    if (qpi->to && used + (size_t)n < TIFF_NAME_SIZE)
        snprintf(qpi->to + used, TIFF_NAME_SIZE - used, "%.*s", n, text);
}

static void refuse_doctype(void *state, const char *name, const char *system, const char *public,
                           int has_subset)
{
    const struct qpi *qpi = state;
    (void)name, (void)system, (void)public, (void)has_subset;
    XML_StopParser(qpi->parser, XML_FALSE);
}

/* What stands before damage is read. The declaration may say utf-16, which the text is not. */
static bool qpi_read(const char *text, struct page_text *page, struct fail *fail)
{
    struct qpi qpi = {.parser = XML_ParserCreate("UTF-8"), .page = page};
    if (!qpi.parser)
        return fail_memory(fail, "a parser of XML");
    XML_SetUserData(qpi.parser, &qpi);
    XML_SetElementHandler(qpi.parser, begin_element, end_element);
    XML_SetCharacterDataHandler(qpi.parser, add_text);
    XML_SetStartDoctypeDeclHandler(qpi.parser, refuse_doctype);
    text += strspn(text, " \t\r\n");
    (void)XML_Parse(qpi.parser, text, (int)strlen(text), 1);
    XML_ParserFree(qpi.parser);
    if (qpi.to) /* its end was not met */
        qpi.to[0] = '\0';
    return true;
}

/* ---- MIBI ---------------------------------------------------------------------------------- */

static bool find_text(const char *text, const char *key, char *value, size_t size)
{
    struct json_value member;
    return json_member((struct json_value){text, text + strlen(text)}, key, &member) &&
           json_text(member, value, size) && value[0] != '\0' && strcmp(value, "null") != 0;
}

static bool mibi_is_text(const char *text)
{
    static const char *const keys[] = {"channel.target", "channel.mass", "mibi.version",
                                       "mibi.run"};
    char value[TIFF_NAME_SIZE];
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (find_text(text, keys[i], value, sizeof value))
            return true;
    return false;
}

static bool mibi_read(const char *text, struct page_text *page, struct fail *fail)
{
    (void)fail;
    bool has_name = find_text(text, "channel.target", page->name, sizeof page->name) ||
                    find_text(text, "channel.mass", page->name, sizeof page->name);
    if (!has_name)
        page->name[0] = '\0';
    if (!find_text(text, "image.type", page->kind, sizeof page->kind))
        snprintf(page->kind, sizeof page->kind, "%s", has_name ? "SIMS" : "");
    return true;
}

/* ---- the pages ----------------------------------------------------------------------------- */

static const struct format formats[] = {
    {"PerkinElmer QPTIFF", "FullResolution", qpi_is_text, qpi_read},
    {"MIBI", "SIMS", mibi_is_text, mibi_read},
};

static const struct format *format_of(const char *text)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (formats[i].is_text(text))
            return &formats[i];
    return NULL;
}

bool channel_pages_is_text(const char *text)
{
    return format_of(text) != NULL;
}

struct pages {
    char *text;
    const struct format *format;
    struct tiff_metadata *metadata;
    size_t capacity; /* of its places */
};

static bool read_page(const struct tiff_file *file, uint64_t number, void *state, struct fail *fail)
{
    struct pages *pages = state;
    struct tiff_metadata *metadata = pages->metadata;
    struct page_text page = {.kind = ""};
    if (!tiff_page_description(file, pages->format->is_text, pages->text, TEXT_SIZE, fail) ||
        !pages->format->read(pages->text, &page, fail))
        return false;
    if (page.kind[0] == '\0')
        return fail_set(fail,
                        "%s: page %" PRIu64 " has no %s description that tells what it is; --plain "
                        "takes each page as a plane, with --order as what you say",
                        file->name, number, pages->format->dialect);
    if (!array_reserve(metadata->places, &pages->capacity, metadata->place_count + 1))
        return fail_errno(fail, "%s: a list of %zu pages", file->name, metadata->place_count + 1);
    bool is_channel = strcmp(page.kind, pages->format->channel_kind) == 0;
    metadata->places[metadata->place_count++] = is_channel ? metadata->images++ : TIFF_NO_PLACE;
    if (is_channel)
        tiff_series_name_channel(metadata->series, page.name);
    return true;
}

/* Both formats give the resolution of what was recorded. */
static bool set_spacing(const struct tiff_file *file, const char *dialect,
                        struct tiff_series *series, struct fail *fail)
{
    static const unsigned tags[AXES] = {0, TIFFTAG_YRESOLUTION, TIFFTAG_XRESOLUTION};
    uint64_t unit;
    if (!tiff_tag_count(file, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH, &unit, fail))
        return false;
    for (enum axis a = AXIS_ROW; a < AXES && unit == RESUNIT_CENTIMETER; a++) {
        double per_cm = NAN;
        char source[48];
        if (tiff_tag_rational(file, tags[a], &per_cm, fail) == OUTCOME_FAILED)
            return false;
        snprintf(source, sizeof source, "%s resolution", dialect);
        if (per_cm > 0 && isfinite(1e4 / per_cm))
            tiff_series_set_spacing(series, a, 1e4 / per_cm, "um", source);
    }
    return true;
}

bool channel_pages_read(struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                        struct fail *fail)
{
    struct pages pages = {
        .text = malloc(TEXT_SIZE), .format = format_of(text), .metadata = metadata};
    struct tiff_series *series = metadata->series;
    metadata->dialect = pages.format->dialect;
    bool ok = (pages.text || fail_errno(fail, "%s", file->name)) &&
              tiff_for_each_page(file, read_page, &pages, fail) &&
              set_spacing(file, metadata->dialect, series, fail);
    free(pages.text);
    if (!ok)
        return false;
    series->count[PAGE_CHANNEL] = metadata->images;
    series->count[PAGE_PLANE] = 1;
    return metadata->images > 0 ||
           fail_set(fail,
                    "%s: is a %s file without a page of %s; --plain takes each page as a plane",
                    file->name, metadata->dialect, pages.format->channel_kind);
}
