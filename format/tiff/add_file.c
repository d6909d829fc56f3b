#include "format/tiff/add_file.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "format/tiff/data_set.h"
#include "format/tiff/metadata/identify.h"

static bool read_metadata(struct tiff_stack *stack, size_t number, struct tiff_metadata *metadata,
                          struct fail *fail)
{
    struct tiff_part *part = &stack->parts[number];
    if (!tiff_set_directory(part->file, part->first_directory, 0, fail))
        return false;
    return stack->options.plain ? tiff_metadata_none(metadata, fail)
                                : tiff_identify(part->file, metadata, fail);
}

/* A straight line is applied when asked for; what makes 16 bits signed always, unless the stored
 * numbers are asked for. */
static bool keep_calibration(struct tiff_stack *stack, const struct tiff_part *part,
                             const struct tiff_calibration *calibration, struct fail *fail)
{
    const struct tiff_options *options = &stack->options;
    bool is_small = stack->page.type == SAMPLE_UINT8 || stack->page.type == SAMPLE_UINT16;
    bool is_sign = calibration->is_sign && stack->page.type == SAMPLE_UINT16;
    bool applies = calibration->is_line && is_small && (is_sign || options->calibrated);
    if (calibration->is_given && !options->raw && !applies)
        return fail_set(fail, "%s: its numbers are calibrated (%s): %s--raw takes them as stored",
                        part->name, calibration->words,
                        calibration->is_line && is_small ? "--calibrated applies that, "
                                                         : "no straight line, not applied; ");
    struct tiff_calibration kept =
        options->raw || !applies ? (struct tiff_calibration){0} : *calibration;
    kept.is_sign = is_sign && applies && !options->calibrated;
    if (part != stack->parts &&
        (kept.is_given != stack->calibration.is_given ||
         (kept.is_given &&
          (kept.offset < stack->calibration.offset || kept.offset > stack->calibration.offset ||
           kept.factor < stack->calibration.factor || kept.factor > stack->calibration.factor))))
        return fail_set(fail, "%s: is calibrated otherwise than %s", part->name,
                        stack->parts[0].name);
    stack->calibration = kept;
    return true;
}

static void keep_metadata(struct tiff_stack *stack, size_t number,
                          const struct tiff_metadata *metadata, const struct tiff_series *series)
{
    stack->samples_are_channels = metadata->samples_are_channels;
    stack->parts[number].is_imagej = metadata->is_imagej;
    if (number > 0)
        return;
    stack->dialect = metadata->dialect;
    memcpy(stack->spacing, series->spacing, sizeof stack->spacing);
    memcpy(stack->unit, series->unit, sizeof stack->unit);
}

static bool is_brought(const struct tiff_stack *stack, const char *path)
{
    struct stat status;
    if (strcmp(path, "-") == 0 || stat(path, &status) != 0)
        return false;
    for (size_t i = 0; i < stack->part_count; i++)
        if (stack->parts[i].is_brought && stack->parts[i].device == status.st_dev &&
            stack->parts[i].inode == status.st_ino)
            return true;
    return false;
}

bool tiff_add_file(struct tiff_stack *stack, const char *path, struct fail *fail)
{
    struct tiff_metadata metadata = {0};
    uint64_t lanes = stack->lanes;
    if (is_brought(stack, path))
        return true; /* a file of the set that another one described */
    size_t number = tiff_stack_part(stack, path, fail);
    if (number == SIZE_MAX || !tiff_stack_open(stack, number, fail))
        return false;
    bool ok = read_metadata(stack, number, &metadata, fail);
    if (ok && metadata.is_ome) {
        ok = data_set_add(stack, number, &metadata, fail);
    } else if (ok) {
        keep_metadata(stack, number, &metadata, metadata.series);
        ok = tiff_stack_add_pages(stack, number, &metadata, fail);
    }
    ok = ok && keep_calibration(stack, &stack->parts[number], &metadata.calibration, fail);
    if (ok && lanes > 0 && lanes != stack->lanes)
        ok = fail_set(fail, "%s: has %" PRIu64 " channels, %s has %" PRIu64,
                      stack->parts[number].name, stack->lanes, stack->parts[0].name, lanes);
    tiff_metadata_free(&metadata);
    tiff_stack_leave(stack, number);
    return ok;
}
