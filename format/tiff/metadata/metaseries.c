/* MetaMorph's XML, <MetaData><PlaneInfo><prop id="wavelength" type="float" value="460"/>..., as the
 * description of every page. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/text/number.h"
#include "common/volume/unit.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"
#include "format/tiff/metadata/places.h"

#define TEXT_SIZE 65536

/* The planes of a channel: different positions, and how many pages each has had. */
struct level {
    double z;
    uint64_t pages;
};

struct channel {
    char key[TIFF_NAME_SIZE], name[TIFF_NAME_SIZE];
    struct level *levels;
    size_t count, capacity;
};

struct pages {
    char *text;
    struct channel *channels;
    size_t count, capacity;
    struct page_places places;
    char stage[TIFF_NAME_SIZE]; /* label of the first page */
    bool is_incomplete;         /* a page has no description, or no position */
};

bool metaseries_is_text(const char *text)
{
    text += strspn(text, " \t\r\n");
    if (strncmp(text, "<?xml", 5) == 0) {
        text += strcspn(text, ">");
        text += *text == '>';
        text += strspn(text, " \t\r\n");
    }
    return strncmp(text, "<MetaData>", 10) == 0;
}

/* Decodes the references of XML in a value of n bytes. Longer values are cut. */
static void decode(const char *from, size_t n, char *to, size_t size)
{
    static const struct {
        const char *reference;
        char meant;
    } names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    const char *end = from + n;
    size_t used = 0;
    while (from < end && used + 3 < size) {
        size_t i = 0, count = sizeof names / sizeof names[0];
        char *after = NULL;
        while (i < count && strncmp(from, names[i].reference, strlen(names[i].reference)) != 0)
            i++;
        unsigned long code = 0;
        if (strncmp(from, "&#x", 3) == 0)
            code = strtoul(from + 3, &after, 16);
        else if (strncmp(from, "&#", 2) == 0)
            code = strtoul(from + 2, &after, 10);
        if (i < count) {
            to[used++] = names[i].meant;
            from += strlen(names[i].reference);
        } else if (after && *after == ';' && code > 0 && code < 0x800) {
            if (code >= 0x80)
                to[used++] = (char)(0xc0 | code >> 6);
            to[used++] = (char)(code >= 0x80 ? 0x80 | (code & 0x3f) : code);
            from = after + 1;
        } else {
            to[used++] = *from++;
        }
    }
    to[used] = '\0';
}

/* The value of an attribute of the element that begins at text. */
static bool find_attribute(const char *text, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    while (*text != '\0' && *text != '>') {
        const char *at = text + strspn(text, " \t\r\n/");
        bool same = at > text && strncmp(at, name, length) == 0;
        const char *after = same ? at + length + strspn(at + length, " \t\r\n") : at;
        at += strcspn(at, " \t\r\n\"'>");
        if (same && *after == '=') {
            after++;
            after += strspn(after, " \t\r\n");
            size_t n = *after == '"' ? strcspn(after + 1, "\"") : strcspn(after + 1, "'");
            if (*after == '"' || *after == '\'') {
                decode(after + 1, n, value, size);
                return true;
            }
        }
        if (*at == '"' || *at == '\'') {
            const char *end = strchr(at + 1, *at);
            if (!end)
                return false;
            at = end + 1;
        }
        text = at > text ? at : text + 1;
    }
    return false;
}

/* The value of the property of a plane: the first one with that id. */
static bool find_property(const char *text, const char *id, char *value, size_t size)
{
    char found[64];
    for (text = strstr(text, "<prop"); text; text = strstr(text + 1, "<prop"))
        if (find_attribute(text + 5, "id", found, sizeof found) && strcmp(found, id) == 0)
            return find_attribute(text + 5, "value", value, size);
    return false;
}

static double find_number(const char *text, const char *id)
{
    char value[48];
    double number;
    return find_property(text, id, value, sizeof value) && number_real(value, &number) ? number
                                                                                       : NAN;
}

/* Channels differ in wavelength or in the setting of the illumination. They are named by the
 * setting where that is enough. */
static void set_name(const struct pages *pages, const char *light, struct channel *channel)
{
    bool is_used = light[0] == '\0';
    for (size_t i = 0; i < pages->count; i++)
        is_used = is_used || strcmp(pages->channels[i].name, light) == 0;
    snprintf(channel->name, sizeof channel->name, "%s", is_used ? channel->key : light);
}

static struct channel *find_channel(struct pages *pages, size_t *number, struct fail *fail)
{
    struct channel channel = {.count = 0};
    char wave[20] = "", light[36] = "";
    double nm = 0;
    (void)find_property(pages->text, "wavelength", wave, sizeof wave);
    (void)find_property(pages->text, "_IllumSetting_", light, sizeof light);
    bool has_wave = number_real(wave, &nm) && nm > 0;
    snprintf(channel.key, sizeof channel.key, "%s%s%s%s", light, light[0] && has_wave ? " " : "",
             has_wave ? wave : "", has_wave ? " nm" : "");
    size_t i = 0;
    while (i < pages->count && strcmp(pages->channels[i].key, channel.key) != 0)
        i++;
    *number = i;
    if (i < pages->count)
        return &pages->channels[i];
    if (i == TIFF_MAX_CHANNELS || !array_reserve(pages->channels, &pages->capacity, i + 1)) {
        fail_memory(fail, "more than %zu channels", i);
        return NULL;
    }
    set_name(pages, light, &channel);
    pages->channels[pages->count] = channel;
    return &pages->channels[pages->count++];
}

/* The level of a channel at a position; a new one if no page was there before. */
static struct level *find_level(struct channel *channel, double z, size_t *number,
                                struct fail *fail)
{
    size_t i = 0;
    while (i < channel->count && fabs(channel->levels[i].z - z) > 0)
        i++;
    *number = i;
    if (i < channel->count)
        return &channel->levels[i];
    if (!array_reserve(channel->levels, &channel->capacity, i + 1)) {
        fail_errno(fail, "a list of %zu planes", i);
        return NULL;
    }
    channel->levels[channel->count] = (struct level){.z = z};
    return &channel->levels[channel->count++];
}

static bool read_page(const struct tiff_file *file, uint64_t number, void *state, struct fail *fail)
{
    struct pages *pages = state;
    char stage[TIFF_NAME_SIZE] = "";
    size_t channel = 0, level = 0;
    if (!tiff_page_description(file, metaseries_is_text, pages->text, TEXT_SIZE, fail))
        return false;
    double z = find_number(pages->text, "z-position");
    pages->is_incomplete |= pages->text[0] == '\0' || isnan(z);
    (void)find_property(pages->text, "stage-label", stage, sizeof stage);
    if (number == 0)
        memcpy(pages->stage, stage, sizeof stage);
    if (pages->text[0] != '\0' && strcmp(pages->stage, stage) != 0)
        return fail_set(fail,
                        "%s: holds several positions of the stage ('%s' and '%s'), which are not "
                        "read; --plain takes each page as a plane, with --order as what you say",
                        file->name, pages->stage, stage);
    struct channel *of = find_channel(pages, &channel, fail);
    /* Without positions, pages of a channel are planes. */
    struct level *at = of ? find_level(of, isnan(z) ? (double)of->count : z, &level, fail) : NULL;
    if (!at)
        return false;
    const uint64_t place[PAGE_AXES] = {channel, level, at->pages++};
    return page_places_add(&pages->places, place, fail);
}

static void set_spacing(struct pages *pages, struct tiff_series *series)
{
    static const char *const keys[AXES] = {NULL, "spatial-calibration-y", "spatial-calibration-x"};
    char text[64] = "", unit[UNIT_SIZE] = "", source[48];
    if (find_property(pages->text, "spatial-calibration-units", text, sizeof text))
        unit_normalize(unit, text);
    bool is_off =
        find_property(pages->text, "spatial-calibration-state", text, sizeof text) &&
        (strcmp(text, "off") == 0 || strcmp(text, "0") == 0 || strcmp(text, "false") == 0);
    for (enum axis a = AXIS_ROW; a < AXES; a++) {
        double step = find_number(pages->text, keys[a]);
        snprintf(source, sizeof source, "MetaMorph %s", keys[a]);
        if (step > 0 && !is_off && unit[0] != '\0' && !unit_is_pixel(unit))
            tiff_series_set_spacing(series, a, step, unit, source);
    }
    const struct channel *channel = &pages->channels[0];
    if (pages->is_incomplete || channel->count < 2)
        return;
    double whole = channel->levels[channel->count - 1].z - channel->levels[0].z;
    double step = whole / (double)(channel->count - 1);
    for (size_t i = 1; i < channel->count; i++)
        if (!(fabs(channel->levels[i].z - channel->levels[i - 1].z - step) <= 0.01 * fabs(step)))
            return;
    tiff_series_set_spacing(series, AXIS_PLANE, fabs(step), "um", "MetaMorph z-position");
}

static bool keep_pages(struct pages *pages, struct tiff_file *file, struct tiff_metadata *metadata,
                       struct fail *fail)
{
    if (!tiff_for_each_page(file, read_page, pages, fail) ||
        !tiff_page_description(file, metaseries_is_text, pages->text, TEXT_SIZE, fail))
        return false;
    set_spacing(pages, metadata->series);
    if (pages->is_incomplete && pages->count == 1)
        return true; /* planes, as they come */
    for (size_t i = 0; pages->count > 1 && i < pages->count; i++)
        tiff_series_name_channel(metadata->series, pages->channels[i].name);
    return page_places_keep(&pages->places, file, metadata, fail);
}

bool metaseries_read(struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail)
{
    struct pages pages = {.text = malloc(TEXT_SIZE)};
    metadata->dialect = "MetaMorph XML";
    metadata->reads_each_page = true;
    bool ok =
        pages.text ? keep_pages(&pages, file, metadata, fail) : fail_errno(fail, "%s", file->name);
    for (size_t i = 0; i < pages.count; i++)
        free(pages.channels[i].levels);
    free(pages.channels);
    free(pages.places.at);
    free(pages.text);
    return ok;
}
