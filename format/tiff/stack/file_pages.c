#include "format/tiff/stack/file_pages.h"

#include <inttypes.h>
#include <stdlib.h>

#include "format/tiff/stack/choose.h"
#include "format/tiff/stack/series.h"

/* ---- pages of one file --------------------------------------------------------------------- */

bool tiff_read_file_pages(struct tiff_stack *stack, const struct tiff_input *input,
                          struct tiff_metadata *metadata, struct tiff_pages *pages,
                          struct fail *fail)
{
    const struct tiff_options *options = &stack->options;
    bool says_what_they_are = options->plain || options->order.count > 0;
    pages->notices = &stack->notices;
    pages->texts = says_what_they_are ? NULL : &stack->texts;
    pages->texts_group = options->choose_series ? (uint32_t)options->series : 0;
    return tiff_pages_read(input->file, input->first_directory, metadata, &stack->decode_options,
                           pages, fail) &&
           tiff_find_series(input->file, &stack->decode_options, metadata, pages, fail);
}

/* Bytes of all samples of a page, also where each is read alone. */
static uint64_t whole_size(const struct tiff_page *page)
{
    return tiff_page_size(page) * (page->parts.split == SPLIT_SEPARATE ? page->parts.count : 1);
}

/* ImageJ (beyond 4 GB), tifffile (as an option) and MetaMorph (always) write a single directory,
 * and the samples of all planes after one another. */
static bool check_contiguous(const struct tiff_input *input, const struct tiff_pages *pages,
                             const struct tiff_metadata *metadata, struct fail *fail)
{
    uint64_t first = pages->list[0].data_offset, size = whole_size(&pages->groups[0]);
    uint64_t count = metadata->images / tiff_page_images(&pages->groups[0]);
    if (first == 0)
        return fail_set(fail,
                        "%s: its description tells of %" PRIu64 " images, it has one page; "
                        "--plain takes that alone",
                        input->name, count);
    return count <= (input->file->size - first) / size ||
           fail_set(fail,
                    "%s: its description tells of %" PRIu64 " images of %" PRIu64
                    " bytes from byte %" PRIu64 " on, the file ends at byte %" PRIu64
                    "; --plain takes its one page alone",
                    input->name, count, size, first, input->file->size);
}

/* Replaces what the file says about the order of its pages by the user's --order. */
static bool apply_order(const char *name, const struct tiff_order *order, uint64_t images,
                        struct tiff_series *series, struct fail *fail)
{
    uint64_t known = 1;
    size_t placed = 0;
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        series->count[axis] = 1;
    for (size_t i = 0; i < order->count; i++)
        known *= order->size[i] ? order->size[i] : 1;
    for (size_t i = 0; i < order->count; i++) {
        enum page_axis axis = (enum page_axis)order->axis[i];
        series->order[placed++] = axis;
        series->count[axis] = order->size[i] ? order->size[i] : images / known;
    }
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++) {
        size_t i = 0;
        while (i < order->count && (enum page_axis)order->axis[i] != axis)
            i++;
        if (i == order->count)
            series->order[placed++] = axis;
    }
    return tiff_series_images(series) == images ||
           fail_set(fail, "%s: --order: %" PRIu64 " pages can't be laid out so", name, images);
}

/* ImageJ may count the samples of a pixel as channels, or as images: these are those of the pages
 * that exist. */
static void count_samples_once(const struct tiff_input *input, const struct tiff_pages *pages,
                               struct tiff_metadata *metadata)
{
    uint64_t *count = metadata->series->count, images = metadata->images;
    uint64_t samples = pages->groups[0].channels;
    struct fail ignored = {.text = ""};
    if (!metadata->is_imagej || samples < 2 || images < 2 || images % samples != 0 ||
        pages->count == images ||
        (pages->count == 1 && check_contiguous(input, pages, metadata, &ignored)) ||
        (pages->count != 1 && pages->count != images / samples))
        return;
    if (count[PAGE_CHANNEL] % samples == 0)
        count[PAGE_CHANNEL] /= samples;
    else if (count[PAGE_PLANE] == images)
        count[PAGE_PLANE] /= samples;
    else
        return;
    metadata->images /= samples;
}

bool tiff_count_images(const struct tiff_stack *stack, const struct tiff_input *input,
                       const struct tiff_pages *pages, struct tiff_metadata *metadata,
                       uint64_t *images, struct fail *fail)
{
    struct tiff_series *series = metadata->series;
    count_samples_once(input, pages, metadata);
    bool is_cut = tiff_pages_are_cut(pages);
    uint64_t parts = tiff_page_images(&pages->groups[0]);
    bool is_contiguous = metadata->images > parts && pages->count == 1 && !is_cut;
    *images = is_contiguous ? metadata->images : pages->count * parts;
    if (metadata->is_contiguous && pages->count > 1)
        return fail_set(fail,
                        "%s: a %s file of %zu pages: which are planes is not read; " TIFF_WAY_OUT,
                        input->name, metadata->dialect, pages->count);
    if (is_contiguous && !check_contiguous(input, pages, metadata, fail))
        return false;
    if (stack->options.order.count > 0)
        return apply_order(input->name, &stack->options.order, *images, series, fail);
    if (metadata->disorder[0] != '\0')
        return fail_set(fail,
                        "%s: %s; --order says which of its %" PRIu64 " images they are, as in "
                        "--order channel:2,plane",
                        input->name, metadata->disorder, *images);
    if (metadata->images <= 1 && tiff_series_images(series) != *images) {
        series->count[PAGE_CHANNEL] = series->count[PAGE_FRAME] = 1;
        series->count[PAGE_PLANE] = *images;
    }
    if (is_cut && tiff_series_images(series) > *images)
        *images = tiff_series_images(series);
    return tiff_series_images(series) == *images ||
           fail_set(fail,
                    "%s: its description tells of %" PRIu64 " images, it has %zu"
                    " pages; --plain takes these as they are",
                    input->name, metadata->images / parts, pages->count);
}

/* Keeps only the pages of the group that the options select. */
static bool choose_group(const struct tiff_stack *stack, const struct tiff_input *input,
                         bool is_placed, struct tiff_metadata *metadata, struct tiff_pages *pages,
                         struct fail *fail)
{
    char first[TIFF_PAGE_TEXT], other[TIFF_PAGE_TEXT];
    bool is_chosen = stack->options.choose_series && !is_placed;
    uint64_t group = is_chosen ? stack->options.series : 0;
    if (group >= pages->group_count)
        return fail_set(fail, "%s: --series %" PRIu64 ": the file has series 0%s%zu", input->name,
                        group, pages->group_count > 1 ? " to " : ", not ",
                        pages->group_count > 1 ? pages->group_count - 1 : group);
    if (metadata->series_count > 1 && !is_chosen && !is_placed)
        return tiff_refuse_series(input->name, metadata, fail);
    if (pages->group_count > 1 && !is_chosen) {
        size_t i = 0; /* the first page of another group */
        while (pages->list[i].group == 0)
            i++;
        return fail_set(fail,
                        "%s: page %" PRIu32 " is %s, page 0 is %s: planes of one volume are alike "
                        "(choose those that are with --series 0 to %zu)",
                        input->name, pages->list[i].number,
                        tiff_page_text(&pages->groups[1], other),
                        tiff_page_text(&pages->groups[0], first), pages->group_count - 1);
    }
    if (!tiff_choose_series(input->file, pages, group, metadata, fail))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < pages->count; i++)
        if (pages->list[i].group == group)
            pages->list[kept++] = pages->list[i];
    pages->count = kept;
    pages->groups[0] = pages->groups[group];
    return true;
}

static bool check_metadata(const struct tiff_input *input, const struct tiff_metadata *metadata,
                           const struct tiff_page *page, struct fail *fail)
{
    const struct tiff_series *series = metadata->series;
    bool agrees = (series->rows == 0 || series->rows == page->rows) &&
                  (series->columns == 0 || series->columns == page->columns);
    if (!agrees)
        return fail_set(fail,
                        "%s: its %s tells of %" PRIu64 " rows x %" PRIu64 " columns, its pages "
                        "have %" PRIu64 " x %" PRIu64,
                        input->name, metadata->dialect, series->rows, series->columns, page->rows,
                        page->columns);
    return series->samples == 0 || series->samples == page->channels ||
           fail_set(fail, "%s: its %s tells of %" PRIu64 " samples a pixel, its pages have %u",
                    input->name, metadata->dialect, series->samples, page->channels);
}

static bool append_images(struct tiff_stack *stack, uint32_t number, const struct tiff_pages *pages,
                          const struct tiff_metadata *metadata, uint64_t images, struct fail *fail)
{
    const struct tiff_series *series = metadata->series;
    const struct tiff_page *page = &pages->groups[0];
    struct tiff_page image = *page;
    tiff_page_use_image(&image);
    struct tiff_choice choice;
    struct tiff_image *to = tiff_choose_images(stack, stack->inputs[number].name, series,
                                               image.channels, &choice, fail);
    if (!to)
        return false;
    uint64_t depth = series->count[PAGE_PLANE], size = whole_size(page);
    uint64_t parts = tiff_page_images(page);
    uint64_t part_size = page->parts.split == SPLIT_SEPARATE ? tiff_page_size(page) : 0;
    bool same_layout = page->parts.split == stack->stored.parts.split &&
                       tiff_page_data_offset(page, &stack->stored) == page->data_offset;
    bool is_cut = tiff_pages_are_cut(pages);
    bool is_contiguous = images > pages->count * parts && !is_cut;
    if (is_cut && stack->options.planes_needed > depth)
        return fail_set(fail, "%s", pages->cut->text);
    for (uint64_t i = 0; i < depth * choice.channels; i++) {
        const uint64_t at[PAGE_AXES] = {choice.channel + i % choice.channels, i / choice.channels,
                                        choice.frame};
        uint64_t index = tiff_series_index(series, at), part = index % parts;
        index /= parts;
        bool is_needed = at[PAGE_PLANE] < stack->options.planes_needed;
        bool is_lost = is_cut && (index >= pages->count || pages->list[index].directory == 0);
        if (is_lost && is_needed)
            return fail_set(fail, "%s", pages->cut->text);
        if (is_lost)
            continue; /* it is not read */
        const struct tiff_page_entry *entry = &pages->list[is_contiguous ? 0 : index];
        uint64_t data_offset =
            entry->data_offset == 0
                ? 0
                : entry->data_offset + (is_contiguous ? index * size : 0) + part * part_size;
        to[i] = (struct tiff_image){.directory = entry->directory,
                                    .data_offset = is_contiguous || same_layout ? data_offset : 0,
                                    .input = number,
                                    .number = entry->number,
                                    .part = (uint32_t)part};
    }
    return true;
}

/* ---- pages of several files, which say where they belong ------------------------------------- */

static bool place_images(struct tiff_stack *stack, uint32_t number, const struct tiff_pages *pages,
                         const struct tiff_metadata *metadata, uint64_t images, struct fail *fail)
{
    struct tiff_image *list = calloc(images + 1, sizeof *list);
    if (!list)
        return fail_errno(fail, "%s", stack->inputs[number].name);
    const struct tiff_page *page = &pages->groups[0];
    bool same_layout = tiff_page_data_offset(page, &stack->page) == page->data_offset;
    for (uint64_t i = 0; i < images; i++) {
        const struct tiff_page_entry *entry = &pages->list[i];
        list[i] = (struct tiff_image){.directory = entry->directory,
                                      .data_offset = same_layout ? entry->data_offset : 0,
                                      .input = number,
                                      .number = entry->number};
    }
    bool ok = placed_add(&stack->placed, metadata, list, images, fail);
    free(list);
    return ok;
}

static bool choose_position(struct tiff_stack *stack, const char *name, size_t *position,
                            struct fail *fail)
{
    const struct tiff_options *options = &stack->options;
    size_t positions = placed_positions(&stack->placed);
    *position = options->choose_series ? options->series : 0;
    return (*position < positions && (options->choose_series || positions == 1)) ||
           fail_set(fail,
                    "%s: the files are of %zu positions of the stage: choose one with --series 0 "
                    "to %zu (" TIFF_WAY_OUT ")",
                    name, positions, positions - 1);
}

static bool add_placed(struct tiff_stack *stack, const char *name, struct tiff_series *series,
                       struct fail *fail)
{
    struct tiff_choice choice;
    size_t position;
    if (!choose_position(stack, name, &position, fail) ||
        !placed_describe(&stack->placed, position, name, series, fail))
        return false;
    struct tiff_image *images =
        tiff_choose_images(stack, name, series, stack->page.channels, &choice, fail);
    uint64_t count = series->count[PAGE_PLANE] * choice.channels;
    for (uint64_t i = 0; images && i < count; i++) {
        const uint64_t at[PAGE_AXES] = {choice.channel + i % choice.channels, i / choice.channels,
                                        choice.frame};
        const struct tiff_image *found = placed_find(&stack->placed, position, at);
        if (found)
            images[i] = *found;
        else if (!stack->options.missing_zero)
            return fail_set(fail,
                            "%s: no file has channel %" PRIu64 ", plane %" PRIu64 ", frame %" PRIu64
                            " (--missing zero makes it 0); " TIFF_WAY_OUT,
                            name, at[PAGE_CHANNEL], at[PAGE_PLANE], at[PAGE_FRAME]);
    }
    return images != NULL;
}

bool tiff_add_placed_pages(struct tiff_stack *stack, struct fail *fail)
{
    struct tiff_metadata metadata = {0};
    if (stack->placed.count == 0)
        return true;
    struct tiff_series *series = tiff_metadata_add_series(&metadata, fail);
    bool ok = series && add_placed(stack, stack->inputs[0].name, series, fail);
    tiff_metadata_free(&metadata);
    return ok;
}

/* ---------------------------------------------------------------------------------------------- */

/* Files that say where they belong, and others, are no stack. */
static bool check_placed(const struct tiff_stack *stack, uint32_t number, bool is_placed,
                         struct fail *fail)
{
    bool are_placed = stack->placed.count > 0;
    return number == 0 || is_placed == are_placed ||
           fail_set(fail,
                    "%s: does not say which channel and plane it is, as %s does; " TIFF_WAY_OUT,
                    stack->inputs[is_placed ? 0 : number].name,
                    stack->inputs[is_placed ? number : 0].name);
}

bool tiff_add_file_pages(struct tiff_stack *stack, uint32_t number, struct tiff_metadata *metadata,
                         struct fail *fail)
{
    struct tiff_input *input = &stack->inputs[number];
    uint64_t images = 0;
    if (stack->options.order.count > 0) { /* the user's order is that of the pages as they come */
        free(metadata->places);
        metadata->places = NULL;
        metadata->has_first = false;
    }
    bool is_placed = stack->is_several && metadata->has_first;
    struct fail cut = {.text = ""};
    struct tiff_pages pages = {
        .cut = !is_placed && stack->options.planes_needed > 0 ? &cut : NULL,
    };
    bool ok = tiff_read_file_pages(stack, input, metadata, &pages, fail) &&
              choose_group(stack, input, is_placed, metadata, &pages, fail) &&
              check_metadata(input, metadata, &pages.groups[0], fail);
    if (ok)
        tiff_stack_keep_metadata(stack, number, metadata, metadata->series);
    ok = ok && tiff_stack_check_page(stack, number, pages.list[0].number, &pages.groups[0], fail) &&
         tiff_count_images(stack, input, &pages, metadata, &images, fail) &&
         check_placed(stack, number, is_placed, fail) &&
         (is_placed ? place_images(stack, number, &pages, metadata, images, fail)
                    : append_images(stack, number, &pages, metadata, images, fail));
    tiff_pages_free(&pages);
    return ok;
}
