#include "format/tiff/metadata/metadata.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"

const char *const page_axis_names[] = {"channel", "plane", "frame", NULL};

struct tiff_series *tiff_metadata_add_series(struct tiff_metadata *metadata, struct fail *fail)
{
    if (!array_reserve(metadata->series, &metadata->series_capacity, metadata->series_count + 1)) {
        fail_errno(fail, "a list of images");
        return NULL;
    }
    struct tiff_series *series = &metadata->series[metadata->series_count++];
    *series =
        (struct tiff_series){.order = {PAGE_CHANNEL, PAGE_PLANE, PAGE_FRAME}, .count = {1, 0, 1}};
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        series->spacing[a] = NAN;
    return series;
}

bool tiff_metadata_plain(struct tiff_metadata *metadata, struct fail *fail)
{
    *metadata = (struct tiff_metadata){0};
    return tiff_metadata_add_series(metadata, fail) != NULL;
}

void tiff_metadata_free(struct tiff_metadata *metadata)
{
    for (size_t i = 0; i < metadata->series_count; i++)
        free(metadata->series[i].channel_names);
    free(metadata->series);
    free(metadata->places);
    *metadata = (struct tiff_metadata){0};
}

void tiff_series_set_spacing(struct tiff_series *series, enum axis axis, double spacing,
                             const char *unit, const char *source)
{
    series->spacing[axis] = spacing;
    snprintf(series->unit[axis], sizeof series->unit[axis], "%s", unit);
    snprintf(series->source[axis], sizeof series->source[axis], "%s", source);
}

void tiff_series_note(struct tiff_series *series, const char *format, ...)
{
    size_t used = strlen(series->notice), room = sizeof series->notice - used;
    char *to = series->notice + used;
    size_t before = used > 0 ? (size_t)snprintf(to, room, "; ") : 0;
    va_list arguments;
    va_start(arguments, format);
    int length = before < room ? vsnprintf(to + before, room - before, format, arguments) : -1;
    va_end(arguments);
    if (length < 0 || before + (size_t)length >= room)
        *to = '\0';
}

void tiff_series_name_channel(struct tiff_series *series, const char *name)
{
    size_t count = series->channel_names_count;
    if (count == TIFF_MAX_CHANNELS ||
        !array_reserve(series->channel_names, &series->channel_names_capacity, count + 1))
        return;
    snprintf(series->channel_names[series->channel_names_count++], TIFF_NAME_SIZE, "%s", name);
}

uint64_t tiff_series_images(const struct tiff_series *series)
{
    return series->count[PAGE_CHANNEL] * series->count[PAGE_PLANE] * series->count[PAGE_FRAME];
}

uint64_t tiff_series_index(const struct tiff_series *series, const uint64_t at[PAGE_AXES])
{
    uint64_t index = 0;
    for (size_t i = PAGE_AXES; i-- > 0;)
        index = index * series->count[series->order[i]] + at[series->order[i]];
    return index;
}

void tiff_series_place(const struct tiff_series *series, uint64_t index, uint64_t at[PAGE_AXES])
{
    for (size_t i = 0; i < PAGE_AXES; i++) {
        at[series->order[i]] = index % series->count[series->order[i]];
        index /= series->count[series->order[i]];
    }
}
