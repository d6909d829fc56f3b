#include "format/tiff/pages.h"

#include <stdlib.h>

#include "common/base/array.h"

void tiff_pages_free(struct tiff_pages *pages)
{
    free(pages->list);
    free(pages->groups);
    *pages = (struct tiff_pages){0};
}

/* Finds a chain of pages that never ends: it meets a page again, or its directories have more bytes
 * than the file. The mark moves ever more rarely, so that a circle of any length returns to it
 * (R. P. Brent, An improved Monte Carlo factorization algorithm, 1980). */
struct chain {
    uint64_t mark, steps, limit, bytes;
};

static bool check_chain(struct chain *chain, const struct tiff_file *file, struct fail *fail)
{
    chain->bytes += file->entry_count * UINT64_C(12);
    if (chain->bytes > file->size ||
        (file->next_directory != 0 && file->next_directory == chain->mark))
        return fail_set(fail,
                        "%s: its chain of pages has no end (it goes round in a circle, or its "
                        "directories lie over one another)",
                        file->name);
    if (++chain->steps == chain->limit) {
        chain->mark = file->next_directory;
        chain->limit *= 2;
        chain->steps = 0;
    }
    return true;
}

static bool add(struct tiff_file *file, struct tiff_pages *pages, uint32_t number,
                struct fail *fail)
{
    if (!array_reserve(pages->list, &pages->capacity, pages->count + 1))
        return fail_errno(fail, "%s: a list of %zu pages", file->name, pages->count + 1);
    pages->list[pages->count++] =
        (struct tiff_page_entry){.directory = file->directory, .number = number};
    return true;
}

bool tiff_pages_list(struct tiff_file *file, uint64_t first, struct tiff_pages *pages,
                     struct fail *fail)
{
    struct chain chain = {.limit = 1};
    uint32_t number = 0;
    file->next_directory = first;
    do
        if (!tiff_parse_directory(file, file->next_directory, number, fail) ||
            !add(file, pages, number++, fail) || !check_chain(&chain, file, fail))
            return false;
    while (file->next_directory != 0);
    return true;
}

bool tiff_page_interpret(struct tiff_file *file, uint64_t number,
                         const struct tiff_metadata *metadata,
                         const struct tiff_decode_options *options, struct tiff_page *page,
                         struct fail *fail)
{
    if (!tiff_page_read(file, number, options, page, fail))
        return false;
    /* ImageJ shows gray samples in a color by a palette; other palettes are colors. */
    if (page->palette == PALETTE_TINTED && metadata->is_imagej)
        tiff_page_use_indices(page);
    return true;
}

uint64_t tiff_page_data_offset(const struct tiff_page *page, const struct tiff_page *like)
{
    return tiff_pages_same_layout(page, like) && !page->has_palette_colors ? page->data_offset : 0;
}

/* Whether the page is marked as a smaller copy and is one of the first page, or is one of Zeiss's
 * thumbnails, which are all marked. */
static bool find_copy(const struct tiff_file *file, const struct tiff_pages *pages,
                      const struct tiff_metadata *metadata, bool *is_copy, struct fail *fail)
{
    enum { TAG_OLD_KIND = 255, OLD_REDUCED = 2 };
    uint64_t kind, old_kind, rows, columns;
    *is_copy = false;
    if (pages->count == 0)
        return true;
    if (!tiff_tag_count(file, TIFFTAG_SUBFILETYPE, 0, &kind, fail) ||
        !tiff_tag_count(file, TAG_OLD_KIND, 0, &old_kind, fail) ||
        !tiff_tag_count(file, TIFFTAG_IMAGELENGTH, 0, &rows, fail) ||
        !tiff_tag_count(file, TIFFTAG_IMAGEWIDTH, 0, &columns, fail))
        return false;
    const struct tiff_page *page = &pages->groups[0];
    bool is_marked = (kind & FILETYPE_REDUCEDIMAGE) != 0 || old_kind == OLD_REDUCED;
    bool is_smaller = rows <= page->rows && columns <= page->columns &&
                      (rows < page->rows || columns < page->columns);
    *is_copy = is_marked && (metadata->samples_are_channels || is_smaller);
    return true;
}

static bool find_group(const struct tiff_file *file, const struct tiff_page *page,
                       struct tiff_pages *pages, struct tiff_page_entry *entry, struct fail *fail)
{
    uint32_t group = 0;
    while (group < pages->group_count && !tiff_pages_compatible(page, &pages->groups[group]))
        group++;
    if (group == TIFF_MAX_GROUPS)
        return fail_set(fail, "%s: its pages are of more than %d different kinds", file->name,
                        TIFF_MAX_GROUPS);
    if (!array_reserve(pages->groups, &pages->group_capacity, group + 1))
        return fail_errno(fail, "%s: a list of kinds of pages", file->name);
    if (group == pages->group_count)
        pages->groups[pages->group_count++] = *page;
    entry->group = group;
    entry->data_offset = tiff_page_data_offset(page, &pages->groups[group]);
    return true;
}

/* Sorts the pages by the places that the metadata state, and drops those without one. */
static bool place_pages(const struct tiff_file *file, const struct tiff_metadata *metadata,
                        struct tiff_pages *pages, struct fail *fail)
{
    size_t placed = 0;
    if (!metadata->places || pages->group_count != 1)
        return true;
    struct tiff_page_entry *list = calloc(metadata->images + 1, sizeof *list);
    if (!list)
        return fail_errno(fail, "%s: a list of %zu pages", file->name, pages->count);
    for (size_t i = 0; i < pages->count; i++) {
        uint32_t number = pages->list[i].number;
        uint64_t place = number < metadata->place_count ? metadata->places[number] : TIFF_NO_PLACE;
        if (place < metadata->images && list[place].directory == 0) {
            list[place] = pages->list[i];
            placed++;
        }
    }
    free(pages->list);
    pages->list = list;
    pages->count = pages->capacity = metadata->images;
    return placed == metadata->images ||
           fail_set(fail,
                    "%s: some of the pages that its %s metadata tell of are missing; --plain takes "
                    "each page as a plane, with --order as what you say",
                    file->name, metadata->dialect);
}

bool tiff_pages_read(struct tiff_file *file, uint64_t first, const struct tiff_metadata *metadata,
                     const struct tiff_decode_options *options, struct tiff_pages *pages,
                     struct fail *fail)
{
    struct chain chain = {.limit = 1};
    struct tiff_page page;
    uint32_t number = 0;
    bool is_copy;
    file->next_directory = first;
    for (; file->next_directory != 0; number++) {
        if (!tiff_parse_directory(file, file->next_directory, number, fail) ||
            !check_chain(&chain, file, fail) || !find_copy(file, pages, metadata, &is_copy, fail))
            return false;
        if (is_copy)
            continue;
        if (!tiff_set_directory(file, file->directory, number, fail) ||
            !tiff_page_interpret(file, number, metadata, options, &page, fail) ||
            !add(file, pages, number, fail) ||
            !find_group(file, &page, pages, &pages->list[pages->count - 1], fail))
            return false;
    }
    return place_pages(file, metadata, pages, fail);
}
