#include "format/tiff/add_file.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "format/tiff/data_set/data_set.h"
#include "format/tiff/origin/identify.h"
#include "format/tiff/stack/file_pages.h"

/* A straight line is applied on request, except the one that makes 16-bit numbers signed: that
 * always, unless the stored numbers are requested. */
static bool keep_calibration(struct tiff_stack *stack, const struct tiff_input *input,
                             const struct tiff_calibration *calibration, struct fail *fail)
{
    const struct tiff_options *options = &stack->options;
    bool is_small = stack->page.type == SAMPLE_UINT8 || stack->page.type == SAMPLE_UINT16;
    bool makes_signed = calibration->makes_signed && stack->page.type == SAMPLE_UINT16;
    bool applies = calibration->is_linear && is_small && (makes_signed || options->calibrated);
    if (calibration->is_present && !options->raw && !applies)
        return fail_set(fail, "%s: its numbers are calibrated (%s): %s--raw takes them as stored",
                        input->name, calibration->text,
                        calibration->is_linear && is_small ? "--calibrated applies that, "
                                                           : "no straight line, not applied; ");
    struct tiff_calibration kept =
        options->raw || !applies ? (struct tiff_calibration){0} : *calibration;
    kept.makes_signed = makes_signed && applies && !options->calibrated;
    if (input != stack->inputs &&
        (kept.is_present != stack->calibration.is_present ||
         (kept.is_present &&
          (kept.offset < stack->calibration.offset || kept.offset > stack->calibration.offset ||
           kept.factor < stack->calibration.factor || kept.factor > stack->calibration.factor))))
        return fail_set(fail, "%s: is calibrated otherwise than %s", input->name,
                        stack->inputs[0].name);
    stack->calibration = kept;
    return true;
}

/* Whether an earlier file's OME-XML has already named this one. */
static bool is_in_data_set(const struct tiff_stack *stack, const char *path)
{
    struct stat status;
    if (stack->data_set.count == 0 || strcmp(path, "-") == 0 || stat(path, &status) != 0)
        return false;
    struct tiff_identity identity = {status.st_dev, status.st_ino};
    return lookup_find(&stack->data_set, &identity, sizeof identity) != NO_INPUT;
}

static bool compare_name(struct tiff_stack *stack, const char *path, struct fail *fail)
{
    return stack->options.plain || stack->options.order.count > 0 ||
           tiff_texts_add_file(&stack->texts, path, &stack->notices, fail);
}

bool tiff_add_file(struct tiff_stack *stack, const char *path, struct fail *fail)
{
    struct tiff_metadata metadata = {0};
    uint64_t channels = stack->channels;
    if (is_in_data_set(stack, path))
        return true;
    uint32_t number = tiff_stack_add_input(stack, path, fail);
    if (number == NO_INPUT || !tiff_stack_open(stack, number, fail))
        return false;
    const struct tiff_input *input = &stack->inputs[number];
    bool ok =
        tiff_identify(input->file, input->first_directory, stack->options.plain, &metadata, fail);
    if (ok && metadata.is_ome) {
        ok = data_set_add(stack, number, &metadata, fail);
    } else if (ok) {
        ok = tiff_add_file_pages(stack, number, &metadata, fail) &&
             (stack->placed.count > 0 || compare_name(stack, path, fail));
    }
    ok = ok && keep_calibration(stack, &stack->inputs[number], &metadata.calibration, fail);
    if (ok && channels > 0 && channels != stack->channels)
        ok = fail_set(fail, "%s: has %" PRIu64 " channels, %s has %" PRIu64,
                      stack->inputs[number].name, stack->channels, stack->inputs[0].name, channels);
    tiff_metadata_free(&metadata);
    tiff_stack_release(stack, number);
    return ok;
}

/* A file of this size has room for one page like the first one, but not for two; or it is as large
 * as the first file. */
static bool is_of_one_plane(const struct tiff_stack *stack, uint64_t size)
{
    uint64_t page = stack->page.data_offset > 0 ? tiff_page_size(&stack->page) : 0;
    return size == stack->inputs[0].size || (size > page && size < 2 * page);
}

enum outcome tiff_add_plane_unopened(struct tiff_stack *stack, const char *path, struct fail *fail)
{
    struct stat status;
    bool first_has_one = stack->image_count == stack->channels ||
                         (stack->image_count > 0 && stack->images[stack->channels].input != 0);
    if (!first_has_one || stack->data_set.count > 0 || stack->placed.count > 0 ||
        strcmp(path, "-") == 0 || stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
        !is_of_one_plane(stack, (uint64_t)status.st_size))
        return OUTCOME_CANNOT;
    uint32_t input = tiff_stack_add_input(stack, path, fail);
    struct tiff_image *images =
        input == NO_INPUT ? NULL : tiff_stack_add_images(stack, stack->channels, fail);
    for (uint64_t i = 0; images && i < stack->channels; i++)
        images[i] = (struct tiff_image){.directory = TIFF_NOT_OPENED, .input = input};
    return images && compare_name(stack, path, fail) ? OUTCOME_DONE : OUTCOME_FAILED;
}
