#include "format/tiff/stack/series.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "format/tiff/metadata/dialects.h"

/* What is being found: an array a series. */
struct finder {
    struct tiff_file *file;
    const struct tiff_decode_options *options;
    struct tiff_pages *pages;
    struct tiff_metadata found; /* its series are the arrays */
    struct tiff_page *groups;
    size_t group_capacity;
    uint32_t *group_of;  /* each page */
    uint64_t most;       /* images of an array */
    bool is_no_sequence; /* some pages belong to no array */
};

/* Reads the description on page number `at` of the list. */
static bool read_page(struct tiff_file *file, const struct tiff_pages *pages, size_t at,
                      struct tiff_metadata *metadata, struct fail *fail)
{
    return tiff_parse_directory(file, pages->list[at].directory, pages->list[at].number, fail) &&
           tiff_metadata_plain(metadata, fail) && tifffile_read_page(file, metadata, fail);
}

/* Pages `at` to `at` + count are an array, whose metadata lose their only series. */
static bool add_array(struct finder *finder, struct tiff_metadata *metadata, size_t at,
                      uint64_t count, struct fail *fail)
{
    struct tiff_metadata *found = &finder->found;
    size_t number = found->series_count;
    const struct tiff_page_entry *list = finder->pages->list;
    struct tiff_page page;
    if (!tiff_page_interpret(finder->file, list[at].number, metadata, finder->options, &page, fail))
        return false;
    struct tiff_series *series = tiff_metadata_add_series(found, fail);
    if (!series || !array_reserve(finder->groups, &finder->group_capacity, number + 1))
        return fail_errno(fail, "%s: a list of its series", finder->file->name);
    finder->groups[number] = page;
    *series = metadata->series[0];
    metadata->series_count = 0; /* its names are no longer its own */
    tiff_page_use_image(&page);
    series->rows = page.rows;
    series->columns = page.columns;
    for (uint64_t i = 0; i < count; i++)
        finder->group_of[at + i] = (uint32_t)number;
    if (metadata->images > finder->most)
        finder->most = metadata->images;
    return true;
}

/* Adds the array that begins with a page, and moves on to the one after it. */
static bool add_next(struct finder *finder, size_t *at, struct fail *fail)
{
    const struct tiff_pages *pages = finder->pages;
    struct tiff_metadata metadata = {0};
    if (!read_page(finder->file, pages, *at, &metadata, fail)) {
        tiff_metadata_free(&metadata);
        return false;
    }
    uint64_t parts = metadata.parts.count > 0 ? metadata.parts.count : 1;
    uint64_t count = metadata.is_contiguous ? 1 : metadata.images / parts;
    bool ok = true;
    finder->is_no_sequence = !metadata.is_shaped || count == 0 || count > pages->count - *at;
    for (uint64_t i = 1; !finder->is_no_sequence && i < count; i++)
        finder->is_no_sequence = pages->list[*at + i].group != pages->list[*at].group;
    if (!finder->is_no_sequence)
        ok = add_array(finder, &metadata, *at, count, fail);
    *at += count;
    tiff_metadata_free(&metadata);
    return ok;
}

static void keep(struct finder *finder, struct tiff_metadata *metadata)
{
    struct tiff_pages *pages = finder->pages;
    struct tiff_metadata *found = &finder->found;
    struct tiff_series *series = metadata->series;
    size_t count = metadata->series_count, capacity = metadata->series_capacity;
    struct tiff_page *groups = pages->groups;
    for (size_t i = 0; i < pages->count; i++) {
        struct tiff_page_entry *entry = &pages->list[i];
        const struct tiff_page *old = &groups[entry->group],
                               *new = &finder->groups[finder->group_of[i]];
        bool is_same = old->parts.split == new->parts.split && old->parts.count == new->parts.count;
        bool begins = i == 0 || finder->group_of[i] != finder->group_of[i - 1];
        entry->group = finder->group_of[i];
        if (!is_same) /* its directory tells */
            entry->data_offset = begins ? tiff_page_data_offset(new, new) : 0;
    }
    metadata->series = found->series;
    metadata->series_count = found->series_count;
    metadata->series_capacity = found->series_capacity;
    found->series = series;
    found->series_count = count;
    found->series_capacity = capacity;
    pages->groups = finder->groups;
    pages->group_count = metadata->series_count;
    pages->group_capacity = finder->group_capacity;
    finder->groups = groups;
}

bool tiff_find_series(struct tiff_file *file, const struct tiff_decode_options *options,
                      struct tiff_metadata *metadata, struct tiff_pages *pages, struct fail *fail)
{
    uint64_t parts = metadata->parts.count > 0 ? metadata->parts.count : 1;
    bool is_cut = tiff_pages_are_cut(pages);
    if (!metadata->is_shaped || is_cut || pages->count <= 1 ||
        (!metadata->is_contiguous && pages->count == metadata->images / parts))
        return true;
    struct finder finder = {.file = file, .options = options, .pages = pages};
    finder.group_of = calloc(pages->count, sizeof *finder.group_of);
    bool ok = finder.group_of || fail_errno(fail, "%s: a list of its pages", file->name);
    for (size_t at = 0; ok && !finder.is_no_sequence && at < pages->count;)
        ok = add_next(&finder, &at, fail);
    if (ok && !finder.is_no_sequence && finder.found.series_count > 1 && finder.most > 1)
        keep(&finder, metadata);
    tiff_metadata_free(&finder.found);
    free(finder.groups);
    free(finder.group_of);
    return ok;
}

bool tiff_choose_series(struct tiff_file *file, const struct tiff_pages *pages, size_t group,
                        struct tiff_metadata *metadata, struct fail *fail)
{
    size_t at = 0;
    if (!metadata->is_shaped || (group == 0 && metadata->series_count == 1))
        return true;
    bool is_described = metadata->series_count > 1;
    while (at < pages->count && pages->list[at].group != group)
        at++;
    tiff_metadata_free(metadata);
    return is_described ? read_page(file, pages, at, metadata, fail)
                        : tiff_metadata_plain(metadata, fail);
}

bool tiff_refuse_series(const char *name, const struct tiff_metadata *metadata, struct fail *fail)
{
    char list[500] = "";
    size_t used = 0;
    for (size_t i = 0; i < metadata->series_count; i++) {
        const struct tiff_series *series = &metadata->series[i];
        const char *quote = series->name[0] ? "'" : "";
        if (i == 8 || used + 120 >= sizeof list) {
            snprintf(list + used, sizeof list - used, ", ...");
            break;
        }
        used += (size_t)snprintf(list + used, sizeof list - used,
                                 "%s%zu %s%.40s%s%" PRIu64 " x %" PRIu64 " x %" PRIu64,
                                 i ? ", " : "", i, quote, series->name, series->name[0] ? "' " : "",
                                 series->count[PAGE_PLANE], series->rows, series->columns);
    }
    return fail_set(fail,
                    "%s: holds %zu images: choose one with --series 0 to %zu (%s); --plain takes "
                    "each page as a plane",
                    name, metadata->series_count, metadata->series_count - 1, list);
}
