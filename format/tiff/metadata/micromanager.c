/* Micro-Manager: JSON about the acquisition after the file's header, and about each page in a
 * private tag. Layout: https://micro-manager.org/Micro-Manager_File_Formats and, of NDTiff, which
 * the same program writes, https://github.com/micro-manager/NDTiffStorage */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/base/count.h"
#include "common/text/json.h"
#include "common/text/number.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/dialects.h"
#include "format/tiff/metadata/places.h"

enum { TAG_METADATA = 51123, TEXT_SIZE = 65536 };
enum { INDEX_MARK = 54773648, NDTIFF_MARK = 483729, SUMMARY_MARK = 2355492 };

#define WAY_OUT "--plain takes each page as a plane, with --order as what you say"

/* A number among the members of the JSON object text; NAN if there is none. */
static double find_number(const char *text, const char *key)
{
    struct json_value value;
    double number;
    return json_member((struct json_value){text, text + strlen(text)}, key, &value) &&
                   json_real(value, &number)
               ? number
               : NAN;
}

static void set_step(struct tiff_series *series, enum axis axis, double step, const char *source)
{
    if (isnan(series->spacing[axis]) && fabs(step) > 0)
        tiff_series_set_spacing(series, axis, fabs(step), "um", source);
}

/* The mark at the beginning of the file; 0: not one of ours. */
static bool read_mark(const struct tiff_file *file, uint64_t *mark, struct fail *fail)
{
    unsigned char bytes[12] = {0};
    if (file->size >= sizeof bytes && !tiff_file_read(file, 0, bytes, sizeof bytes, fail))
        return false;
    *mark = tiff_parse_number(file, bytes + 8, 4);
    if (*mark != INDEX_MARK && *mark != NDTIFF_MARK)
        *mark = 0;
    return true;
}

static enum outcome read_summary(const struct tiff_file *file, char *text, struct fail *fail)
{
    unsigned char bytes[8];
    uint64_t mark;
    if (!read_mark(file, &mark, fail))
        return OUTCOME_FAILED;
    uint64_t offset = mark == NDTIFF_MARK ? 20 : 32;
    if (mark == 0 || file->size < offset + sizeof bytes)
        return OUTCOME_ABSENT;
    if (!tiff_file_read(file, offset, bytes, sizeof bytes, fail))
        return OUTCOME_FAILED;
    if (tiff_parse_number(file, bytes, 4) != SUMMARY_MARK)
        return OUTCOME_ABSENT;
    size_t size = min_u64(tiff_parse_number(file, bytes + 4, 4), TEXT_SIZE - 1);
    text[size] = '\0';
    return tiff_file_read(file, offset + 8, text, size, fail) ? OUTCOME_DONE : OUTCOME_FAILED;
}

/* ---- positions of the pages ---------------------------------------------------------------- */

enum { POSITION = PAGE_POSITION, AXIS_COUNT = PLACE_AXES };
static const char *const axis_keys[] = {"channel", "z", "time", "position"}; /* in "Axes" */
static const char *const index_keys[] = {"ChannelIndex", "SliceIndex", "FrameIndex",
                                         "PositionIndex"};

/* The names that stand for numbers along an axis, in the order of their first appearance. */
struct names {
    char (*list)[TIFF_NAME_SIZE];
    size_t count, capacity;
};

struct position {
    int64_t at[AXIS_COUNT];
    int64_t channel; /* number of its name */
};

struct positions {
    char *text;            /* of a page */
    struct position *list; /* of the pages */
    size_t count, capacity;
    bool has_numbers[AXIS_COUNT]; /* which not all axes have: the others have names */
    struct names names[AXIS_COUNT];
    struct names channels; /* names of the channels of the pages */
    struct names others;   /* "axis=value" of axes that we don't have */
};

static bool find_name(struct names *names, const char *name, int64_t *number, struct fail *fail)
{
    size_t i = 0;
    while (i < names->count && strcmp(names->list[i], name) != 0)
        i++;
    if (i == TIFF_MAX_CHANNELS || !array_reserve(names->list, &names->capacity, i + 1))
        return fail_memory(fail, "more than %zu names of channels", i);
    if (i == names->count)
        snprintf(names->list[names->count++], TIFF_NAME_SIZE, "%s", name);
    *number = (int64_t)i;
    return true;
}

static bool read_axis(const struct tiff_file *file, struct json_value value, const char *key,
                      size_t axis, struct positions *positions, int64_t *number, struct fail *fail)
{
    char text[TIFF_NAME_SIZE] = "";
    double real;
    bool is_text = value.text[strspn(value.text, " \t\r\n")] == '"';
    bool is_number = json_text(value, text, sizeof text) && !is_text && number_real(text, &real) &&
                     fabs(real) <= INT32_MAX && real - floor(real) <= 0;
    positions->has_numbers[axis] |= is_number;
    if (is_number)
        *number = (int64_t)real;
    else if (is_text && text[0] != '\0' && !find_name(&positions->names[axis], text, number, fail))
        return false;
    return (is_number || (is_text && text[0] != '\0' && !positions->has_numbers[axis])) ||
           fail_set(fail, "%s: its Micro-Manager metadata have \"%s\": %s; " WAY_OUT, file->name,
                    key, text[0] != '\0' ? text : "no value");
}

/* An axis that we don't have is no axis if all pages have the same value. */
static bool check_other(const struct tiff_file *file, struct json_value value, const char *name,
                        struct positions *positions, struct fail *fail)
{
    char text[TIFF_NAME_SIZE] = "", pair[TIFF_NAME_SIZE];
    struct names *others = &positions->others;
    size_t length = strlen(name) + 1, i = 0;
    int64_t ignored;
    if (!json_text(value, text, sizeof text))
        text[0] = '\0';
    snprintf(pair, sizeof pair, "%.30s=%.30s", name, text);
    while (i < others->count && strncmp(others->list[i], pair, length) != 0)
        i++;
    if (i < others->count && strcmp(others->list[i], pair) != 0)
        return fail_set(
            fail,
            "%s: its NDTiff metadata have an axis '%s', which is neither channel, z nor "
            "time; " WAY_OUT,
            file->name, name);
    return find_name(others, pair, &ignored, fail);
}

/* NDTiff's object of any axes. */
static bool read_axes(const struct tiff_file *file, struct json_value axes,
                      struct positions *positions, struct position *position, struct fail *fail)
{
    struct json_value key, value;
    char name[TIFF_NAME_SIZE];
    for (size_t i = 0; json_member_key(axes, i, &key); i++) {
        size_t axis = 0;
        if (!json_text(key, name, sizeof name) || !json_member(axes, name, &value))
            return fail_set(fail,
                            "%s: an axis of its NDTiff metadata has no readable name; " WAY_OUT,
                            file->name);
        while (axis < AXIS_COUNT && strcmp(axis_keys[axis], name) != 0)
            axis++;
        if (axis == AXIS_COUNT
                ? !check_other(file, value, name, positions, fail)
                : !read_axis(file, value, name, axis, positions, &position->at[axis], fail))
            return false;
    }
    return true;
}

static bool has_axes(struct json_value page, struct json_value *axes)
{
    return json_member(page, "Axes", axes) && axes->text[strspn(axes->text, " \t\r\n")] == '{';
}

static bool has_indices(struct json_value page)
{
    struct json_value value;
    for (size_t i = 0; i < POSITION; i++)
        if (json_member(page, index_keys[i], &value))
            return true;
    return false;
}

static bool read_indices(const struct tiff_file *file, struct json_value page,
                         struct positions *positions, struct position *position, struct fail *fail)
{
    struct json_value value;
    for (size_t i = 0; i < AXIS_COUNT; i++)
        if (json_member(page, index_keys[i], &value) &&
            !read_axis(file, value, index_keys[i], i, positions, &position->at[i], fail))
            return false;
    return true;
}

static bool read_page(const struct tiff_file *file, uint64_t number, void *state, struct fail *fail)
{
    struct positions *positions = state;
    struct position position = {.channel = -1};
    char *text = positions->text, channel[TIFF_NAME_SIZE];
    enum outcome outcome = tiff_tag_text(file, TAG_METADATA, text, TEXT_SIZE, fail);
    if (outcome == OUTCOME_FAILED)
        return false;
    if (outcome == OUTCOME_ABSENT)
        text[0] = '\0';
    struct json_value page = {text, text + strlen(text)}, value;
    bool by_axes = has_axes(page, &value);
    if (!by_axes && !has_indices(page))
        return fail_set(fail,
                        "%s: page %" PRIu64 " has no Micro-Manager metadata that tell its channel, "
                        "plane and frame; " WAY_OUT,
                        file->name, number);
    if (by_axes ? !read_axes(file, value, positions, &position, fail)
                : !read_indices(file, page, positions, &position, fail))
        return false;
    if (json_member(page, "Channel", &value) && json_text(value, channel, sizeof channel) &&
        !find_name(&positions->channels, channel, &position.channel, fail))
        return false;
    if (!array_reserve(positions->list, &positions->capacity, positions->count + 1))
        return fail_errno(fail, "%s: a list of %zu pages", file->name, positions->count + 1);
    positions->list[positions->count++] = position;
    return true;
}

/* Positions count from the least one: a file may be a part of a larger set. */
static int64_t least(const struct positions *positions, size_t axis, int64_t *largest)
{
    int64_t min = INT64_MAX;
    *largest = INT64_MIN;
    for (size_t i = 0; i < positions->count; i++) {
        min = positions->list[i].at[axis] < min ? positions->list[i].at[axis] : min;
        if (positions->list[i].at[axis] > *largest)
            *largest = positions->list[i].at[axis];
    }
    return min;
}

static void name_channels(const struct positions *positions, int64_t first,
                          struct tiff_series *series)
{
    const struct names *by_axis = &positions->names[PAGE_CHANNEL];
    for (uint64_t c = 0; c < series->count[PAGE_CHANNEL] && c < TIFF_MAX_CHANNELS; c++) {
        size_t i = 0;
        while (i < positions->count && positions->list[i].at[PAGE_CHANNEL] != first + (int64_t)c)
            i++;
        int64_t name = i < positions->count ? positions->list[i].channel : -1;
        tiff_series_name_channel(series, c < by_axis->count ? by_axis->list[c]
                                         : name >= 0        ? positions->channels.list[name]
                                                            : "");
    }
}

static bool keep_positions(const struct positions *positions, const struct tiff_file *file,
                           struct tiff_metadata *metadata, struct fail *fail)
{
    struct page_places places = {0};
    int64_t first[AXIS_COUNT], last[AXIS_COUNT];
    bool ok = true;
    for (size_t axis = 0; axis < AXIS_COUNT; axis++)
        first[axis] = least(positions, axis, &last[axis]);
    if (first[POSITION] != last[POSITION])
        return fail_set(fail,
                        "%s: is a Micro-Manager file of %" PRId64
                        " positions, which are not read; " WAY_OUT,
                        file->name, last[POSITION] - first[POSITION] + 1);
    for (size_t i = 0; ok && i < positions->count; i++) {
        uint64_t at[PAGE_AXES];
        for (size_t axis = 0; axis < PAGE_AXES; axis++)
            at[axis] = (uint64_t)(positions->list[i].at[axis] - first[axis]);
        ok = page_places_add(&places, at, fail);
    }
    ok = ok && page_places_keep(&places, file, metadata, fail);
    free(places.at);
    if (!ok)
        return false;
    name_channels(positions, first[PAGE_CHANNEL], metadata->series);
    metadata->has_first = true;
    memcpy(metadata->first, first, sizeof metadata->first);
    metadata->channels_are_named = positions->names[PAGE_CHANNEL].count > 0;
    return true;
}

static bool read_positions(struct tiff_file *file, struct tiff_metadata *metadata,
                           struct fail *fail)
{
    struct positions positions = {.text = malloc(TEXT_SIZE)};
    bool ok = positions.text ? tiff_for_each_page(file, read_page, &positions, fail) &&
                                   keep_positions(&positions, file, metadata, fail)
                             : fail_errno(fail, "%s", file->name);
    for (size_t axis = 0; axis < AXIS_COUNT; axis++)
        free(positions.names[axis].list);
    free(positions.channels.list);
    free(positions.others.list);
    free(positions.list);
    free(positions.text);
    return ok;
}

/* ---- the file ------------------------------------------------------------------------------ */

/* The summary tells of more channels or frames than the pages. */
static bool check_summary(const struct tiff_file *file, const struct tiff_metadata *metadata,
                          double channels, double frames, struct fail *fail)
{
    const struct tiff_series *series = metadata->series;
    if (!(channels > 1 || frames > 1) || metadata->images == 0 ||
        (!(channels > (double)series->count[PAGE_CHANNEL]) &&
         !(frames > (double)series->count[PAGE_FRAME])))
        return true;
    return fail_set(fail,
                    "%s: its Micro-Manager summary tells of %g channels and %g frames, its pages "
                    "of %" PRIu64 " and %" PRIu64 "; " WAY_OUT,
                    file->name, channels, frames, series->count[PAGE_CHANNEL],
                    series->count[PAGE_FRAME]);
}

static bool read_order(struct tiff_file *file, char *text, struct tiff_metadata *metadata,
                       struct fail *fail)
{
    struct json_value ignored;
    enum outcome on_page = tiff_tag_text(file, TAG_METADATA, text, TEXT_SIZE, fail);
    struct json_value page = {text, text + (on_page == OUTCOME_DONE ? strlen(text) : 0)};
    metadata->dialect = "Micro-Manager";
    bool by_pages = on_page == OUTCOME_DONE && (has_axes(page, &ignored) || has_indices(page));
    if (on_page == OUTCOME_FAILED || (by_pages && !read_positions(file, metadata, fail)))
        return false;
    enum outcome summary = read_summary(file, text, fail);
    if (summary != OUTCOME_DONE)
        return summary != OUTCOME_FAILED;
    double channels = find_number(text, "Channels"), frames = find_number(text, "Frames");
    if (!by_pages && (channels > 1 || frames > 1))
        return fail_set(fail,
                        "%s: is a Micro-Manager file of %g channels and %g frames without a "
                        "description of their order; " WAY_OUT,
                        file->name, channels, frames);
    return check_summary(file, metadata, channels, frames, fail);
}

static void set_pixel(struct tiff_series *series, double pixel)
{
    set_step(series, AXIS_ROW, pixel, "Micro-Manager PixelSizeUm");
    set_step(series, AXIS_COLUMN, pixel, "Micro-Manager PixelSizeUm");
}

void micromanager_read_steps(const char *text, uint64_t rows, uint64_t columns,
                             struct tiff_series *series)
{
    if (find_number(text, "Height") != (double)rows ||
        find_number(text, "Width") != (double)columns)
        return; /* the picture is another one by now */
    set_step(series, AXIS_PLANE, find_number(text, "z-step_um"), "Micro-Manager z-step_um");
    set_pixel(series, find_number(text, "PixelSizeUm"));
}

static bool read_spacing(const struct tiff_file *file, char *text, struct tiff_series *series,
                         struct fail *fail)
{
    double pixel = NAN;
    enum outcome summary = read_summary(file, text, fail);
    if (summary == OUTCOME_DONE) {
        set_step(series, AXIS_PLANE, find_number(text, "z-step_um"), "Micro-Manager z-step_um");
        pixel = find_number(text, "PixelSizeUm");
    }
    enum outcome on_page = tiff_tag_text(file, TAG_METADATA, text, TEXT_SIZE, fail);
    if (on_page != OUTCOME_DONE)
        text[0] = '\0';
    if (!isnan(find_number(text, "PixelSizeUm")))
        pixel = find_number(text, "PixelSizeUm");
    set_step(series, AXIS_PLANE, find_number(text, "z-step_um"), "Micro-Manager z-step_um");
    set_pixel(series, pixel);
    return summary != OUTCOME_FAILED && on_page != OUTCOME_FAILED;
}

bool micromanager_read(struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail)
{
    uint64_t mark;
    if (!read_mark(file, &mark, fail))
        return false;
    if (!tiff_has_tag(file, TAG_METADATA) && mark == 0)
        return true;
    char *text = malloc(TEXT_SIZE);
    if (!text)
        return fail_errno(fail, "%s", file->name);
    /* A description of ImageJ's for one image says nothing of the file's place among others. */
    bool is_ordered = metadata->dialect && !(metadata->is_imagej && metadata->images <= 1);
    bool ok = (is_ordered || read_order(file, text, metadata, fail)) &&
              read_spacing(file, text, metadata->series, fail);
    free(text);
    return ok;
}
