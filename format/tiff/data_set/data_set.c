#include "format/tiff/data_set/data_set.h"

#include <inttypes.h>
#include <stdio.h>

#include "format/tiff/data_set/check.h"
#include "format/tiff/data_set/companion.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/stack/series.h"

#define MAX_IMAGES (UINT64_C(1) << 24)

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
                    data_files_named(&data_set->files)->name, series->count[PAGE_PLANE],
                    series->modulo, series->modulo_kind, series->count[PAGE_PLANE] / series->modulo,
                    how);
}

/* Adds the images that the user asks for, none of which has a page yet. */
static bool add_images(struct data_set *data_set, struct fail *fail)
{
    struct tiff_stack *stack = data_set->files.stack;
    const struct tiff_series *series = data_set->series;
    const char *name = data_files_named(&data_set->files)->name;
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
    data_set->begin = stack->image_count;
    struct tiff_image *image =
        tiff_choose_images(stack, name, series, data_set->samples, &data_set->choice, fail);
    for (uint64_t i = data_set->begin; image && i < stack->image_count; i++)
        stack->images[i].input = NO_INPUT;
    return image != NULL;
}

bool data_set_add(struct tiff_stack *stack, uint32_t named, struct tiff_metadata *metadata,
                  struct fail *fail)
{
    const struct tiff_input *input = &stack->inputs[named];
    struct data_set data_set = {0};
    if (stack->options.order.count > 0)
        return fail_set(fail,
                        "%s: --order: its OME-XML tells where each plane is; --plain forgets that",
                        input->name);
    if (!companion_describe(input->path, metadata, fail) ||
        !choose_series(stack, input->name, metadata, &data_set.series_number, fail))
        return false;
    struct tiff_series *series = &metadata->series[data_set.series_number];
    if (!find_samples(metadata, input, series, &data_set.samples, fail))
        return false;
    tiff_stack_keep_metadata(stack, named, metadata, series);
    data_set.series = series;
    bool ok = data_files_init(&data_set.files, stack, named, metadata, fail) &&
              add_images(&data_set, fail) && data_set_assign(&data_set, fail) &&
              data_set_check(&data_set, fail);
    data_files_free(&data_set.files);
    return ok;
}
