/* tifffile describes the array that it wrote: {"shape": [30, 256, 256], ...}, formerly
 * shape=(30,256,256). */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/json.h"
#include "common/text/number.h"
#include "common/volume/unit.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"
#include "format/tiff/metadata/ome.h"

#define MAX_SIZES 16

/* Returns how many sizes the array has; 0 if they are not 1 to 16 whole numbers. */
static size_t read_sizes(struct json_value array, uint64_t sizes[MAX_SIZES])
{
    struct json_value item;
    size_t count = 0;
    for (char digits[24]; json_item(array, count, &item); count++)
        if (count == MAX_SIZES || !json_text(item, digits, sizeof digits) ||
            !number_count(digits, &sizes[count]))
            return 0;
    return count;
}

/* An array: its sizes, the slowest first, and a letter for each axis, '?' where none is stated. */
struct shape {
    uint64_t sizes[MAX_SIZES];
    char letters[MAX_SIZES + 1];
    size_t count; /* 0: this is no description of tifffile's */
};

/* Letters of the last axes; tifffile adds sizes before them when it writes an array several times.
 */
static void read_letters(struct json_value value, struct shape *shape)
{
    char text[MAX_SIZES + 1] = "";
    struct json_value member;
    if (!json_member(value, "axes", &member) || !json_text(member, text, sizeof text))
        return;
    size_t length = strlen(text);
    for (size_t i = 0; length <= shape->count && i < length; i++)
        shape->letters[shape->count - length + i] = (char)toupper((unsigned char)text[i]);
}

static void read_shape(const char *text, struct shape *shape)
{
    struct json_value value = {text, text + strlen(text)}, member;
    const char *end = strncmp(text, "shape=(", 7) == 0 ? strchr(text, ')') : NULL;
    *shape = (struct shape){.count = 0};
    if (end) {
        char array[512];
        snprintf(array, sizeof array, "[%.*s]", (int)(end - text - 7), text + 7);
        shape->count = read_sizes((struct json_value){array, array + strlen(array)}, shape->sizes);
    } else if (json_member(value, "shape", &member)) {
        shape->count = read_sizes(member, shape->sizes);
    }
    memset(shape->letters, '?', shape->count);
    if (!end)
        read_letters(value, shape);
}

/* The axis of images that a letter stands for; PAGE_AXES if none. */
static enum page_axis axis_of_letter(char letter)
{
    static const char letters[] = "CZT";
    const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
    return found ? (enum page_axis)(found - letters) : PAGE_AXES;
}

/* ---- the axes of a page ---------------------------------------------------------------------- */

struct page_facts {
    uint64_t rows, columns, samples;
    bool is_separate, is_rgb;
};

static bool read_facts(const struct tiff_file *file, struct page_facts *facts, struct fail *fail)
{
    uint64_t planar, photometric;
    if (!tiff_tag_count(file, TIFFTAG_IMAGELENGTH, 0, &facts->rows, fail) ||
        !tiff_tag_count(file, TIFFTAG_IMAGEWIDTH, 0, &facts->columns, fail) ||
        !tiff_tag_count(file, TIFFTAG_SAMPLESPERPIXEL, 1, &facts->samples, fail) ||
        !tiff_tag_count(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK, &photometric, fail) ||
        !tiff_tag_count(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG, &planar, fail))
        return false;
    facts->is_separate = planar == PLANARCONFIG_SEPARATE && facts->samples > 1;
    facts->is_rgb = photometric == PHOTOMETRIC_RGB;
    return true;
}

/* How many of the last sizes are axes of a page; 0 if they are not those of this file's pages. */
static size_t count_page_axes(const struct shape *shape, const struct page_facts *facts)
{
    const uint64_t separate[] = {facts->samples, facts->rows, facts->columns};
    const uint64_t mixed[] = {facts->rows, facts->columns, facts->samples};
    size_t used = facts->samples > 1 ? 3 : 2;
    const uint64_t *page = facts->is_separate ? separate : mixed;
    bool agrees = shape->count >= used &&
                  memcmp(shape->sizes + shape->count - used, page, used * sizeof page[0]) == 0;
    return agrees ? used : 0;
}

static void drop_axis(struct shape *shape, size_t axis)
{
    size_t after = --shape->count - axis;
    memmove(shape->sizes + axis, shape->sizes + axis + 1, after * sizeof shape->sizes[0]);
    memmove(shape->letters + axis, shape->letters + axis + 1, after + 1);
}

/* Leaves only the axes that images run along. tifffile takes 3 or 4 planes for colours, and so 3 or
 * 4 columns: the letters tell. Returns false if the page is none of the array's. */
static bool leave_axes_of_images(struct shape *shape, const struct page_facts *facts,
                                 struct tiff_metadata *metadata)
{
    size_t used = count_page_axes(shape, facts);
    while (used == 0 && shape->count > 2 && shape->sizes[shape->count - 1] == 1) {
        drop_axis(shape, shape->count - 1); /* samples of a pixel that has one */
        used = count_page_axes(shape, facts);
    }
    if (used == 0)
        return false;
    size_t first = shape->count - used, samples = facts->is_separate ? first : first + 2;
    bool is_pixel = used == 2;
    char letter = is_pixel ? 'S' : shape->letters[samples];
    if (!is_pixel && !facts->is_separate && letter == 'X' && shape->letters[first + 1] == 'Y') {
        metadata->parts = (struct tiff_parts){SPLIT_ROWS, facts->rows};
        shape->count -= 2;
        return true;
    }
    bool is_named = letter != 'S' && letter != '?';
    metadata->samples_are_channels = facts->is_separate && facts->is_rgb && letter == 'C';
    if (is_named && letter != 'C' && (facts->is_separate || axis_of_letter(letter) != PAGE_AXES)) {
        metadata->parts = (struct tiff_parts){facts->is_separate ? SPLIT_SEPARATE : SPLIT_SAMPLES,
                                              facts->samples};
    }
    char row = shape->letters[facts->is_separate ? first + 1 : first];
    char column = shape->letters[facts->is_separate ? first + 2 : first + 1];
    if (row != '?' && (row != 'Y' || column != 'X'))
        tiff_series_note(
            metadata->series,
            "its description calls rows %c and columns %c: read as rows and columns; volaxes "
            "puts axes in another order",
            row, column);
    if (metadata->parts.count > 0) { /* the axis of samples is the fastest of the images */
        shape->sizes[first] = shape->sizes[samples];
        shape->letters[first] = letter;
        shape->count = first + 1;
    } else {
        shape->count = first;
    }
    return true;
}

/* ---- the axes of images ---------------------------------------------------------------------- */

/* Fills in the series from the axes of images, the slowest first. False if these are not all
 * channels, planes and frames. */
static bool set_axes(struct tiff_series *series, const struct shape *shape)
{
    bool used[PAGE_AXES] = {false};
    size_t placed = 0, others = 0;
    uint64_t other = 1;
    for (size_t i = shape->count; i-- > 0;) {
        enum page_axis axis = axis_of_letter(shape->letters[i]);
        if (axis == PAGE_AXES || used[axis]) {
            others += shape->sizes[i] > 1;
            other *= shape->sizes[i];
            if (shape->sizes[i] > 1)
                axis = PAGE_PLANE; /* if it is the only one */
            else
                continue;
        }
        if (used[axis] || others > 1)
            return false;
        used[axis] = true;
        series->order[placed++] = axis;
        series->count[axis] = shape->sizes[i];
    }
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        if (!used[axis]) {
            series->order[placed++] = axis;
            series->count[axis] = 1;
        }
    /* Beside channels or frames, an axis without a name may be anything. */
    return others == 0 || tiff_series_images(series) == other;
}

/* The name of an axis that is none of planes, channels and frames; NULL: its letter is no name. */
static const char *name_of_letter(char letter)
{
    static const struct {
        char letter;
        const char *name;
    } names[] = {{'A', "angle"},  {'P', "phase"},    {'R', "tile"},  {'H', "lifetime"},
                 {'E', "lambda"}, {'L', "exposure"}, {'V', "event"}, {'M', "mosaic"},
                 {'J', "column"}, {'K', "row"},      {'S', "sample"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].letter == letter)
            return names[i].name;
    return NULL;
}

/* The axis whose name says that it is none of planes, although it is read as these; NULL: none. */
static const char *find_strange_axis(const struct shape *shape)
{
    const char *name = NULL;
    for (size_t i = 0; i < shape->count && !name; i++)
        name = shape->sizes[i] > 1 ? name_of_letter(shape->letters[i]) : NULL;
    return name;
}

/* ---- steps ----------------------------------------------------------------------------------- */

/* The item of an array of `count` that is an axis' (planes, rows, columns; the first ones may be
 * missing), or the value itself if it is no array. */
static bool find_for_axis(struct json_value value, enum axis axis, struct json_value *found)
{
    struct json_value item;
    size_t count = 0;
    while (count <= AXES && json_item(value, count, &item))
        count++;
    *found = value;
    return count == 0 || (count <= AXES && (size_t)axis + count >= AXES &&
                          json_item(value, (size_t)axis + count - AXES, found));
}

/* "spacing" as ImageJ has it, the step of planes, or those of all axes; in the unit "unit". */
static void read_spacing(struct json_value value, struct tiff_series *series)
{
    struct json_value spacing, unit, item, ignored;
    bool has_unit = json_member(value, "unit", &unit) || json_member(value, "units", &unit);
    if (!json_member(value, "spacing", &spacing))
        return;
    bool is_array = json_item(spacing, 0, &ignored);
    for (enum axis a = AXIS_PLANE; a < (is_array ? AXES : AXIS_ROW); a++) {
        char name[64] = "", normal[UNIT_SIZE] = "";
        double step;
        if (!find_for_axis(spacing, a, &item) || !json_real(item, &step))
            continue;
        if (!(step > 0)) {
            tiff_series_note(series, "its spacing %g is not a size: taken as unknown", step);
            continue;
        }
        if (has_unit && find_for_axis(unit, a, &item) && json_text(item, name, sizeof name))
            unit_normalize(normal, name);
        tiff_series_set_spacing(series, a, step, unit_is_pixel(normal) ? "" : normal,
                                "tifffile spacing");
    }
}

/* OME's attributes, which tifffile writes into any description. */
static void read_physical_sizes(struct json_value value, struct tiff_series *series)
{
    static const char *const sources[AXES] = {"tifffile PhysicalSizeZ", "tifffile PhysicalSizeY",
                                              "tifffile PhysicalSizeX"};
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        const char *name = strchr(sources[a], ' ') + 1;
        char unit_name[24], size[64], unit[64];
        struct json_value member;
        snprintf(unit_name, sizeof unit_name, "%sUnit", name);
        if (!json_member(value, name, &member) || !json_text(member, size, sizeof size))
            continue;
        bool has_unit =
            json_member(value, unit_name, &member) && json_text(member, unit, sizeof unit);
        ome_set_size(series, a, size, has_unit ? unit : NULL, sources[a]);
    }
}

/* ---------------------------------------------------------------------------------------------- */

static bool count_images(const struct tiff_file *file, const char *text, const struct shape *shape,
                         uint64_t *images, struct fail *fail)
{
    *images = 1;
    for (size_t i = 0; i < shape->count; i++) {
        if (shape->sizes[i] == 0 || *images > INT32_MAX / shape->sizes[i])
            return fail_set(fail, "%s: its description has an impossible shape, %.60s", file->name,
                            text);
        *images *= shape->sizes[i];
    }
    return true;
}

/* {"Channel": {"Name": ["DAPI", "GFP"]}}, the key that its OME-TIFF has too. */
static void read_channel_names(struct json_value value, struct tiff_series *series)
{
    enum { MAX_NAMES = 256 };
    struct json_value channel, names, item;
    char name[TIFF_NAME_SIZE];
    if (!json_member(value, "Channel", &channel) || !json_member(channel, "Name", &names))
        return;
    for (size_t i = 0; i < MAX_NAMES && json_item(names, i, &item); i++)
        tiff_series_name_channel(series, json_text(item, name, sizeof name) ? name : "");
}

bool tifffile_read(const struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                   struct fail *fail)
{
    struct tiff_series *series = metadata->series;
    struct json_value value = {text, text + strlen(text)}, truncated, name;
    struct shape shape;
    struct page_facts facts;
    char word[8];
    read_shape(text, &shape);
    if (shape.count == 0)
        return true;
    if (!read_facts(file, &facts, fail))
        return false;
    if (!leave_axes_of_images(&shape, &facts, metadata))
        return true;
    metadata->dialect = "tifffile shape";
    metadata->is_shaped = true;
    metadata->is_contiguous = json_member(value, "truncated", &truncated) &&
                              json_text(truncated, word, sizeof word) && strcmp(word, "true") == 0;
    if (json_member(value, "name", &name) && !json_text(name, series->name, sizeof series->name))
        series->name[0] = '\0';
    if (!count_images(file, text, &shape, &metadata->images, fail))
        return false;
    if (!set_axes(series, &shape))
        return fail_set(fail,
                        "%s: its description has axes besides rows and columns (%.60s) of which "
                        "it does not say which are planes, channels or frames; --plain takes each "
                        "page as a plane, with --order as what you say",
                        file->name, text);
    const char *strange = find_strange_axis(&shape);
    if (strange)
        tiff_series_note(series, "its description calls the axis of its pages '%s': read as planes",
                         strange);
    else
        read_spacing(value, series);
    read_physical_sizes(value, series);
    read_channel_names(value, series);
    return true;
}

bool tifffile_read_page(const struct tiff_file *file, struct tiff_metadata *metadata,
                        struct fail *fail)
{
    enum { TEXT_SIZE = 65536 };
    enum outcome outcome = OUTCOME_DONE;
    char *text = malloc(TEXT_SIZE);
    if (!text)
        return fail_errno(fail, "%s", file->name);
    bool ok = true;
    for (size_t i = 0; ok && outcome == OUTCOME_DONE && !metadata->is_shaped; i++) {
        outcome = tiff_tag_text_at(file, TIFFTAG_IMAGEDESCRIPTION, i, text, TEXT_SIZE, fail);
        ok = outcome == OUTCOME_DONE ? tifffile_read(file, text, metadata, fail)
                                     : outcome == OUTCOME_ABSENT;
    }
    free(text);
    return ok;
}
