#include "format/tiff/stack/pages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "format/tiff/decode/handle.h"
#include "format/tiff/decode/read_page.h"
#include "format/tiff/decode/tags.h"

void tiff_pages_free(struct tiff_pages *pages)
{
    free(pages->list);
    free(pages->groups);
    *pages = (struct tiff_pages){0};
}

bool tiff_pages_are_cut(const struct tiff_pages *pages)
{
    return pages->cut && pages->cut->text[0] != '\0';
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
    tiff_page_divide(page, metadata->parts);
    return true;
}

uint64_t tiff_page_data_offset(const struct tiff_page *page, const struct tiff_page *like)
{
    return tiff_pages_same_layout(page, like) && !page->has_palette_colors ? page->data_offset : 0;
}

/* ---- pages that are no planes ---------------------------------------------------------------- */

/* How a page is marked. */
struct mark {
    bool is_copy; /* a reduced copy of another page */
    bool is_mask; /* a mask of transparency */
    uint64_t rows, columns;
};

/* The page that others are copies of: the first one without a mark, or the largest if all have one.
 */
struct original {
    bool is_marked;
    uint32_t number;
    uint64_t rows, columns;
};

/* Reads the marks of the current directory. */
static bool read_mark(const struct tiff_file *file, struct mark *mark, struct fail *fail)
{
    enum { TAG_OLD_KIND = 255, OLD_REDUCED = 2 };
    uint64_t kind, old_kind, photometric;
    if (!tiff_tag_count(file, TIFFTAG_SUBFILETYPE, 0, &kind, fail) ||
        !tiff_tag_count(file, TAG_OLD_KIND, 0, &old_kind, fail) ||
        !tiff_tag_count(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK, &photometric, fail) ||
        !tiff_tag_count(file, TIFFTAG_IMAGELENGTH, 0, &mark->rows, fail) ||
        !tiff_tag_count(file, TIFFTAG_IMAGEWIDTH, 0, &mark->columns, fail))
        return false;
    mark->is_copy = (kind & FILETYPE_REDUCEDIMAGE) != 0 || old_kind == OLD_REDUCED;
    mark->is_mask = (kind & FILETYPE_MASK) != 0;
    return true;
}

static bool is_marked(const struct mark *mark)
{
    return mark->is_copy || mark->is_mask;
}

/* Reads the whole chain only if the first page is marked. Stops where it is broken: reading the
 * pages themselves reports that. */
static bool find_original(struct tiff_file *file, uint64_t first, struct original *original,
                          struct fail *fail)
{
    struct chain chain = {.limit = 1};
    struct fail ignored = {.text = ""};
    struct mark mark;
    *original = (struct original){.is_marked = true};
    file->next_directory = first;
    for (uint32_t number = 0; original->is_marked && file->next_directory != 0; number++) {
        if (!tiff_parse_directory(file, file->next_directory, number, &ignored) ||
            !check_chain(&chain, file, &ignored)) {
            if (ignored.is_system)
                return fail_pass(fail, &ignored);
            break;
        }
        if (!read_mark(file, &mark, fail))
            return false;
        original->is_marked = is_marked(&mark);
        if (original->is_marked && mark.rows * mark.columns <= original->rows * original->columns)
            continue;
        original->number = number;
        original->rows = mark.rows;
        original->columns = mark.columns;
    }
    return true;
}

/* Whether the current page is a plane. Those without a place, masks, and copies of a page that
 * comes first, are left out silently, other copies with a notice. */
static bool decide_plane(const struct tiff_file *file, uint32_t number,
                         const struct original *original, const struct tiff_metadata *metadata,
                         struct tiff_pages *pages, bool *is_plane, struct fail *fail)
{
    struct mark mark;
    const char *text = NULL;
    *is_plane = !metadata->places || number >= metadata->place_count ||
                metadata->places[number] != TIFF_NO_PLACE;
    if (!*is_plane)
        return true;
    if (!read_mark(file, &mark, fail))
        return false;
    bool is_smaller = mark.rows <= original->rows && mark.columns <= original->columns &&
                      (mark.rows < original->rows || mark.columns < original->columns);
    bool is_copy = mark.is_copy && (is_smaller || (metadata->samples_are_channels && number > 0));
    *is_plane = !is_copy && (!mark.is_mask || original->is_marked);
    if (is_copy && (original->number > 0 || original->is_marked))
        text = "is a smaller copy of another page, not a plane: left out";
    else if (*is_plane && is_marked(&mark))
        text = "is marked as a copy or mask of another page, but there is none: read as a plane";
    if (text && !strstr(pages->notices->text, text))
        notices_add(pages->notices, "%s: page %" PRIu32 " %s", file->name, number, text);
    return true;
}

/* ---- the chain ------------------------------------------------------------------------------- */

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

/* Sorts the pages by the places that the metadata state, and drops those without one. If the file
 * is cut, places that no page has stay 0. */
static bool place_pages(const struct tiff_file *file, const struct tiff_metadata *metadata,
                        struct tiff_pages *pages, bool is_cut, struct fail *fail)
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
    return placed == metadata->images || is_cut ||
           fail_set(fail,
                    "%s: some of the pages that its %s metadata tell of are missing; --plain takes "
                    "each page as a plane, with --order as what you say",
                    file->name, metadata->dialect);
}

/* Reads the next directory of the chain. If that is damaged, the pages before it can be read. */
static bool follow_chain(struct tiff_file *file, uint32_t number, struct chain *chain,
                         struct fail *fail)
{
    struct fail why = {.text = ""};
    return (tiff_parse_directory(file, file->next_directory, number, &why) &&
            check_chain(chain, file, &why)) ||
           (number == 0 || why.is_system
                ? fail_pass(fail, &why)
                : fail_set(fail, "%s; tiff2vol -p 0:%" PRIu32 " reads the pages before", why.text,
                           number));
}

static bool read_chain(struct tiff_file *file, uint64_t first, const struct tiff_metadata *metadata,
                       const struct tiff_decode_options *options, struct tiff_pages *pages,
                       struct fail *fail)
{
    struct original original;
    struct chain chain = {.limit = 1};
    struct tiff_page page;
    uint32_t number = 0;
    bool is_plane;
    if (!find_original(file, first, &original, fail))
        return false;
    file->next_directory = first;
    for (; file->next_directory != 0; number++) {
        if (!follow_chain(file, number, &chain, fail) ||
            !decide_plane(file, number, &original, metadata, pages, &is_plane, fail))
            return false;
        if (!is_plane)
            continue;
        if (!tiff_page_interpret(file, number, metadata, options, &page, fail) ||
            !add(file, pages, number, fail) ||
            !find_group(file, &page, pages, &pages->list[pages->count - 1], fail))
            return false;
        tiff_add_repairs(file, number, page.repairs, pages->notices);
        bool is_first = pages->count == 1, by_page = metadata->places || metadata->reads_each_page;
        if (pages->texts && pages->list[pages->count - 1].group == pages->texts_group &&
            (is_first || !by_page) &&
            !tiff_texts_add_page(pages->texts, file, number,
                                 is_first && metadata->dialect && !by_page, pages->notices, fail))
            return false;
    }
    return true;
}

bool tiff_pages_read(struct tiff_file *file, uint64_t first, const struct tiff_metadata *metadata,
                     const struct tiff_decode_options *options, struct tiff_pages *pages,
                     struct fail *fail)
{
    struct fail damage = {.text = ""};
    bool is_cut = !read_chain(file, first, metadata, options, pages, &damage);
    if (is_cut && (!pages->cut || pages->count == 0 || damage.is_system))
        return fail_pass(fail, &damage);
    if (is_cut)
        *pages->cut = damage;
    return place_pages(file, metadata, pages, is_cut, fail);
}
