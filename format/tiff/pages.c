#include "format/tiff/pages.h"

#include <stdlib.h>

void tiff_pages_free(struct tiff_pages *pages)
{
    free(pages->list);
    *pages = (struct tiff_pages){0};
}

/* A chain of pages that never ends: it meets a page again, or its directories take more bytes than
 * the file has. The mark moves ever more rarely, so that a circle of any length comes round to it
 * (R. P. Brent, An improved Monte Carlo factorization algorithm, 1980). */
struct chain {
    uint64_t mark, steps, limit, bytes;
};

static bool check_chain(struct chain *chain, const struct tiff_file *file, struct fail *fail)
{
    chain->bytes += file->entry_count * UINT64_C(12);
    if (chain->bytes > file->size || (file->next != 0 && file->next == chain->mark))
        return fail_set(fail,
                        "%s: its chain of pages has no end (it goes round in a circle, or its "
                        "directories lie over one another)",
                        file->name);
    if (++chain->steps == chain->limit) {
        chain->mark = file->next;
        chain->limit *= 2;
        chain->steps = 0;
    }
    return true;
}

static bool add(struct tiff_file *file, struct tiff_pages *pages, uint32_t number,
                struct fail *fail)
{
    if (pages->count == pages->room) {
        size_t room = pages->room ? 2 * pages->room : 16;
        struct tiff_listed *list = realloc(pages->list, room * sizeof *list);
        if (!list)
            return fail_errno(fail, "%s: a list of %zu pages", file->name, room);
        pages->list = list;
        pages->room = room;
    }
    pages->list[pages->count++] =
        (struct tiff_listed){.directory = file->directory, .number = number};
    return true;
}

bool tiff_pages_walk(struct tiff_file *file, uint64_t first, struct tiff_pages *pages,
                     struct fail *fail)
{
    struct chain chain = {.limit = 1};
    uint32_t number = 0;
    file->next = first;
    do
        if (!tiff_parse_directory(file, file->next, number, fail) ||
            !add(file, pages, number++, fail) || !check_chain(&chain, file, fail))
            return false;
    while (file->next != 0);
    return true;
}

bool tiff_page_take(struct tiff_file *file, uint64_t number, const struct tiff_metadata *metadata,
                    const struct tiff_decode_options *decoding, struct tiff_page *page,
                    struct fail *fail)
{
    if (!tiff_page_read(file, number, decoding, page, fail))
        return false;
    /* ImageJ's palettes of one color show gray samples in it; other palettes are colors. */
    if (page->palette == PALETTE_TINTED && metadata->is_imagej)
        tiff_page_take_indices(page);
    return true;
}

uint64_t tiff_page_shared_data(const struct tiff_page *page, const struct tiff_page *like)
{
    return tiff_pages_lie_alike(page, like) && !page->takes_colors ? page->data : 0;
}

/* Marked as a smaller copy, and it is one, of the first page. Zeiss marks all its thumbnails. */
static bool is_copy(const struct tiff_file *file, const struct tiff_pages *pages,
                    const struct tiff_metadata *metadata)
{
    enum { TAG_OLD_KIND = 255, OLD_REDUCED = 2 };
    bool marked = (tiff_number(file, TIFFTAG_SUBFILETYPE, 0) & FILETYPE_REDUCEDIMAGE) ||
                  tiff_number(file, TAG_OLD_KIND, 0) == OLD_REDUCED;
    if (!marked || pages->count == 0)
        return false;
    const struct tiff_page *page = &pages->groups[0];
    uint64_t rows = tiff_number(file, TIFFTAG_IMAGELENGTH, 0);
    uint64_t columns = tiff_number(file, TIFFTAG_IMAGEWIDTH, 0);
    return metadata->samples_are_channels || (rows <= page->rows && columns <= page->columns &&
                                              (rows < page->rows || columns < page->columns));
}

static bool find_group(const struct tiff_file *file, const struct tiff_page *page,
                       struct tiff_pages *pages, struct tiff_listed *listed, struct fail *fail)
{
    uint32_t group = 0;
    while (group < pages->group_count && !tiff_pages_agree(page, &pages->groups[group]))
        group++;
    if (group == TIFF_MOST_GROUPS)
        return fail_set(fail, "%s: its pages are of more than %d different kinds", file->name,
                        TIFF_MOST_GROUPS);
    if (group == pages->group_count)
        pages->groups[pages->group_count++] = *page;
    listed->group = group;
    listed->data = tiff_page_shared_data(page, &pages->groups[group]);
    return true;
}

bool tiff_pages_read(struct tiff_file *file, uint64_t first, const struct tiff_metadata *metadata,
                     const struct tiff_decode_options *decoding, struct tiff_pages *pages,
                     struct fail *fail)
{
    struct chain chain = {.limit = 1};
    struct tiff_page page;
    uint32_t number = 0;
    file->next = first;
    for (; file->next != 0; number++) {
        if (!tiff_parse_directory(file, file->next, number, fail) ||
            !check_chain(&chain, file, fail))
            return false;
        if (is_copy(file, pages, metadata))
            continue;
        if (!tiff_set_directory(file, file->directory, number, fail) ||
            !tiff_page_take(file, number, metadata, decoding, &page, fail) ||
            !add(file, pages, number, fail) ||
            !find_group(file, &page, pages, &pages->list[pages->count - 1], fail))
            return false;
    }
    return true;
}
