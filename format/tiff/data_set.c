#include "format/tiff/data_set.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/tiff/metadata/ome.h"

#define MOST_IMAGES (UINT64_C(1) << 24)
enum { MOST_FILES = 16384 };
#define NO_PART UINT32_MAX

/* What is looked for while the description is read. */
struct set {
    struct tiff_stack *stack;
    const struct tiff_metadata *metadata;
    const struct tiff_series *series;
    struct tiff_choice choice;
    size_t own;           /* the file that was named */
    const char *own_uuid; /* "" unknown */
    bool is_companion;    /* the description is not in it */
    uint64_t begin;       /* of the set's images among those of the stack */
    size_t last;          /* the part that was named last */
    char last_file[OME_TEXT];
    uint64_t told;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The path of a file beside another one; NULL: refused, or no memory. */
static char *path_beside(const char *path, const char *file, struct fail *fail)
{
    bool is_plain = file[0] != '\0' && file[0] != '/' && strcmp(file, "..") != 0 &&
                    strncmp(file, "../", 3) != 0 && !strstr(file, "/../");
    char *joined = NULL;
    int folder = (int)(base_name(path) - path);
    if (strcmp(path, "-") == 0)
        fail_set(fail,
                 "standard input: its OME-XML refers to the file '%.200s', which can't be "
                 "found from a pipe",
                 file);
    else if (!is_plain)
        fail_set(fail, "%s: its OME-XML refers to '%.200s', expected a file in the same folder",
                 path, file);
    else if (asprintf(&joined, "%.*s%s", folder, path, file) < 0) {
        joined = NULL;
        fail_errno(fail, "%s", path);
    }
    return joined;
}

/* ---- the description in another file ------------------------------------------------------- */

/* A file of XML alone, or a TIFF file that has it; from is closed by the caller. */
struct companion {
    char *path;
    struct input input;
    struct tiff_file tiff;
    bool is_tiff;
    struct ome_source source;
};

static void close_companion(struct companion *companion)
{
    if (companion->is_tiff)
        tiff_file_close(&companion->tiff);
    else if (companion->path)
        input_close(&companion->input);
    free(companion->path);
}

static bool open_companion(struct companion *companion, const char *path, const char *file,
                           struct fail *fail)
{
    char begin[2] = "";
    struct stat status;
    *companion = (struct companion){.input = {.fd = -1}};
    companion->path = path_beside(path, file, fail);
    if (!companion->path || !input_open(&companion->input, companion->path, fail))
        return false;
    if (fstat(companion->input.fd, &status) != 0 || !S_ISREG(status.st_mode))
        return fail_set(fail, "%s: is no regular file", companion->path);
    companion->source = (struct ome_source){
        .name = companion->path, .fd = companion->input.fd, .size = (uint64_t)status.st_size};
    bool is_tiff = pread(companion->input.fd, begin, 2, 0) == 2 &&
                   (memcmp(begin, "II", 2) == 0 || memcmp(begin, "MM", 2) == 0);
    if (!is_tiff)
        return true;
    input_close(&companion->input);
    companion->is_tiff = tiff_file_open(&companion->tiff, companion->path, fail);
    if (!companion->is_tiff) {
        companion->input.fd = -1;
        return false;
    }
    return tiff_parse_directory(&companion->tiff, companion->tiff.next, 0, fail) &&
           ome_in_tiff(&companion->tiff, &companion->source, fail);
}

static bool read_companion(const struct companion *companion, struct tiff_metadata *metadata,
                           struct fail *fail)
{
    char uuid[OME_TEXT];
    snprintf(uuid, sizeof uuid, "%s", metadata->uuid);
    tiff_metadata_free(metadata);
    if (!ome_read(&companion->source, metadata, fail))
        return false;
    if (metadata->companion[0] != '\0')
        return fail_set(fail, "%s: refers to yet another file, '%.200s'", companion->path,
                        metadata->companion);
    snprintf(metadata->uuid, sizeof metadata->uuid, "%s", uuid);
    return true;
}

bool data_set_describe(const char *path, struct tiff_metadata *metadata, struct fail *fail)
{
    struct companion companion;
    if (metadata->companion[0] == '\0')
        return true;
    bool ok = open_companion(&companion, path, metadata->companion, fail) &&
              read_companion(&companion, metadata, fail);
    close_companion(&companion);
    return ok;
}

/* ---- files --------------------------------------------------------------------------------- */

static size_t add_part(struct tiff_stack *stack, const char *path, struct fail *fail)
{
    struct stat status;
    size_t number = tiff_stack_part(stack, path, fail);
    if (number == SIZE_MAX)
        return number;
    stack->parts[number].is_brought = true;
    if (stat(path, &status) == 0) {
        stack->parts[number].device = status.st_dev;
        stack->parts[number].inode = status.st_ino;
    }
    return number;
}

/* The number of the file that a TiffData names, NO_PART when it can't be one. */
static uint32_t find_part(struct set *set, const struct ome_data *data, struct fail *fail)
{
    struct tiff_stack *stack = set->stack;
    const char *own = stack->parts[set->own].path;
    bool no_name = data->file[0] == '\0';
    bool is_own = data->uuid[0] != '\0' && strcmp(data->uuid, set->own_uuid) == 0;
    if (is_own || (no_name && data->uuid[0] == '\0' && !set->is_companion) ||
        (!no_name && strcmp(base_name(data->file), base_name(own)) == 0))
        return (uint32_t)set->own;
    if (no_name) {
        fail_set(fail, "%s: its OME-XML refers to a file only as '%.80s'", own, data->uuid);
        return NO_PART;
    }
    if (strcmp(set->last_file, data->file) == 0)
        return (uint32_t)set->last;
    char *path = path_beside(own, data->file, fail);
    if (!path)
        return NO_PART;
    size_t i = set->own + 1;
    while (i < stack->part_count && strcmp(stack->parts[i].path, path) != 0)
        i++;
    if (i == stack->part_count && i - set->own > MOST_FILES)
        fail_set(fail, "%s: its OME-XML refers to more than %d files", own, MOST_FILES);
    else if (i == stack->part_count)
        i = add_part(stack, path, fail);
    free(path);
    if (fail->text[0] != '\0')
        return NO_PART;
    set->last = i;
    snprintf(set->last_file, sizeof set->last_file, "%s", data->file);
    return (uint32_t)i;
}

/* Lists the pages of a file, once. */
static bool list_pages(struct tiff_stack *stack, size_t number, struct fail *fail)
{
    if (stack->parts[number].pages.count > 0)
        return true;
    struct tiff_file *file = tiff_stack_open(stack, number, fail);
    if (!file)
        return false;
    struct tiff_part *part = &stack->parts[number];
    bool ok = tiff_pages_walk(file, part->first_directory, &part->pages, fail);
    tiff_stack_leave(stack, number);
    return ok;
}

/* ---- which page is which ------------------------------------------------------------------- */

static bool tell(struct set *set, uint64_t index, uint32_t part, uint64_t page, struct fail *fail)
{
    uint64_t at[PAGE_AXES];
    const struct tiff_choice *choice = &set->choice;
    tiff_series_place(set->series, index, at);
    if (at[PAGE_FRAME] != choice->frame || at[PAGE_CHANNEL] < choice->channel ||
        at[PAGE_CHANNEL] - choice->channel >= choice->channels)
        return true;
    struct tiff_image *image = &set->stack->images[set->begin + at[PAGE_PLANE] * choice->channels +
                                                   at[PAGE_CHANNEL] - choice->channel];
    if (image->part != NO_PART && (image->part != part || image->number != page))
        return fail_set(fail,
                        "%s: its OME-XML has two pages for channel %" PRIu64 ", plane %" PRIu64
                        ", frame %" PRIu64,
                        set->stack->parts[set->own].name, at[PAGE_CHANNEL], at[PAGE_PLANE],
                        at[PAGE_FRAME]);
    image->part = part;
    image->number = (uint32_t)page;
    return true;
}

static bool take_data(void *state, const struct ome_data *data, struct fail *fail)
{
    struct set *set = state;
    const char *name = set->stack->parts[set->own].name;
    uint64_t all = tiff_series_images(set->series), count = data->count;
    uint32_t part = find_part(set, data, fail);
    if (part == NO_PART)
        return false;
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        if (data->first[axis] >= set->series->count[axis])
            return fail_set(
                fail, "%s: its OME-XML has a TiffData that begins with %s %" PRIu64 " of %" PRIu64,
                name, page_axis_names[axis], data->first[axis], set->series->count[axis]);
    uint64_t first = tiff_series_index(set->series, data->first);
    if (!data->has_count || count == 0) {
        if (!data->has_page && !list_pages(set->stack, part, fail))
            return false;
        count = data->has_page ? 1 : set->stack->parts[part].pages.count;
        if (count > all - first)
            count = all - first;
    }
    set->told += count;
    if (count > all - first || set->told > 4 * all)
        return fail_set(fail, "%s: its OME-XML tells of more pages than images", name);
    for (uint64_t i = 0; i < count; i++)
        if (!tell(set, first + i, part, data->page + i, fail))
            return false;
    return true;
}

static bool take_all_data(struct set *set, size_t series, struct fail *fail)
{
    struct tiff_stack *stack = set->stack;
    const struct tiff_metadata *metadata = set->metadata;
    if (set->is_companion) {
        struct companion companion;
        bool ok =
            open_companion(&companion, stack->parts[set->own].path, metadata->companion, fail) &&
            ome_each_data(&companion.source, series, take_data, set, fail);
        close_companion(&companion);
        return ok;
    }
    struct ome_source source;
    const struct tiff_part *part = &stack->parts[set->own];
    return tiff_parse_directory(part->file, part->first_directory, 0, fail) &&
           ome_in_tiff(part->file, &source, fail) &&
           ome_each_data(&source, series, take_data, set, fail);
}

/* A series of which no places are told has all the pages, or none. */
static bool take_pages(struct set *set, struct fail *fail)
{
    const struct tiff_part *part = &set->stack->parts[set->own];
    uint64_t all = tiff_series_images(set->series);
    if (!list_pages(set->stack, set->own, fail))
        return false;
    if (set->metadata->series_count > 1 || part->pages.count != all || set->is_companion)
        return fail_set(fail,
                        "%s: its OME-XML tells of %" PRIu64 " images and not in which of %zu pages",
                        part->name, all, part->pages.count);
    for (uint64_t i = 0; i < all; i++)
        if (!tell(set, i, (uint32_t)set->own, i, fail))
            return false;
    return true;
}

/* ---- the pages themselves ------------------------------------------------------------------ */

static bool check_type(const struct set *set, const struct tiff_page *page, struct fail *fail)
{
    const char *type = set->series->type;
    bool is_float = !sample_is_integer(page->type);
    bool is_signed = page->type == SAMPLE_INT8 || page->type == SAMPLE_INT16 ||
                     page->type == SAMPLE_INT32 || page->type == SAMPLE_INT64;
    bool agrees = strncmp(type, "uint", 4) == 0  ? !is_float && !is_signed
                  : strncmp(type, "int", 3) == 0 ? is_signed
                  : strcmp(type, "float") == 0 || strcmp(type, "double") == 0 ? is_float
                                                                              : true;
    return agrees ||
           fail_set(fail, "%s: its OME-XML tells of samples of type %s, its pages have %s",
                    set->stack->parts[set->own].name, type, sample_name(page->type));
}

static bool check_page(const struct set *set, const struct tiff_page *page, uint64_t samples,
                       struct fail *fail)
{
    const struct tiff_series *series = set->series;
    const char *name = set->stack->parts[set->own].name;
    if (page->rows != series->rows || page->columns != series->columns)
        return fail_set(fail,
                        "%s: its OME-XML tells of %" PRIu64 " rows x %" PRIu64
                        " columns, its pages have %" PRIu64 " x %" PRIu64,
                        name, series->rows, series->columns, page->rows, page->columns);
    if (page->channels != samples)
        return fail_set(fail, "%s: its pages have %u samples a pixel, others %" PRIu64, name,
                        page->channels, samples);
    return check_type(set, page, fail);
}

static bool look_at_image(struct set *set, struct tiff_image *image, uint64_t samples,
                          struct fail *fail)
{
    struct tiff_stack *stack = set->stack;
    struct tiff_part *part = &stack->parts[image->part];
    struct tiff_page page;
    if (image->number >= part->pages.count)
        return fail_set(fail, "%s: has %zu pages, the OME-XML of %s refers to page %" PRIu32,
                        part->name, part->pages.count, stack->parts[set->own].name, image->number);
    image->directory = part->pages.list[image->number].directory;
    if (!tiff_set_directory(part->file, image->directory, image->number, fail) ||
        !tiff_page_take(part->file, image->number, set->metadata, &stack->decoding, &page, fail) ||
        !check_page(set, &page, samples, fail) ||
        !tiff_stack_agree(stack, image->part, image->number, &page, fail))
        return false;
    image->data = tiff_page_shared_data(&page, &stack->page);
    return true;
}

/* A file that is missing, and was said to may be: its planes are 0. */
static bool pass_over(struct set *set, size_t part)
{
    struct stat status;
    if (!set->stack->options.missing_zero || part == set->own ||
        stat(set->stack->parts[part].path, &status) == 0 || errno != ENOENT)
        return false;
    for (uint64_t i = set->begin; i < set->stack->image_count; i++)
        if (set->stack->images[i].part == part)
            set->stack->images[i].part = NO_PART;
    return true;
}

static bool look_at_part(struct set *set, size_t number, uint64_t samples, struct fail *fail)
{
    struct tiff_stack *stack = set->stack;
    struct stat status;
    uint64_t first = set->begin;
    while (first < stack->image_count && stack->images[first].part != number)
        first++;
    if (first == stack->image_count || pass_over(set, number))
        return true;
    if (number != set->own && stat(stack->parts[number].path, &status) != 0 && errno == ENOENT)
        return fail_set(fail,
                        "%s: is missing, a part of the OME-TIFF %s (--missing zero makes its "
                        "planes 0)",
                        stack->parts[number].path, stack->parts[set->own].name);
    if (!list_pages(stack, number, fail) || !tiff_stack_open(stack, number, fail))
        return false;
    bool ok = true;
    for (uint64_t i = first; ok && i < stack->image_count; i++)
        if (stack->images[i].part == number)
            ok = look_at_image(set, &stack->images[i], samples, fail);
    tiff_stack_leave(stack, number);
    return ok;
}

static bool check_missing(struct set *set, struct fail *fail)
{
    struct tiff_stack *stack = set->stack;
    uint64_t missing = 0, first = 0;
    for (uint64_t i = stack->image_count; i-- > set->begin;) {
        if (stack->images[i].part != NO_PART)
            continue;
        stack->images[i] = (struct tiff_image){.part = (uint32_t)set->own};
        first = i - set->begin;
        missing++;
    }
    if (stack->page.rows == 0)
        return fail_set(fail, "%s: none of the planes asked for is in a file",
                        stack->parts[set->own].name);
    return missing == 0 || stack->options.missing_zero ||
           fail_set(fail,
                    "%s: its OME-XML tells of no page for %" PRIu64 " images, the first of them "
                    "channel %" PRIu64 ", plane %" PRIu64 ", frame %" PRIu64 " (--missing zero "
                    "makes them 0)",
                    stack->parts[set->own].name, missing,
                    set->choice.channel + first % set->choice.channels,
                    first / set->choice.channels, set->choice.frame);
}

/* ---- the set ------------------------------------------------------------------------------- */

static bool choose_series(const struct tiff_stack *stack, const char *name,
                          const struct tiff_metadata *metadata, size_t *chosen, struct fail *fail)
{
    const struct tiff_options *options = &stack->options;
    char list[500] = "";
    size_t used = 0;
    *chosen = options->choose_series ? (size_t)options->series : 0;
    if (metadata->series_count == 0)
        return fail_set(fail, "%s: its OME-XML tells of no image", name);
    if (*chosen < metadata->series_count && (options->choose_series || metadata->series_count == 1))
        return true;
    for (size_t i = 0; i < metadata->series_count && used + 120 < sizeof list; i++) {
        const struct tiff_series *series = &metadata->series[i];
        used += (size_t)snprintf(list + used, sizeof list - used,
                                 "%s%zu '%.40s' %" PRIu64 " x %" PRIu64 " x %" PRIu64,
                                 i ? ", " : "", i, series->name, series->count[PAGE_PLANE],
                                 series->rows, series->columns);
    }
    return fail_set(fail, "%s: holds %zu images: choose one with --series 0 to %zu (%s)", name,
                    metadata->series_count, metadata->series_count - 1, list);
}

/* How many samples a pixel its pages have, and whether these are channels or colors. */
static bool find_samples(struct tiff_stack *stack, struct tiff_metadata *metadata,
                         const struct tiff_part *part, struct tiff_series *series,
                         uint64_t *samples, struct fail *fail)
{
    uint64_t channels = series->count[PAGE_CHANNEL];
    if (!tiff_parse_directory(part->file, part->first_directory, 0, fail))
        return false;
    *samples = tiff_number(part->file, TIFFTAG_SAMPLESPERPIXEL, 1);
    if (*samples == 0 || channels % *samples != 0 || (*samples == 1 && series->samples > 1))
        return fail_set(fail,
                        "%s: its OME-XML tells of %" PRIu64 " channels of %" PRIu64
                        " samples, its pages have %" PRIu64 " samples a pixel",
                        part->name, channels, series->samples ? series->samples : 1, *samples);
    series->count[PAGE_CHANNEL] = channels / *samples;
    metadata->samples_are_channels = stack->samples_are_channels =
        *samples > 1 && series->samples <= 1 && series->channel_names_count == channels;
    return true;
}

static bool add_series(struct set *set, size_t number, uint64_t samples, struct fail *fail)
{
    struct tiff_stack *stack = set->stack;
    const struct tiff_series *series = set->series;
    const char *name = stack->parts[set->own].name;
    if (series->is_elsewhere)
        return fail_set(fail, "%s: its OME-XML does not keep its samples in TIFF pages", name);
    if (series->count[PAGE_CHANNEL] > MOST_IMAGES || series->count[PAGE_PLANE] > MOST_IMAGES ||
        series->count[PAGE_FRAME] >
            MOST_IMAGES / (series->count[PAGE_CHANNEL] * series->count[PAGE_PLANE]))
        return fail_set(fail, "%s: its OME-XML tells of more than %" PRIu64 " images", name,
                        MOST_IMAGES);
    bool by_sample = samples > 1 && series->count[PAGE_CHANNEL] == 1;
    if (!tiff_stack_choose(stack, name, series, by_sample ? samples : 1, &set->choice, fail))
        return false;
    set->begin = stack->image_count;
    stack->lanes = set->choice.channels;
    uint64_t images = series->count[PAGE_PLANE] * set->choice.channels;
    struct tiff_image *image = tiff_stack_room(stack, images, fail);
    for (uint64_t i = 0; image && i < images; i++)
        image[i].part = NO_PART;
    return image && (series->has_places ? take_all_data(set, number, fail) : take_pages(set, fail));
}

bool data_set_add(struct tiff_stack *stack, size_t own, struct tiff_metadata *metadata,
                  struct fail *fail)
{
    struct set set = {.stack = stack, .metadata = metadata, .own = own, .last = own};
    char companion[OME_TEXT];
    size_t number;
    uint64_t samples;
    snprintf(companion, sizeof companion, "%s", metadata->companion);
    set.is_companion = companion[0] != '\0';
    if (stack->options.order.count > 0)
        return fail_set(fail,
                        "%s: --order: its OME-XML tells where each plane is; --plain forgets that",
                        stack->parts[own].name);
    if (!data_set_describe(stack->parts[own].path, metadata, fail) ||
        !choose_series(stack, stack->parts[own].name, metadata, &number, fail))
        return false;
    snprintf(metadata->companion, sizeof metadata->companion, "%s", companion);
    set.own_uuid = metadata->uuid;
    set.series = &metadata->series[number];
    if (!find_samples(stack, metadata, &stack->parts[own], &metadata->series[number], &samples,
                      fail) ||
        !add_series(&set, number, samples, fail))
        return false;
    bool ok = true;
    for (size_t i = own; ok && i < stack->part_count; i++)
        ok = look_at_part(&set, i, samples, fail);
    for (size_t i = own; i < stack->part_count; i++)
        tiff_pages_free(&stack->parts[i].pages);
    if (!ok || !check_missing(&set, fail))
        return false;
    if (own == 0) {
        stack->dialect = metadata->dialect;
        memcpy(stack->spacing, set.series->spacing, sizeof stack->spacing);
        memcpy(stack->unit, set.series->unit, sizeof stack->unit);
    }
    return true;
}
