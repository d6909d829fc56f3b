#include "format/tiff/stack/stack.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"
#include "common/text/number.h"
#include "format/tiff/stack/series.h"

#define WAY_OUT "--plain takes each page as a plane"

struct tiff_decode_options tiff_decode_options(const struct tiff_options *options)
{
    return (struct tiff_decode_options){.raw = options->raw,
                                        .rgb = options->rgb,
                                        .missing_zero = options->missing_zero,
                                        .memory = options->memory << 20};
}

/* ---- input files --------------------------------------------------------------------------- */

uint32_t tiff_stack_add_input(struct tiff_stack *stack, const char *path, struct fail *fail)
{
    char *copy = strdup(path);
    if (!copy || !array_reserve(stack->inputs, &stack->input_capacity, stack->input_count + 1)) {
        fail_errno(fail, "%s", path);
        free(copy);
        return NO_INPUT;
    }
    stack->inputs[stack->input_count] = (struct tiff_input){.path = copy};
    return (uint32_t)stack->input_count++;
}

uint32_t tiff_stack_add_opened(struct tiff_stack *stack, const char *path, struct input *opened,
                               struct fail *fail)
{
    uint32_t number = tiff_stack_add_input(stack, path, fail);
    if (number != NO_INPUT)
        stack->inputs[number].opened = opened;
    return number;
}

static void close_file(struct tiff_input *input)
{
    if (input->file)
        tiff_file_close(input->file);
    free(input->file);
    input->file = NULL;
}

void tiff_stack_free(struct tiff_stack *stack)
{
    for (size_t i = 0; i < stack->input_count; i++) {
        close_file(&stack->inputs[i]);
        tiff_pages_free(&stack->inputs[i].pages);
        free(stack->inputs[i].path);
    }
    free(stack->inputs);
    lookup_free(&stack->data_set);
    placed_free(&stack->placed);
    tiff_texts_free(&stack->texts);
    free(stack->images);
    *stack = (struct tiff_stack){0};
}

static bool open_file(struct tiff_input *input, uint64_t max_memory, struct fail *fail)
{
    struct tiff_file *file = malloc(sizeof *file);
    if (!file)
        return fail_errno(fail, "%s", input->path);
    bool ok = input->opened ? tiff_file_open_input(file, input->opened, fail)
                            : tiff_file_open(file, input->path, fail);
    input->opened = NULL;
    if (!ok) {
        free(file);
        return false;
    }
    input->file = file;
    file->max_memory = max_memory;
    if (input->name) /* opened before: other threads may be reading these facts */
        return file->size == input->size ||
               fail_set(fail, "%s: has changed while it was read", input->name);
    input->name = file->name;
    input->size = file->size;
    input->first_directory = file->next_directory;
    return true;
}

struct tiff_file *tiff_stack_open(struct tiff_stack *stack, uint32_t number, struct fail *fail)
{
    struct tiff_input *input = &stack->inputs[number];
    if (!input->file && !open_file(input, stack->options.memory << 20, fail))
        return NULL;
    input->users++;
    return input->file;
}

void tiff_stack_release(struct tiff_stack *stack, uint32_t number)
{
    struct tiff_input *input = &stack->inputs[number];
    if (--input->users == 0 && input->file && !tiff_file_is_temporary(input->file))
        close_file(input);
}

void tiff_stack_keep_metadata(struct tiff_stack *stack, uint32_t number,
                              const struct tiff_metadata *metadata,
                              const struct tiff_series *series)
{
    stack->samples_are_channels = metadata->samples_are_channels;
    stack->inputs[number].is_imagej = metadata->is_imagej;
    stack->inputs[number].parts = metadata->parts;
    if (metadata->notice[0] != '\0')
        notices_add(&stack->notices, "%s: %s", stack->inputs[number].name, metadata->notice);
    if (series->notice[0] != '\0')
        notices_add(&stack->notices, "%s: %s", stack->inputs[number].name, series->notice);
    if (number > 0)
        return;
    memcpy(stack->spacing, series->spacing, sizeof stack->spacing);
    memcpy(stack->unit, series->unit, sizeof stack->unit);
}

/* ---- images -------------------------------------------------------------------------------- */

struct tiff_image *tiff_stack_add_images(struct tiff_stack *stack, uint64_t images,
                                         struct fail *fail)
{
    size_t needed = stack->image_count + images;
    if (!array_reserve(stack->images, &stack->image_capacity, needed)) {
        fail_memory(fail, "%s: a list of %zu planes", stack->inputs[stack->input_count - 1].path,
                    needed);
        return NULL;
    }
    struct tiff_image *added = stack->images + stack->image_count;
    memset(added, 0, images * sizeof *added);
    stack->image_count = needed;
    return added;
}

bool tiff_stack_check_page(struct tiff_stack *stack, uint32_t input, uint64_t number,
                           const struct tiff_page *page, struct fail *fail)
{
    char found[TIFF_PAGE_TEXT], expected[TIFF_PAGE_TEXT];
    struct tiff_page image = *page;
    tiff_page_use_image(&image);
    if (stack->page.rows == 0) {
        stack->page = image;
        stack->stored = *page;
        stack->page_input = input;
        stack->page_number = number;
    }
    if (tiff_pages_compatible(&image, &stack->page))
        return true;
    bool same_file = input == stack->page_input;
    return fail_set(fail,
                    "%s: page %" PRIu64 " is %s, page %" PRIu64 "%s%s is %s: planes of one volume "
                    "are alike",
                    stack->inputs[input].name, number, tiff_page_text(&image, found),
                    stack->page_number, same_file ? "" : " of ",
                    same_file ? "" : stack->inputs[stack->page_input].name,
                    tiff_page_text(&stack->page, expected));
}

/* ---- choosing ------------------------------------------------------------------------------ */

/* " (0 DAPI, 1 GFP)", or "" if there are no names; cut to what fits. */
static void list_channels(const struct tiff_series *series, uint64_t count, char *text, size_t size)
{
    size_t used = 0;
    bool any = false;
    text[0] = '\0';
    for (size_t i = 0; i < series->channel_names_count; i++)
        any = any || series->channel_names[i][0] != '\0';
    for (uint64_t i = 0; any && i < count && i < series->channel_names_count; i++) {
        if (used + TIFF_NAME_SIZE + 32 > size) {
            snprintf(text + used, size - used, ", ...");
            used = size;
            break;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%" PRIu64 " %s", i ? ", " : " (", i,
                                 series->channel_names[i]);
    }
    if (any)
        snprintf(text + strlen(text), size - strlen(text), ")");
}

static bool refuse_choice(const char *name, const struct tiff_series *series, uint64_t channels,
                          enum page_axis axis, bool and_frame, struct fail *fail)
{
    char names[400] = "", frame[64] = "";
    uint64_t count = axis == PAGE_CHANNEL ? channels : series->count[axis];
    if (axis == PAGE_CHANNEL)
        list_channels(series, channels, names, sizeof names);
    if (and_frame)
        snprintf(frame, sizeof frame, ", and one with --frame 0 to %" PRIu64,
                 series->count[PAGE_FRAME] - 1);
    return fail_set(fail,
                    "%s: holds %" PRIu64 " channels x %" PRIu64 " planes x %" PRIu64
                    " frames: choose one with --%s 0 to %" PRIu64 "%s%s%s (%s)",
                    name, channels, series->count[PAGE_PLANE], series->count[PAGE_FRAME],
                    page_axis_names[axis], count - 1, names,
                    axis == PAGE_CHANNEL ? ", or all with --channels all" : "", frame, WAY_OUT);
}

static bool find_channel(const char *name, const char *text, const struct tiff_series *series,
                         uint64_t count, uint64_t *channel, struct fail *fail)
{
    char names[400] = "";
    uint64_t number, named = count;
    for (size_t i = 0; i < series->channel_names_count && i < count; i++)
        if (named == count && strcmp(series->channel_names[i], text) == 0)
            named = i;
    bool is_number = number_count(text, &number) && number < count;
    if (is_number && named < count && named != number)
        return fail_set(fail,
                        "%s: --channel %s: is channel %" PRIu64 " by its name; choose it by "
                        "its number",
                        name, text, named);
    *channel = is_number ? number : named;
    if (*channel < count)
        return true;
    list_channels(series, count, names, sizeof names);
    if (count == 1)
        return fail_set(fail, "%s: --channel %s: the file tells of no channels but 0%s", name, text,
                        names);
    return fail_set(fail, "%s: --channel %s: the file has channels 0 to %" PRIu64 "%s", name, text,
                    count - 1, names);
}

/* Sets names and colours of all channels, each list only where it tells them apart. */
static void keep_channels(struct tiff_stack *stack, const struct tiff_series *series,
                          uint64_t channels)
{
    char *names = stack->channel_names, *colours = stack->channel_colours;
    bool any_name = false, all_colours = channels <= TIFF_MAX_COLOURS;
    if (names[0] != '\0' || colours[0] != '\0')
        return;
    for (uint64_t c = 0; c < channels; c++) {
        const char *name = c < series->channel_names_count ? series->channel_names[c] : "";
        size_t used = strlen(names), place = strlen(colours);
        any_name |= name[0] != '\0';
        if (used + strlen(name) + 3 > sizeof stack->channel_names) {
            names[0] = '\0'; /* all of them, or none */
            any_name = all_colours = false;
            break;
        }
        snprintf(names + used, sizeof stack->channel_names - used, "%s%s", c > 0 ? ", " : "", name);
        for (char *comma = names + used + (c > 0); (comma = strchr(comma, ','));)
            *comma = ';'; /* of the name itself */
        uint32_t colour = c < TIFF_MAX_COLOURS ? series->channel_colours[c] : 0;
        for (uint64_t k = 0; k < c && all_colours; k++)
            all_colours = series->channel_colours[k] != colour;
        all_colours &= colour != 0;
        if (all_colours)
            snprintf(colours + place, sizeof stack->channel_colours - place, "%s%06" PRIx32,
                     c > 0 ? "," : "", colour & 0xffffff);
    }
    if (!any_name)
        names[0] = '\0';
    if (!all_colours)
        colours[0] = '\0';
}

/* Sets the window where all channels have the same. That of one file of several tells nothing of
 * the others, which may not even be opened. */
static void keep_window(struct tiff_stack *stack, const struct tiff_series *series,
                        const struct tiff_choice *choice)
{
    uint64_t end = choice->channel + choice->channels;
    if (stack->is_several || end > TIFF_MAX_COLOURS)
        return;
    const double(*windows)[2] = series->channel_windows + choice->channel;
    for (uint64_t c = 1; c < choice->channels; c++)
        if (memcmp(windows[c], windows[0], sizeof windows[0]) != 0)
            return;
    memcpy(stack->window, windows[0], sizeof stack->window);
}

bool tiff_stack_choose(struct tiff_stack *stack, const char *name, const struct tiff_series *series,
                       uint64_t samples, struct tiff_choice *choice, struct fail *fail)
{
    const struct tiff_options *options = &stack->options;
    uint64_t channels = samples > 1 ? samples : series->count[PAGE_CHANNEL];
    uint64_t frames = series->count[PAGE_FRAME], channel = 0;
    bool lacks_frame = frames > 1 && !options->choose_frame;
    bool is_color = samples > 1 && !stack->samples_are_channels;
    *choice =
        (struct tiff_choice){.channels = 1, .frame = options->choose_frame ? options->frame : 0};
    if (options->channel && !find_channel(name, options->channel, series, channels, &channel, fail))
        return false;
    if (!options->channel && !options->all_channels && channels > 1 && !is_color)
        return refuse_choice(name, series, channels, PAGE_CHANNEL, lacks_frame, fail);
    if (choice->frame >= frames && frames == 1)
        return fail_set(fail, "%s: --frame %" PRIu64 ": the file tells of no frames but 0", name,
                        choice->frame);
    if (choice->frame >= frames || lacks_frame)
        return refuse_choice(name, series, channels, PAGE_FRAME, false, fail);
    if (samples > 1) {
        stack->selects_sample = options->channel != NULL;
        stack->sample = channel;
    } else {
        choice->channel = channel;
        choice->channels = options->all_channels ? channels : 1;
        if (options->all_channels)
            keep_channels(stack, series, channels);
        keep_window(stack, series, choice);
    }
    return true;
}

/* ---- pages of one file --------------------------------------------------------------------- */

bool tiff_stack_read_pages(struct tiff_stack *stack, const struct tiff_input *input,
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

bool tiff_stack_count_images(const struct tiff_stack *stack, const struct tiff_input *input,
                             const struct tiff_pages *pages, struct tiff_metadata *metadata,
                             uint64_t *images, struct fail *fail)
{
    struct tiff_series *series = metadata->series;
    count_samples_once(input, pages, metadata);
    bool is_cut = pages->cut && pages->cut->text[0] != '\0';
    uint64_t parts = tiff_page_images(&pages->groups[0]);
    bool is_contiguous = metadata->images > parts && pages->count == 1 && !is_cut;
    *images = is_contiguous ? metadata->images : pages->count * parts;
    if (metadata->is_contiguous && pages->count > 1)
        return fail_set(fail, "%s: a %s file of %zu pages: which are planes is not read; " WAY_OUT,
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
    bool by_sample = image.channels > 1 && series->count[PAGE_CHANNEL] == 1;
    struct tiff_choice choice;
    if (!tiff_stack_choose(stack, stack->inputs[number].name, series,
                           by_sample ? image.channels : 1, &choice, fail))
        return false;
    uint64_t depth = series->count[PAGE_PLANE], size = whole_size(page);
    uint64_t parts = tiff_page_images(page);
    uint64_t part_size = page->parts.split == SPLIT_SEPARATE ? tiff_page_size(page) : 0;
    struct tiff_image *to = tiff_stack_add_images(stack, depth * choice.channels, fail);
    if (!to)
        return false;
    stack->channels = choice.channels;
    bool same_layout = page->parts.split == stack->stored.parts.split &&
                       tiff_page_data_offset(page, &stack->stored) == page->data_offset;
    bool is_cut = pages->cut && pages->cut->text[0] != '\0';
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
                    "to %zu (" WAY_OUT ")",
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
    bool by_sample = stack->page.channels > 1 && series->count[PAGE_CHANNEL] == 1;
    if (!tiff_stack_choose(stack, name, series, by_sample ? stack->page.channels : 1, &choice,
                           fail))
        return false;
    uint64_t count = series->count[PAGE_PLANE] * choice.channels;
    struct tiff_image *images = tiff_stack_add_images(stack, count, fail);
    stack->channels = choice.channels;
    for (uint64_t i = 0; images && i < count; i++) {
        const uint64_t at[PAGE_AXES] = {choice.channel + i % choice.channels, i / choice.channels,
                                        choice.frame};
        const struct tiff_image *found = placed_find(&stack->placed, position, at);
        if (found)
            images[i] = *found;
        else if (!stack->options.missing_zero)
            return fail_set(fail,
                            "%s: no file has channel %" PRIu64 ", plane %" PRIu64 ", frame %" PRIu64
                            " (--missing zero makes it 0); " WAY_OUT,
                            name, at[PAGE_CHANNEL], at[PAGE_PLANE], at[PAGE_FRAME]);
    }
    return images != NULL;
}

bool tiff_stack_add_placed(struct tiff_stack *stack, struct fail *fail)
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
           fail_set(fail, "%s: does not say which channel and plane it is, as %s does; " WAY_OUT,
                    stack->inputs[is_placed ? 0 : number].name,
                    stack->inputs[is_placed ? number : 0].name);
}

bool tiff_stack_add_pages(struct tiff_stack *stack, uint32_t number, struct tiff_metadata *metadata,
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
    bool ok = tiff_stack_read_pages(stack, input, metadata, &pages, fail) &&
              choose_group(stack, input, is_placed, metadata, &pages, fail) &&
              check_metadata(input, metadata, &pages.groups[0], fail);
    if (ok)
        tiff_stack_keep_metadata(stack, number, metadata, metadata->series);
    ok = ok && tiff_stack_check_page(stack, number, pages.list[0].number, &pages.groups[0], fail) &&
         tiff_stack_count_images(stack, input, &pages, metadata, &images, fail) &&
         check_placed(stack, number, is_placed, fail) &&
         (is_placed ? place_images(stack, number, &pages, metadata, images, fail)
                    : append_images(stack, number, &pages, metadata, images, fail));
    tiff_pages_free(&pages);
    return ok;
}
