#include "format/tiff/data_set/check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format/tiff/decode/handle.h"

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
                    data_files_named(&data_set->files)->name, type, sample_name(page->type));
}

static bool check_page(const struct data_set *data_set, const struct tiff_page *page,
                       struct fail *fail)
{
    const struct tiff_series *series = data_set->series;
    const char *name = data_files_named(&data_set->files)->name;
    if (page->rows != series->rows || page->columns != series->columns)
        return fail_set(fail,
                        "%s: its OME-XML tells of %" PRIu64 " rows x %" PRIu64
                        " columns, its pages have %" PRIu64 " x %" PRIu64 "; " OME_WAY_OUT,
                        name, series->rows, series->columns, page->rows, page->columns);
    if (page->channels != data_set->samples)
        return fail_set(fail,
                        "%s: its pages have %u samples a pixel, others %" PRIu64 "; " OME_WAY_OUT,
                        name, page->channels, data_set->samples);
    return check_type(data_set, page, fail);
}

static bool check_image(struct data_set *data_set, struct tiff_image *image, struct fail *fail)
{
    struct tiff_stack *stack = data_set->files.stack;
    struct tiff_input *input = &stack->inputs[image->input];
    struct tiff_page page;
    if (image->number >= input->pages.count)
        return fail_set(
            fail, "%s: has %zu pages, the OME-XML of %s refers to page %" PRIu32 "; " OME_WAY_OUT,
            input->name, input->pages.count, data_files_named(&data_set->files)->name,
            image->number);
    image->directory = input->pages.list[image->number].directory;
    if (!tiff_parse_directory(input->file, image->directory, image->number, fail) ||
        !tiff_page_interpret(input->file, image->number, data_set->files.metadata,
                             &stack->decode_options, &page, fail) ||
        !check_page(data_set, &page, fail) ||
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
    const struct tiff_stack *stack = data_set->files.stack;
    images->count = (uint32_t)(stack->image_count - data_set->begin);
    images->first = calloc(stack->input_count, sizeof *images->first);
    images->next = calloc(images->count, sizeof *images->next);
    if (!images->first || !images->next)
        return fail_errno(fail, "%s: a list of its planes",
                          data_files_named(&data_set->files)->path);
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
                        const struct images_by_input *images, struct fail *fail)
{
    struct tiff_stack *stack = data_set->files.stack;
    uint32_t i = images->first[number];
    if (i == images->count)
        return true;
    bool missing = data_files_is_missing(&data_set->files, number), ok = true;
    if (missing && !data_files_allow_missing(&data_set->files, number, fail))
        return false;
    if (!missing && (!data_files_list_pages(&data_set->files, number, fail) ||
                     !tiff_stack_open(stack, number, fail)))
        return false;
    for (; ok && i < images->count; i = images->next[i]) {
        struct tiff_image *image = &stack->images[data_set->begin + i];
        if (missing)
            image->input = NO_INPUT;
        else
            ok = check_image(data_set, image, fail);
    }
    if (!missing)
        tiff_stack_release(stack, number);
    return ok;
}

static bool check_inputs(struct data_set *data_set, struct fail *fail)
{
    struct tiff_stack *stack = data_set->files.stack;
    struct images_by_input images = {0};
    bool ok = group_images(data_set, &images, fail);
    for (uint32_t i = data_set->files.named; ok && i < stack->input_count; i++)
        ok = check_input(data_set, i, &images, fail);
    free(images.first);
    free(images.next);
    return ok;
}

/* If no plane asked for is in a file, the named file's first page that fits shows what zeros stand
 * for. */
static bool use_own_page(struct data_set *data_set, struct fail *fail)
{
    struct tiff_stack *stack = data_set->files.stack;
    struct tiff_input *input = &stack->inputs[data_set->files.named];
    if (!stack->options.missing_zero)
        return true;
    if (!data_files_list_pages(&data_set->files, data_set->files.named, fail))
        return false;
    for (size_t i = 0; i < input->pages.count && stack->page.rows == 0; i++) {
        struct fail ignored = {.text = ""};
        struct tiff_page page;
        uint32_t number = input->pages.list[i].number;
        if (tiff_parse_directory(input->file, input->pages.list[i].directory, number, &ignored) &&
            tiff_page_interpret(input->file, number, data_set->files.metadata,
                                &stack->decode_options, &page, &ignored) &&
            check_page(data_set, &page, &ignored) &&
            !tiff_stack_check_page(stack, data_set->files.named, number, &page, fail))
            return false;
        if (ignored.is_system)
            return fail_pass(fail, &ignored);
    }
    return true;
}

static bool check_missing(struct data_set *data_set, struct fail *fail)
{
    struct tiff_stack *stack = data_set->files.stack;
    uint64_t missing = 0, first = 0;
    if (stack->page.rows == 0 && !use_own_page(data_set, fail))
        return false;
    for (uint64_t i = stack->image_count; i-- > data_set->begin;) {
        if (stack->images[i].input != NO_INPUT)
            continue;
        stack->images[i] = (struct tiff_image){.input = data_set->files.named};
        first = i - data_set->begin;
        missing++;
    }
    if (stack->page.rows == 0)
        return fail_set(fail, "%s: none of the planes asked for is in a file%s; " OME_WAY_OUT,
                        data_files_named(&data_set->files)->name,
                        stack->options.missing_zero ? "" : " (--missing zero makes them 0)");
    return missing == 0 || stack->options.missing_zero ||
           fail_set(fail,
                    "%s: its OME-XML tells of no page for %" PRIu64 " images, the first of them "
                    "channel %" PRIu64 ", plane %" PRIu64 ", frame %" PRIu64 " (--missing zero "
                    "makes them 0); " OME_WAY_OUT,
                    data_files_named(&data_set->files)->name, missing,
                    data_set->choice.channel + first % data_set->choice.channels,
                    first / data_set->choice.channels, data_set->choice.frame);
}

bool data_set_check(struct data_set *data_set, struct fail *fail)
{
    return check_inputs(data_set, fail) && check_missing(data_set, fail);
}
