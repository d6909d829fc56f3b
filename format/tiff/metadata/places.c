#include "format/tiff/metadata/places.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "format/tiff/decode/tags.h"

bool tiff_for_each_page(struct tiff_file *file, tiff_page_handler *handle_page, void *state,
                        struct fail *fail)
{
    uint64_t first = file->directory, bytes = 0;
    struct fail damage = {.text = ""}; /* reading the pages themselves reports it */
    bool ok = true;
    for (uint64_t page = 0; ok; page++) {
        ok = handle_page(file, page, state, fail);
        bytes += file->entry_count * 12; /* more than the file has: the chain goes in a circle */
        if (file->next_directory == 0 || bytes > file->size ||
            !tiff_parse_directory(file, file->next_directory, page + 1, &damage))
            break;
    }
    if (ok && damage.is_system)
        return fail_pass(fail, &damage);
    return ok && tiff_parse_directory(file, first, 0, fail);
}

bool tiff_page_description(const struct tiff_file *file, bool (*is_kind)(const char *), char *text,
                           size_t size, struct fail *fail)
{
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; outcome == OUTCOME_DONE; i++) {
        outcome = tiff_tag_text_at(file, TIFFTAG_IMAGEDESCRIPTION, i, text, size, fail);
        if (outcome == OUTCOME_DONE && is_kind(text))
            return true;
    }
    text[0] = '\0';
    return outcome != OUTCOME_FAILED;
}

static bool count_page(const struct tiff_file *file, uint64_t page, void *state, struct fail *fail)
{
    (void)file, (void)fail;
    *(uint64_t *)state = page + 1;
    return true;
}

bool tiff_count_pages(struct tiff_file *file, uint64_t *pages, struct fail *fail)
{
    *pages = 0;
    return tiff_for_each_page(file, count_page, pages, fail);
}

bool page_places_add(struct page_places *places, const uint64_t at[PAGE_AXES], struct fail *fail)
{
    if (!array_reserve(places->at, &places->capacity, places->count + 1))
        return fail_errno(fail, "a list of %zu pages", places->count + 1);
    memcpy(places->at[places->count++], at, sizeof places->at[0]);
    return true;
}

static void count_axes(const struct page_places *places, struct tiff_series *series)
{
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++) {
        series->count[axis] = 1;
        for (size_t i = 0; i < places->count; i++)
            if (places->at[i][axis] >= series->count[axis])
                series->count[axis] = places->at[i][axis] + 1;
    }
}

/* Each of as many positions as there are pages is that of one page. */
static bool is_complete(const struct page_places *places, const struct tiff_metadata *metadata,
                        bool *used)
{
    const struct tiff_series *series = metadata->series;
    const uint64_t *count = series->count;
    if (count[PAGE_CHANNEL] > places->count || count[PAGE_PLANE] > places->count ||
        count[PAGE_FRAME] > places->count ||
        count[PAGE_CHANNEL] * count[PAGE_PLANE] > places->count ||
        tiff_series_images(series) != places->count)
        return false;
    for (size_t i = 0; i < places->count; i++) {
        if (used[metadata->places[i]])
            return false;
        used[metadata->places[i]] = true;
    }
    return true;
}

bool page_places_keep(const struct page_places *places, const struct tiff_file *file,
                      struct tiff_metadata *metadata, struct fail *fail)
{
    struct tiff_series *series = metadata->series;
    bool *used = calloc(places->count + 1, sizeof *used);
    metadata->places = calloc(places->count + 1, sizeof *metadata->places);
    if (!used || !metadata->places) {
        free(used);
        return fail_errno(fail, "%s: a list of %zu pages", file->name, places->count);
    }
    count_axes(places, series);
    metadata->place_count = places->count;
    for (size_t i = 0; i < places->count; i++)
        metadata->places[i] = tiff_series_index(series, places->at[i]);
    metadata->images = places->count;
    bool complete = is_complete(places, metadata, used);
    free(used);
    return complete ||
           fail_set(fail,
                    "%s: its %s metadata tell of %" PRIu64 " channels x %" PRIu64
                    " planes x %" PRIu64 " frames, its %zu pages are not one of each; --plain "
                    "takes each page as a plane, with --order as what you say",
                    file->name, metadata->dialect, series->count[PAGE_CHANNEL],
                    series->count[PAGE_PLANE], series->count[PAGE_FRAME], places->count);
}
