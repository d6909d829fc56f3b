#include "format/tiff/stack/placed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"

#define MAX_IMAGES (UINT64_C(1) << 24)

/* The axes by which pages are sorted, the slowest first. */
static const int slowest[PLACE_AXES] = {PAGE_POSITION, PAGE_FRAME, PAGE_PLANE, PAGE_CHANNEL};

static int64_t channel_of(struct tiff_placed *placed, const struct tiff_metadata *metadata,
                          uint64_t channel, struct fail *fail)
{
    const struct tiff_series *series = metadata->series;
    const char *name = channel < series->channel_names_count ? series->channel_names[channel] : "";
    int64_t number = metadata->first[PAGE_CHANNEL] + (int64_t)channel;
    bool by_name = metadata->channels_are_named;
    size_t i = 0;
    while (i < placed->name_count && (by_name ? strcmp(placed->names[i].name, name) != 0
                                              : placed->names[i].channel != number))
        i++;
    if (i < placed->name_count)
        return placed->names[i].channel;
    if (i == TIFF_MAX_CHANNELS || !array_reserve(placed->names, &placed->name_capacity, i + 1)) {
        fail_memory(fail, "more than %zu channels", i);
        return -1;
    }
    placed->names[i].channel = by_name ? (int64_t)i : number;
    snprintf(placed->names[i].name, TIFF_NAME_SIZE, "%s", name);
    placed->name_count++;
    return placed->names[i].channel;
}

bool placed_add(struct tiff_placed *placed, const struct tiff_metadata *metadata,
                const struct tiff_image *images, size_t count, struct fail *fail)
{
    if (!array_reserve(placed->list, &placed->capacity, placed->count + count))
        return fail_errno(fail, "a list of %zu pages", placed->count + count);
    for (size_t i = 0; i < count; i++) {
        uint64_t at[PAGE_AXES];
        tiff_series_place(metadata->series, i, at);
        struct placed_page *page = &placed->list[placed->count++];
        *page = (struct placed_page){.image = images[i]};
        for (size_t axis = 0; axis < PLACE_AXES; axis++)
            page->at[axis] = metadata->first[axis] + (axis < PAGE_AXES ? (int64_t)at[axis] : 0);
        page->at[PAGE_CHANNEL] = channel_of(placed, metadata, at[PAGE_CHANNEL], fail);
        if (fail->text[0] != '\0')
            return false;
    }
    placed->is_sorted = false;
    return true;
}

static int compare_pages(const void *a, const void *b)
{
    const struct placed_page *left = a, *right = b;
    for (size_t i = 0; i < PLACE_AXES; i++) {
        int64_t x = left->at[slowest[i]], y = right->at[slowest[i]];
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Along channels, frames and positions, numbers become ranks: files of some of them may be chosen.
 * Planes count from the least, so that a missing one is noticed. False: no memory. */
static bool rank(struct tiff_placed *placed, int axis)
{
    int64_t *numbers = calloc(placed->count + 1, sizeof *numbers);
    size_t count = 0;
    if (!numbers)
        return false;
    for (size_t i = 0; i < placed->count; i++)
        numbers[i] = placed->list[i].at[axis];
    qsort(numbers, placed->count, sizeof *numbers, compare_numbers);
    for (size_t i = 0; i < placed->count; i++)
        if (count == 0 || numbers[count - 1] != numbers[i])
            numbers[count++] = numbers[i];
    for (size_t i = 0; i < placed->count; i++) {
        int64_t *at = &placed->list[i].at[axis];
        const int64_t *found = bsearch(at, numbers, count, sizeof *numbers, compare_numbers);
        *at = axis == PAGE_PLANE ? *at - numbers[0] : found - numbers;
    }
    for (size_t i = 0; axis == PAGE_CHANNEL && i < placed->name_count; i++) {
        int64_t *channel = &placed->names[i].channel;
        const int64_t *found = bsearch(channel, numbers, count, sizeof *numbers, compare_numbers);
        *channel = found ? found - numbers : -1;
    }
    free(numbers);
    return true;
}

static bool sort(struct tiff_placed *placed)
{
    for (int axis = 0; !placed->is_sorted && axis < PLACE_AXES; axis++)
        if (!rank(placed, axis))
            return false;
    if (!placed->is_sorted)
        qsort(placed->list, placed->count, sizeof *placed->list, compare_pages);
    return placed->is_sorted = true;
}

size_t placed_positions(struct tiff_placed *placed)
{
    return sort(placed) ? (size_t)placed->list[placed->count - 1].at[PAGE_POSITION] + 1 : 1;
}

static void name_channels(const struct tiff_placed *placed, struct tiff_series *series)
{
    series->channel_names_count = 0;
    for (uint64_t c = 0; c < series->count[PAGE_CHANNEL] && c < TIFF_MAX_CHANNELS; c++) {
        size_t i = 0;
        while (i < placed->name_count && placed->names[i].channel != (int64_t)c)
            i++;
        tiff_series_name_channel(series, i < placed->name_count ? placed->names[i].name : "");
    }
}

bool placed_describe(struct tiff_placed *placed, size_t position, const char *name,
                     struct tiff_series *series, struct fail *fail)
{
    const struct placed_page *page = placed->list;
    const enum page_axis order[PAGE_AXES] = {PAGE_CHANNEL, PAGE_PLANE, PAGE_FRAME};
    if (!sort(placed))
        return fail_errno(fail, "%s: a list of %zu pages", name, placed->count);
    memcpy(series->order, order, sizeof order);
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        series->count[axis] = 1;
    for (size_t i = 0; i < placed->count; i++) {
        bool is_here = page[i].at[PAGE_POSITION] == (int64_t)position;
        if (i > 0 && compare_pages(&page[i - 1], &page[i]) == 0)
            return fail_set(fail,
                            "%s: the files have two pages for channel %" PRId64 ", plane %" PRId64
                            ", frame %" PRId64 "; --plain takes each page as a plane",
                            name, page[i].at[PAGE_CHANNEL], page[i].at[PAGE_PLANE],
                            page[i].at[PAGE_FRAME]);
        for (enum page_axis axis = PAGE_CHANNEL; is_here && axis < PAGE_AXES; axis++)
            if ((uint64_t)page[i].at[axis] >= series->count[axis])
                series->count[axis] = (uint64_t)page[i].at[axis] + 1;
    }
    const uint64_t *count = series->count;
    if (count[PAGE_PLANE] > MAX_IMAGES || count[PAGE_CHANNEL] * count[PAGE_PLANE] > MAX_IMAGES)
        return fail_set(fail,
                        "%s: the files tell of more than %" PRIu64
                        " planes; --plain takes each page as a plane",
                        name, MAX_IMAGES);
    name_channels(placed, series);
    return true;
}

const struct tiff_image *placed_find(struct tiff_placed *placed, size_t position,
                                     const uint64_t at[PAGE_AXES])
{
    struct placed_page key = {.at = {[PAGE_POSITION] = (int64_t)position}};
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        key.at[axis] = (int64_t)at[axis];
    const struct placed_page *found =
        bsearch(&key, placed->list, placed->count, sizeof key, compare_pages);
    return found ? &found->image : NULL;
}

void placed_free(struct tiff_placed *placed)
{
    free(placed->list);
    free(placed->names);
    *placed = (struct tiff_placed){0};
}
