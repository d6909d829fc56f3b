/* Improvision's programs (Openlab, Volocity) describe each page in lines such as "ZPlane=1",
 * counted from 1, behind a line that begins with their name. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/base/count.h"
#include "common/text/number.h"
#include "format/tiff/metadata/dialects.h"
#include "format/tiff/metadata/places.h"

enum { TEXT_SIZE = 16384 };

static const char *const number_keys[] = {"ChannelNo", "ZPlane", "TimestampNo"};
static const char *const total_keys[] = {"TotalChannels", "TotalZPlanes", "TotalTimepoints"};

struct pages {
    char *text; /* of a page */
    struct page_places places;
    char (*names)[TIFF_NAME_SIZE]; /* of the pages' channels */
    size_t name_count, name_capacity;
    uint64_t total[PAGE_AXES]; /* 1: not stated */
    bool is_incomplete;        /* a page does not tell where it belongs */
};

bool improvision_is_text(const char *text)
{
    return strncmp(text + strspn(text, " \t\r\n"), "Improvision", 11) == 0;
}

/* The value of the first line with a key, without blanks around it. */
static bool find_value(const char *text, const char *key, char *value, size_t size)
{
    size_t length = strlen(key);
    for (; *text != '\0'; text += strcspn(text, "\r\n"), text += strspn(text, "\r\n")) {
        const char *at = text + strspn(text, " \t");
        bool is_key = strncmp(at, key, length) == 0;
        at += is_key ? length + strspn(at + length, " \t") : 0;
        if (!is_key || *at != '=')
            continue;
        at += 1 + strspn(at + 1, " \t");
        size_t n = strcspn(at, "\r\n");
        while (n > 0 && (at[n - 1] == ' ' || at[n - 1] == '\t'))
            n--;
        snprintf(value, size, "%.*s", (int)n, at);
        return true;
    }
    return false;
}

static bool find_count(const char *text, const char *key, uint64_t *count)
{
    char value[32];
    return find_value(text, key, value, sizeof value) && number_count(value, count) &&
           *count <= INT32_MAX;
}

static bool read_page(const struct tiff_file *file, uint64_t number, void *state, struct fail *fail)
{
    struct pages *pages = state;
    uint64_t at[PAGE_AXES] = {0};
    char name[TIFF_NAME_SIZE] = "";
    if (!tiff_page_description(file, improvision_is_text, pages->text, TEXT_SIZE, fail))
        return false;
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++) {
        if (number == 0 && !find_count(pages->text, total_keys[axis], &pages->total[axis]))
            pages->total[axis] = 1;
        if (!find_count(pages->text, number_keys[axis], &at[axis]))
            pages->is_incomplete |= pages->text[0] == '\0' || pages->total[axis] > 1;
    }
    (void)find_value(pages->text, "ChannelName", name, sizeof name);
    if (!page_places_add(&pages->places, at, fail))
        return false;
    if (!array_reserve(pages->names, &pages->name_capacity, pages->name_count + 1))
        return fail_errno(fail, "%s: a list of channels", file->name);
    memcpy(pages->names[pages->name_count++], name, sizeof name);
    return true;
}

/* Makes the places count from the least ones. */
static void set_first(struct pages *pages, struct tiff_metadata *metadata)
{
    struct page_places *places = &pages->places;
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++) {
        uint64_t least = UINT64_MAX;
        for (size_t i = 0; i < places->count; i++)
            least = min_u64(least, places->at[i][axis]);
        for (size_t i = 0; i < places->count; i++)
            places->at[i][axis] -= least;
        metadata->first[axis] = (int64_t)least;
    }
    metadata->has_first = true;
}

static void name_channels(const struct pages *pages, struct tiff_series *series)
{
    for (uint64_t c = 0; c < series->count[PAGE_CHANNEL] && c < TIFF_MAX_CHANNELS; c++) {
        size_t i = 0;
        while (i < pages->places.count && pages->places.at[i][PAGE_CHANNEL] != c)
            i++;
        tiff_series_name_channel(series, i < pages->places.count ? pages->names[i] : "");
    }
}

/* Where only one axis is longer than 1, the pages come along it. */
static void keep_totals(const struct pages *pages, struct tiff_metadata *metadata)
{
    size_t long_axes = 0;
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++) {
        long_axes += pages->total[axis] > 1;
        if (pages->places.count > 1)
            metadata->series->count[axis] = pages->total[axis];
    }
    if (long_axes > 1)
        snprintf(metadata->disorder, sizeof metadata->disorder,
                 "its Improvision description does not tell the channel, plane and time of each "
                 "page");
    else if (long_axes == 1 && pages->places.count > 1)
        metadata->images = tiff_series_images(metadata->series);
}

/* A single page may be a file of many. */
static bool check_totals(const struct pages *pages, const struct tiff_file *file,
                         const struct tiff_metadata *metadata, struct fail *fail)
{
    for (enum page_axis axis = PAGE_CHANNEL; pages->places.count > 1 && axis < PAGE_AXES; axis++)
        if (pages->total[axis] > metadata->series->count[axis])
            return fail_set(
                fail,
                "%s: its Improvision description has %s=%" PRIu64 ", its pages are of %" PRIu64
                "; --plain takes each page as a plane, with --order as what you say",
                file->name, total_keys[axis], pages->total[axis], metadata->series->count[axis]);
    return true;
}

static void set_spacing(const char *text, struct tiff_series *series)
{
    static const char *const keys[AXES] = {"ZCalibrationMicrons", "YCalibrationMicrons",
                                           "XCalibrationMicrons"};
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        char value[48], source[48];
        double step;
        snprintf(source, sizeof source, "Improvision %s", keys[a]);
        if (find_value(text, keys[a], value, sizeof value) && number_real(value, &step) && step > 0)
            tiff_series_set_spacing(series, a, step, "um", source);
    }
}

static bool keep_pages(struct pages *pages, struct tiff_file *file, struct tiff_metadata *metadata,
                       struct fail *fail)
{
    if (!tiff_for_each_page(file, read_page, pages, fail) ||
        !tiff_page_description(file, improvision_is_text, pages->text, TEXT_SIZE, fail))
        return false;
    set_spacing(pages->text, metadata->series);
    metadata->reads_each_page = true;
    if (pages->is_incomplete) {
        keep_totals(pages, metadata);
        return true;
    }
    set_first(pages, metadata);
    if (!page_places_keep(&pages->places, file, metadata, fail) ||
        !check_totals(pages, file, metadata, fail))
        return false;
    name_channels(pages, metadata->series);
    return true;
}

bool improvision_read(struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail)
{
    struct pages pages = {.text = malloc(TEXT_SIZE)};
    metadata->dialect = "Improvision";
    bool ok =
        pages.text ? keep_pages(&pages, file, metadata, fail) : fail_errno(fail, "%s", file->name);
    free(pages.places.at);
    free(pages.names);
    free(pages.text);
    return ok;
}
