#include "format/tiff/data_set.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/count.h"
#include "format/tiff/beside.h"
#include "format/tiff/decode/handle.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/metadata/ome.h"
#include "format/tiff/series.h"

#define MAX_IMAGES (UINT64_C(1) << 24)
enum { MAX_FILES = 1 << 20 };

struct data_set {
    struct tiff_stack *stack;
    const struct tiff_metadata *metadata;
    const struct tiff_series *series;
    struct tiff_choice choice;
    uint32_t named;         /* the file that the user named */
    const char *named_uuid; /* "" unknown */
    bool has_companion;     /* the description is in another file */
    uint64_t begin;         /* of the data set's images among those of the stack */
    struct beside beside;   /* the folder of the named file */
    struct lookup names;    /* input files by the names and UUIDs that TiffData elements have */
    struct lookup paths;    /* and by their paths */
    uint64_t page_total;    /* of all TiffData elements so far */
};

static const struct tiff_input *named_file(const struct data_set *data_set)
{
    return &data_set->stack->inputs[data_set->named];
}

/* ---- the description in another file ------------------------------------------------------- */

/* A file of XML alone, or a TIFF file that contains it. */
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
    struct beside beside = {.path = path};
    bool exists;
    companion->path = beside_find(&beside, file, true, &exists, fail);
    beside_free(&beside);
    if (!companion->path || !input_open(&companion->input, companion->path, fail))
        return false;
    if (fstat(companion->input.fd, &status) != 0 || !S_ISREG(status.st_mode))
        return fail_set(fail, "%s: is not a regular file; " OME_WAY_OUT, companion->path);
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
    return tiff_parse_directory(&companion->tiff, companion->tiff.next_directory, 0, fail) &&
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
        return fail_set(fail, "%s: refers to yet another file, '%.200s'; " OME_WAY_OUT,
                        companion->path, metadata->companion);
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

/* Lists the pages of a file if that is not done yet. */
static bool list_pages(struct tiff_stack *stack, uint32_t number, struct fail *fail)
{
    if (stack->inputs[number].pages.count > 0)
        return true;
    struct tiff_file *file = tiff_stack_open(stack, number, fail);
    if (!file)
        return false;
    struct tiff_input *input = &stack->inputs[number];
    bool ok = tiff_pages_list(file, input->first_directory, &input->pages, fail);
    tiff_stack_release(stack, number);
    return ok;
}

static uint32_t add_input(struct data_set *data_set, const char *path, struct fail *fail)
{
    struct tiff_stack *stack = data_set->stack;
    struct stat status;
    if (stack->input_count - data_set->named > MAX_FILES) {
        fail_set(fail, "%s: its OME-XML refers to more than %d files; " OME_WAY_OUT,
                 named_file(data_set)->path, MAX_FILES);
        return NO_INPUT;
    }
    uint32_t number = tiff_stack_add_input(stack, path, fail);
    bool ok = number != NO_INPUT;
    if (ok && stat(path, &status) == 0) {
        struct tiff_identity identity = {status.st_dev, status.st_ino};
        ok = lookup_add(&stack->data_set, &identity, sizeof identity, number);
    }
    ok = ok && lookup_add(&data_set->paths, path, strlen(path), number);
    if (ok)
        return number;
    fail_errno(fail, "%s", path);
    return NO_INPUT;
}

static bool is_named(const struct data_set *data_set, const struct ome_data *data)
{
    const char *own = named_file(data_set)->path, *slash = strrchr(own, '/');
    if (slash)
        own = slash + 1;
    if (data->uuid[0] != '\0' && strcmp(data->uuid, data_set->named_uuid) == 0)
        return true;
    if (data->file[0] == '\0')
        return data->uuid[0] == '\0' && !data_set->has_companion;
    slash = strrchr(data->file, '/');
    return strcmp(slash ? slash + 1 : data->file, own) == 0 ||
           strcmp(beside_base(data->file), own) == 0;
}

/* If the XML refers to one file alone, and that is missing, the named file is the one, renamed, and
 * has its pages. */
static enum outcome find_renamed(struct data_set *data_set, const struct ome_data *data,
                                 struct fail *fail)
{
    uint64_t end = data->page + (data->has_count && data->count > 0 ? data->count : 1);
    if (data_set->metadata->only_file[0] == '\0')
        return OUTCOME_CANNOT;
    if (!list_pages(data_set->stack, data_set->named, fail))
        return OUTCOME_FAILED;
    return end <= named_file(data_set)->pages.count ? OUTCOME_DONE : OUTCOME_CANNOT;
}

/* The file at a path, which may be the named one. */
static uint32_t find_path(struct data_set *data_set, const char *path, struct fail *fail)
{
    uint32_t found = lookup_find(&data_set->paths, path, strlen(path));
    return found != NO_INPUT ? found : add_input(data_set, path, fail);
}

/* The file of a TiffData element whose name or UUID has not occurred before; NO_INPUT on failure.
 */
static uint32_t resolve(struct data_set *data_set, const struct ome_data *data, struct fail *fail)
{
    const char *own = named_file(data_set)->path;
    bool is_only = data_set->metadata->only_file[0] != '\0', exists = false;
    bool has_folder = data->file[0] != '\0' && !(is_only && strcmp(own, "-") == 0);
    char *path = NULL;
    if (has_folder) {
        path = beside_find(&data_set->beside, data->file, !is_only, &exists, fail);
        if (!path)
            return NO_INPUT;
    }
    enum outcome renamed = exists ? OUTCOME_CANNOT : find_renamed(data_set, data, fail);
    uint32_t found = NO_INPUT;
    if (renamed == OUTCOME_DONE)
        found = data_set->named;
    else if (renamed == OUTCOME_CANNOT && path)
        found = find_path(data_set, path, fail);
    else if (renamed == OUTCOME_CANNOT)
        fail_set(
            fail,
            "%s: its OME-XML refers to a file only as '%.80s', which is not this one; " OME_WAY_OUT,
            own, data->file[0] != '\0' ? data->file : data->uuid);
    free(path);
    return found;
}

/* The file that a TiffData element names; NO_INPUT on failure. */
static uint32_t find_input(struct data_set *data_set, const struct ome_data *data,
                           struct fail *fail)
{
    const char *name = data->file[0] != '\0' ? data->file : data->uuid;
    if (is_named(data_set, data))
        return data_set->named;
    uint32_t found = lookup_find(&data_set->names, name, strlen(name));
    if (found != NO_INPUT)
        return found;
    found = resolve(data_set, data, fail);
    bool has_uuid = data->uuid[0] != '\0';
    if (found == NO_INPUT || !lookup_add(&data_set->names, name, strlen(name), found) ||
        (has_uuid && !lookup_add(&data_set->names, data->uuid, strlen(data->uuid), found))) {
        fail_errno(fail, "%s", named_file(data_set)->path);
        return NO_INPUT;
    }
    return found;
}

static bool is_missing(const struct data_set *data_set, uint32_t number)
{
    struct stat status;
    return number != data_set->named && stat(data_set->stack->inputs[number].path, &status) != 0 &&
           (errno == ENOENT || errno == ENOTDIR);
}

/* Refuses a missing file, unless the user allows that. */
static bool allow_missing(const struct data_set *data_set, uint32_t number, struct fail *fail)
{
    return data_set->stack->options.missing_zero ||
           fail_set(fail,
                    "%s: is missing, a part of the OME-TIFF %s (--missing zero makes its planes "
                    "0); " OME_WAY_OUT,
                    data_set->stack->inputs[number].path, named_file(data_set)->name);
}

/* ---- which page is which image ------------------------------------------------------------- */

/* Image number `index` of the series is this page. */
static bool assign_page(struct data_set *data_set, uint64_t index, uint32_t input, uint64_t page,
                        struct fail *fail)
{
    uint64_t at[PAGE_AXES];
    const struct tiff_choice *choice = &data_set->choice;
    tiff_series_place(data_set->series, index, at);
    if (at[PAGE_FRAME] != choice->frame || at[PAGE_CHANNEL] < choice->channel ||
        at[PAGE_CHANNEL] - choice->channel >= choice->channels)
        return true;
    struct tiff_image *image =
        &data_set->stack->images[data_set->begin + at[PAGE_PLANE] * choice->channels +
                                 at[PAGE_CHANNEL] - choice->channel];
    if (image->input != NO_INPUT && (image->input != input || image->number != page))
        return fail_set(fail,
                        "%s: its OME-XML has two pages for channel %" PRIu64 ", plane %" PRIu64
                        ", frame %" PRIu64 "; " OME_WAY_OUT,
                        named_file(data_set)->name, at[PAGE_CHANNEL], at[PAGE_PLANE],
                        at[PAGE_FRAME]);
    image->input = input;
    image->number = (uint32_t)page;
    return true;
}

/* The last of the images asked for, in the order of the series' pages. */
static uint64_t last_chosen(const struct data_set *data_set)
{
    const struct tiff_choice *choice = &data_set->choice;
    const uint64_t at[PAGE_AXES] = {
        [PAGE_CHANNEL] = choice->channel + choice->channels - 1,
        [PAGE_PLANE] = data_set->series->count[PAGE_PLANE] - 1,
        [PAGE_FRAME] = choice->frame,
    };
    return tiff_series_index(data_set->series, at);
}

static bool add_tiff_data(void *state, const struct ome_data *data, struct fail *fail)
{
    struct data_set *data_set = state;
    const char *name = named_file(data_set)->name;
    uint64_t all = tiff_series_images(data_set->series), count = data->count;
    uint32_t input = find_input(data_set, data, fail);
    if (input == NO_INPUT)
        return false;
    for (enum page_axis axis = PAGE_CHANNEL; axis < PAGE_AXES; axis++)
        if (data->first[axis] >= data_set->series->count[axis])
            return fail_set(fail,
                            "%s: its OME-XML has a TiffData that begins with %s %" PRIu64
                            " of %" PRIu64 "; " OME_WAY_OUT,
                            name, page_axis_names[axis], data->first[axis],
                            data_set->series->count[axis]);
    uint64_t first = tiff_series_index(data_set->series, data->first);
    if (!data->has_count || count == 0) {
        if (!data->has_page && first > last_chosen(data_set))
            return true;
        if (!data->has_page && is_missing(data_set, input))
            return allow_missing(data_set, input, fail);
        if (!data->has_page && !list_pages(data_set->stack, input, fail))
            return false;
        count = data->has_page ? 1 : data_set->stack->inputs[input].pages.count;
        count = min_u64(count, all - first);
    }
    data_set->page_total += count;
    if (count > all - first || data_set->page_total > 4 * all)
        return fail_set(fail, "%s: its OME-XML tells of more pages than images; " OME_WAY_OUT,
                        name);
    for (uint64_t i = 0; i < count; i++)
        if (!assign_page(data_set, first + i, input, data->page + i, fail))
            return false;
    return true;
}

static bool read_tiff_data(struct data_set *data_set, size_t series, struct fail *fail)
{
    struct tiff_stack *stack = data_set->stack;
    const struct tiff_metadata *metadata = data_set->metadata;
    if (data_set->has_companion) {
        struct companion companion;
        bool ok = open_companion(&companion, stack->inputs[data_set->named].path,
                                 metadata->companion, fail) &&
                  ome_for_each_data(&companion.source, series, add_tiff_data, data_set, fail);
        close_companion(&companion);
        return ok;
    }
    struct ome_source source;
    const struct tiff_input *input = &stack->inputs[data_set->named];
    return tiff_parse_directory(input->file, input->first_directory, 0, fail) &&
           ome_in_tiff(input->file, &source, fail) &&
           ome_for_each_data(&source, series, add_tiff_data, data_set, fail);
}

/* Without TiffData elements the only series has all pages of its file, in order. */
static bool assign_pages_in_order(struct data_set *data_set, struct fail *fail)
{
    const struct tiff_input *input = named_file(data_set);
    uint64_t all = tiff_series_images(data_set->series);
    if (!list_pages(data_set->stack, data_set->named, fail))
        return false;
    if (data_set->metadata->series_count > 1 || input->pages.count != all ||
        data_set->has_companion)
        return fail_set(fail,
                        "%s: its OME-XML tells of %" PRIu64
                        " images and not in which of %zu pages; " OME_WAY_OUT,
                        input->name, all, input->pages.count);
    for (uint64_t i = 0; i < all; i++)
        if (!assign_page(data_set, i, data_set->named, i, fail))
            return false;
    return true;
}

/* ---- the pages themselves ------------------------------------------------------------------ */

static bool check_type(const struct data_set *data_set, const struct tiff_page *page,
                       struct fail *fail)
{
    const char *type = data_set->series->type;
    bool is_float = !sample_is_integer(page->type);
    bool is_signed = page->type == SAMPLE_INT8 || page->type == SAMPLE_INT16 ||
                     page->type == SAMPLE_INT32 || page->type == SAMPLE_INT64;
    bool agrees = strncmp(type, "uint", 4) == 0  ? !is_float && !is_signed
                  : strncmp(type, "int", 3) == 0 ? is_signed
                  : strcmp(type, "float") == 0 || strcmp(type, "double") == 0 ? is_float
                                                                              : true;
    return agrees ||
           fail_set(fail,
                    "%s: its OME-XML tells of samples of type %s, its pages have %s; " OME_WAY_OUT,
                    named_file(data_set)->name, type, sample_name(page->type));
}

static bool check_page(const struct data_set *data_set, const struct tiff_page *page,
                       uint64_t samples, struct fail *fail)
{
    const struct tiff_series *series = data_set->series;
    const char *name = named_file(data_set)->name;
    if (page->rows != series->rows || page->columns != series->columns)
        return fail_set(fail,
                        "%s: its OME-XML tells of %" PRIu64 " rows x %" PRIu64
                        " columns, its pages have %" PRIu64 " x %" PRIu64 "; " OME_WAY_OUT,
                        name, series->rows, series->columns, page->rows, page->columns);
    if (page->channels != samples)
        return fail_set(fail,
                        "%s: its pages have %u samples a pixel, others %" PRIu64 "; " OME_WAY_OUT,
                        name, page->channels, samples);
    return check_type(data_set, page, fail);
}

static bool check_image(struct data_set *data_set, struct tiff_image *image, uint64_t samples,
                        struct fail *fail)
{
    struct tiff_stack *stack = data_set->stack;
    struct tiff_input *input = &stack->inputs[image->input];
    struct tiff_page page;
    if (image->number >= input->pages.count)
        return fail_set(
            fail, "%s: has %zu pages, the OME-XML of %s refers to page %" PRIu32 "; " OME_WAY_OUT,
            input->name, input->pages.count, named_file(data_set)->name, image->number);
    image->directory = input->pages.list[image->number].directory;
    if (!tiff_parse_directory(input->file, image->directory, image->number, fail) ||
        !tiff_page_interpret(input->file, image->number, data_set->metadata, &stack->decode_options,
                             &page, fail) ||
        !check_page(data_set, &page, samples, fail) ||
        !tiff_stack_check_page(stack, image->input, image->number, &page, fail))
        return false;
    tiff_add_repairs(input->file, image->number, page.repairs, &stack->notices);
    image->data_offset = tiff_page_data_offset(&page, &stack->page);
    return true;
}

/* Images of the data set by their file: for each file its first image, for each image the next one
 * of the same file. */
struct images_by_input {
    uint32_t *first, *next;
    uint32_t count; /* of images; also the end of each list */
};

static bool group_images(const struct data_set *data_set, struct images_by_input *images,
                         struct fail *fail)
{
    const struct tiff_stack *stack = data_set->stack;
    images->count = (uint32_t)(stack->image_count - data_set->begin);
    images->first = calloc(stack->input_count, sizeof *images->first);
    images->next = calloc(images->count, sizeof *images->next);
    if (!images->first || !images->next)
        return fail_errno(fail, "%s: a list of its planes", named_file(data_set)->path);
    for (size_t i = 0; i < stack->input_count; i++)
        images->first[i] = images->count;
    for (uint32_t i = images->count; i-- > 0;) {
        uint32_t input = stack->images[data_set->begin + i].input;
        if (input == NO_INPUT)
            continue;
        images->next[i] = images->first[input];
        images->first[input] = i;
    }
    return true;
}

/* Checks all pages of a file that are images of the data set. If the file is missing and the user
 * allows that, its images have no page. */
static bool check_input(struct data_set *data_set, uint32_t number,
                        const struct images_by_input *images, uint64_t samples, struct fail *fail)
{
    struct tiff_stack *stack = data_set->stack;
    uint32_t i = images->first[number];
    if (i == images->count)
        return true;
    bool missing = is_missing(data_set, number), ok = true;
    if (missing && !allow_missing(data_set, number, fail))
        return false;
    if (!missing && (!list_pages(stack, number, fail) || !tiff_stack_open(stack, number, fail)))
        return false;
    for (; ok && i < images->count; i = images->next[i]) {
        struct tiff_image *image = &stack->images[data_set->begin + i];
        if (missing)
            image->input = NO_INPUT;
        else
            ok = check_image(data_set, image, samples, fail);
    }
    if (!missing)
        tiff_stack_release(stack, number);
    return ok;
}

static bool check_inputs(struct data_set *data_set, uint64_t samples, struct fail *fail)
{
    struct tiff_stack *stack = data_set->stack;
    struct images_by_input images = {0};
    bool ok = group_images(data_set, &images, fail);
    for (uint32_t i = data_set->named; ok && i < stack->input_count; i++)
        ok = check_input(data_set, i, &images, samples, fail);
    free(images.first);
    free(images.next);
    return ok;
}

/* If no plane asked for is in a file, the named file's first page that fits shows what zeros stand
 * for. */
static bool use_own_page(struct data_set *data_set, uint64_t samples, struct fail *fail)
{
    struct tiff_stack *stack = data_set->stack;
    struct tiff_input *input = &stack->inputs[data_set->named];
    if (!stack->options.missing_zero)
        return true;
    if (!list_pages(stack, data_set->named, fail))
        return false;
    for (size_t i = 0; i < input->pages.count && stack->page.rows == 0; i++) {
        struct fail ignored = {.text = ""};
        struct tiff_page page;
        uint32_t number = input->pages.list[i].number;
        if (tiff_parse_directory(input->file, input->pages.list[i].directory, number, &ignored) &&
            tiff_page_interpret(input->file, number, data_set->metadata, &stack->decode_options,
                                &page, &ignored) &&
            check_page(data_set, &page, samples, &ignored) &&
            !tiff_stack_check_page(stack, data_set->named, number, &page, fail))
            return false;
        if (ignored.is_system)
            return fail_pass(fail, &ignored);
    }
    return true;
}

static bool check_missing(struct data_set *data_set, uint64_t samples, struct fail *fail)
{
    struct tiff_stack *stack = data_set->stack;
    uint64_t missing = 0, first = 0;
    if (stack->page.rows == 0 && !use_own_page(data_set, samples, fail))
        return false;
    for (uint64_t i = stack->image_count; i-- > data_set->begin;) {
        if (stack->images[i].input != NO_INPUT)
            continue;
        stack->images[i] = (struct tiff_image){.input = data_set->named};
        first = i - data_set->begin;
        missing++;
    }
    if (stack->page.rows == 0)
        return fail_set(fail, "%s: none of the planes asked for is in a file%s; " OME_WAY_OUT,
                        named_file(data_set)->name,
                        stack->options.missing_zero ? "" : " (--missing zero makes them 0)");
    return missing == 0 || stack->options.missing_zero ||
           fail_set(fail,
                    "%s: its OME-XML tells of no page for %" PRIu64 " images, the first of them "
                    "channel %" PRIu64 ", plane %" PRIu64 ", frame %" PRIu64 " (--missing zero "
                    "makes them 0); " OME_WAY_OUT,
                    named_file(data_set)->name, missing,
                    data_set->choice.channel + first % data_set->choice.channels,
                    first / data_set->choice.channels, data_set->choice.frame);
}

/* ---- the data set -------------------------------------------------------------------------- */

static bool choose_series(const struct tiff_stack *stack, const char *name,
                          const struct tiff_metadata *metadata, size_t *chosen, struct fail *fail)
{
    const struct tiff_options *options = &stack->options;
    *chosen = options->choose_series ? options->series : 0;
    if (metadata->series_count == 0)
        return fail_set(fail, "%s: its OME-XML tells of no image; " OME_WAY_OUT, name);
    if (*chosen < metadata->series_count && (options->choose_series || metadata->series_count == 1))
        return true;
    return tiff_refuse_series(name, metadata, fail);
}

/* Finds how many samples per pixel its pages have, and whether these are channels or colors. */
static bool find_samples(struct tiff_metadata *metadata, const struct tiff_input *input,
                         struct tiff_series *series, uint64_t *samples, struct fail *fail)
{
    uint64_t channels = series->count[PAGE_CHANNEL];
    if (!tiff_parse_directory(input->file, input->first_directory, 0, fail))
        return false;
    if (!tiff_tag_count(input->file, TIFFTAG_SAMPLESPERPIXEL, 1, samples, fail))
        return false;
    if (*samples == 0 || channels % *samples != 0 || (*samples == 1 && series->samples > 1))
        return fail_set(fail,
                        "%s: its OME-XML tells of %" PRIu64 " channels of %" PRIu64
                        " samples, its pages have %" PRIu64 " samples a pixel; " OME_WAY_OUT,
                        input->name, channels, series->samples ? series->samples : 1, *samples);
    series->count[PAGE_CHANNEL] = channels / *samples;
    metadata->samples_are_channels =
        *samples > 1 && series->samples <= 1 && series->channel_names_count == channels;
    return true;
}

/* ModuloAlongZ: planes that are the same place at several angles, or the like. */
static bool refuse_modulo(const struct data_set *data_set, struct fail *fail)
{
    const struct tiff_series *series = data_set->series;
    bool only_planes = series->count[PAGE_CHANNEL] * series->count[PAGE_FRAME] == 1;
    char how[160] = ", with --order as what you say";
    if (only_planes)
        snprintf(how, sizeof how,
                 "; --plain --order frame:%" PRIu64 ",plane with --frame 0 to %" PRIu64
                 " takes one %s",
                 series->modulo, series->modulo - 1, series->modulo_kind);
    return fail_set(fail,
                    "%s: its OME-XML tells of %" PRIu64 " planes that are %" PRIu64
                    " of kind '%s' at each of %" PRIu64 " places; " OME_WAY_OUT "%s",
                    named_file(data_set)->name, series->count[PAGE_PLANE], series->modulo,
                    series->modulo_kind, series->count[PAGE_PLANE] / series->modulo, how);
}

static bool add_series(struct data_set *data_set, size_t number, uint64_t samples,
                       struct fail *fail)
{
    struct tiff_stack *stack = data_set->stack;
    const struct tiff_series *series = data_set->series;
    const char *name = named_file(data_set)->name;
    if (series->has_no_pages)
        return fail_set(
            fail, "%s: its OME-XML does not keep its samples in TIFF pages; " OME_WAY_OUT, name);
    if (series->modulo > 1)
        return refuse_modulo(data_set, fail);
    if (series->count[PAGE_CHANNEL] > MAX_IMAGES || series->count[PAGE_PLANE] > MAX_IMAGES ||
        series->count[PAGE_FRAME] >
            MAX_IMAGES / (series->count[PAGE_CHANNEL] * series->count[PAGE_PLANE]))
        return fail_set(fail, "%s: its OME-XML tells of more than %" PRIu64 " images; " OME_WAY_OUT,
                        name, MAX_IMAGES);
    bool by_sample = samples > 1 && series->count[PAGE_CHANNEL] == 1;
    if (!tiff_stack_choose(stack, name, series, by_sample ? samples : 1, &data_set->choice, fail))
        return false;
    data_set->begin = stack->image_count;
    stack->channels = data_set->choice.channels;
    uint64_t images = series->count[PAGE_PLANE] * data_set->choice.channels;
    struct tiff_image *image = tiff_stack_add_images(stack, images, fail);
    for (uint64_t i = 0; image && i < images; i++)
        image[i].input = NO_INPUT;
    return image && (series->has_tiff_data ? read_tiff_data(data_set, number, fail)
                                           : assign_pages_in_order(data_set, fail));
}

bool data_set_add(struct tiff_stack *stack, uint32_t named, struct tiff_metadata *metadata,
                  struct fail *fail)
{
    struct data_set data_set = {.stack = stack, .metadata = metadata, .named = named};
    char companion[OME_TEXT];
    size_t number;
    uint64_t samples;
    snprintf(companion, sizeof companion, "%s", metadata->companion);
    data_set.has_companion = companion[0] != '\0';
    if (stack->options.order.count > 0)
        return fail_set(fail,
                        "%s: --order: its OME-XML tells where each plane is; --plain forgets that",
                        stack->inputs[named].name);
    if (!data_set_describe(stack->inputs[named].path, metadata, fail) ||
        !choose_series(stack, stack->inputs[named].name, metadata, &number, fail))
        return false;
    snprintf(metadata->companion, sizeof metadata->companion, "%s", companion);
    data_set.named_uuid = metadata->uuid;
    data_set.series = &metadata->series[number];
    if (!find_samples(metadata, &stack->inputs[named], &metadata->series[number], &samples, fail))
        return false;
    tiff_stack_keep_metadata(stack, named, metadata, data_set.series);
    const char *path = stack->inputs[named].path;
    data_set.beside.path = path;
    bool ok =
        (lookup_add(&data_set.paths, path, strlen(path), named) || fail_errno(fail, "%s", path)) &&
        add_series(&data_set, number, samples, fail) && check_inputs(&data_set, samples, fail) &&
        check_missing(&data_set, samples, fail);
    for (size_t i = named; i < stack->input_count; i++)
        tiff_pages_free(&stack->inputs[i].pages);
    beside_free(&data_set.beside);
    lookup_free(&data_set.names);
    lookup_free(&data_set.paths);
    return ok;
}
