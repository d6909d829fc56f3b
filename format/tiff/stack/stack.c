#include "format/tiff/stack/stack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/array.h"

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
