#include "format/tiff/print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/json.h"
#include "common/text/number.h"
#include "format/tiff/add_file.h"
#include "format/tiff/data_set/companion.h"
#include "format/tiff/origin/identify.h"
#include "format/tiff/stack/choose.h"
#include "format/tiff/stack/file_pages.h"

bool tiff_is_tiff(struct input *input, struct fail *fail)
{
    unsigned char bytes[4];
    size_t got = input_peek(input, bytes, sizeof bytes, fail);
    return got == sizeof bytes && (memcmp(bytes, "II*", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0 ||
                                   memcmp(bytes, "II+", 4) == 0 || memcmp(bytes, "MM\0+", 4) == 0);
}

/* Completes the metadata of a file that is not OME's by its pages: each group of compatible pages
 * is a series. */
static bool add_page_facts(const struct tiff_stack *stack, const struct tiff_input *input,
                           struct tiff_pages *pages, struct tiff_metadata *metadata,
                           struct fail *fail)
{
    uint64_t images;
    size_t described = metadata->series_count > 1 ? metadata->series_count : 0;
    if (pages->group_count == 1 && !tiff_count_images(stack, input, pages, metadata, &images, fail))
        return false;
    for (size_t i = metadata->series_count; i < pages->group_count; i++)
        if (!tiff_metadata_add_series(metadata, fail))
            return false;
    for (size_t i = 0; i < pages->group_count; i++) {
        struct tiff_series *series = &metadata->series[i];
        struct tiff_page image = pages->groups[i], *page = &image;
        tiff_page_use_image(&image);
        if (pages->group_count > 1 && i >= described) {
            series->count[PAGE_CHANNEL] = series->count[PAGE_FRAME] = 1;
            series->count[PAGE_PLANE] = 0;
            for (size_t k = 0; k < pages->count; k++)
                series->count[PAGE_PLANE] += pages->list[k].group == i;
        }
        char type[TIFF_TYPE_TEXT];
        series->rows = page->rows;
        series->columns = page->columns;
        series->samples = page->channels;
        snprintf(series->type, sizeof series->type, "%s", tiff_page_type(page, type));
        if (metadata->samples_are_channels && series->count[PAGE_CHANNEL] == 1) {
            series->count[PAGE_CHANNEL] = page->channels;
            series->samples = 1;
        }
    }
    return true;
}

/* Reads what a file says of itself, with notices in the stack. */
static bool read_metadata(struct tiff_stack *stack, uint32_t number, struct tiff_metadata *metadata,
                          struct fail *fail)
{
    if (number == NO_INPUT || !tiff_stack_open(stack, number, fail))
        return false;
    struct tiff_input *input = &stack->inputs[number];
    if (!tiff_identify(input->file, input->first_directory, stack->options.plain, metadata, fail))
        return false;
    if (metadata->notice[0] != '\0')
        notices_add(&stack->notices, "%s: %s", input->name, metadata->notice);
    if (metadata->is_ome)
        return companion_describe(input->path, metadata, fail);
    struct tiff_pages pages = {0};
    bool ok = tiff_read_file_pages(stack, input, metadata, &pages, fail) &&
              add_page_facts(stack, input, &pages, metadata, fail);
    tiff_pages_free(&pages);
    return ok;
}

/* ---- for people ---------------------------------------------------------------------------- */

static bool print_spacing(struct output *to, const struct tiff_series *series, struct fail *fail)
{
    bool ok = true;
    for (enum axis a = AXIS_PLANE; ok && a < AXES; a++) {
        char step[NUMBER_SIZE];
        ok = output_print(to, fail, "%-12s%-8s", a == AXIS_PLANE ? "spacing" : "", axis_names[a]);
        if (ok && isnan(series->spacing[a]))
            ok = output_print(to, fail, "unknown\n");
        else if (ok)
            ok = output_print(to, fail, "%s%s%s from %s\n", number_text(series->spacing[a], step),
                              series->unit[a][0] ? " " : "", series->unit[a], series->source[a]);
    }
    return ok;
}

static bool print_channels(struct output *to, const struct tiff_series *series, struct fail *fail)
{
    bool ok = output_print(to, fail, "%-12s%" PRIu64, "channels", series->count[PAGE_CHANNEL]);
    for (size_t i = 0; ok && i < series->channel_names_count; i++)
        if (series->channel_names[i][0] != '\0')
            ok = output_print(to, fail, "%s%zu %s", i ? ", " : ": ", i, series->channel_names[i]);
    return ok && output_print(to, fail, "\n");
}

static bool print_series(struct output *to, const struct tiff_series *series, struct fail *fail)
{
    const char *samples = series->samples == 3   ? ", red, green and blue in a pixel"
                          : series->samples == 4 ? ", red, green, blue and alpha in a pixel"
                          : series->samples > 1  ? ", several samples in a pixel"
                                                 : "";
    return output_print(to, fail,
                        "%-12s(%" PRIu64 ", %" PRIu64 ", %" PRIu64 ") plane, row, column\n",
                        "shape", series->count[PAGE_PLANE], series->rows, series->columns) &&
           print_channels(to, series, fail) &&
           output_print(to, fail, "%-12s%" PRIu64 "\n%-12s%s%s\n", "frames",
                        series->count[PAGE_FRAME], "type", series->type, samples) &&
           print_spacing(to, series, fail);
}

static bool print_text(struct output *to, const struct tiff_metadata *metadata, struct fail *fail)
{
    bool ok = output_print(to, fail, "%-12sTIFF%s%s\n", "format", metadata->dialect ? ", " : "",
                           metadata->dialect ? metadata->dialect : "");
    if (ok && metadata->calibration.is_present)
        ok = output_print(to, fail, "%-12s%s\n", "calibrated", metadata->calibration.text);
    for (size_t i = 0; ok && i < metadata->series_count; i++)
        ok = (metadata->series_count == 1 ||
              output_print(to, fail, "\n%-12s%zu%s%s\n", "series", i,
                           metadata->series[i].name[0] ? " " : "", metadata->series[i].name)) &&
             print_series(to, &metadata->series[i], fail);
    return ok;
}

/* ---- for programs -------------------------------------------------------------------------- */

static bool json_axes(struct output *to, const struct tiff_series *series, struct fail *fail)
{
    const char *units[AXES], *sources[AXES];
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        units[a] = isnan(series->spacing[a]) ? "" : series->unit[a];
        sources[a] = isnan(series->spacing[a]) ? "" : series->source[a];
    }
    return json_key_inline(to, "spacing", fail) && json_numbers(to, series->spacing, AXES, fail) &&
           json_key_inline(to, "unit", fail) && json_strings(to, units, AXES, fail) &&
           json_key_inline(to, "spacing_from", fail) && json_strings(to, sources, AXES, fail);
}

static bool json_channels(struct output *to, const struct tiff_series *series, struct fail *fail)
{
    bool ok = json_key_inline(to, "channels", fail) &&
              output_print(to, fail, "%" PRIu64, series->count[PAGE_CHANNEL]) &&
              json_key_inline(to, "channel_names", fail) && output_print(to, fail, "[");
    for (size_t i = 0; ok && i < series->channel_names_count; i++)
        ok = output_print(to, fail, "%s", i ? ", " : "") &&
             json_string(to, series->channel_names[i], fail);
    return ok && output_print(to, fail, "]");
}

static bool json_series(struct output *to, const struct tiff_series *series, struct fail *fail)
{
    return output_print(to, fail, "{\"name\": ") && json_string(to, series->name, fail) &&
           output_print(to, fail, ", \"shape\": [%" PRIu64 ", %" PRIu64 ", %" PRIu64 "]",
                        series->count[PAGE_PLANE], series->rows, series->columns) &&
           json_channels(to, series, fail) &&
           output_print(to, fail, ", \"frames\": %" PRIu64 ", \"samples\": %" PRIu64,
                        series->count[PAGE_FRAME], series->samples ? series->samples : 1) &&
           json_key_inline(to, "type", fail) && json_string(to, series->type, fail) &&
           json_axes(to, series, fail) && output_print(to, fail, "}");
}

static bool print_json(struct output *to, const struct tiff_metadata *metadata, struct fail *fail)
{
    bool ok = output_print(to, fail, "{\"format\": \"TIFF\", \"dialect\": ") &&
              json_string(to, metadata->dialect ? metadata->dialect : "", fail) &&
              json_key_inline(to, "calibration", fail) &&
              json_string(to, metadata->calibration.text, fail) &&
              output_print(to, fail, ", \"series\": [");
    for (size_t i = 0; ok && i < metadata->series_count; i++)
        ok = output_print(to, fail, "%s\n  ", i ? "," : "") &&
             json_series(to, &metadata->series[i], fail);
    return ok && output_print(to, fail, "\n]}\n");
}

/* ---- what the options choose ----------------------------------------------------------------- */

static void keep_channel(struct tiff_series *series, size_t channel)
{
    if (channel < series->channel_names_count) {
        memmove(series->channel_names[0], series->channel_names[channel], TIFF_NAME_SIZE);
        series->channel_names_count = 1;
    }
    series->count[PAGE_CHANNEL] = 1;
}

/* Describes only the series, channel and frame that the options choose. */
static bool choose(struct tiff_stack *stack, const char *name, struct tiff_metadata *metadata,
                   struct fail *fail)
{
    const struct tiff_options *options = &stack->options;
    if (options->choose_series && options->series >= metadata->series_count)
        return fail_set(fail, "%s: --series %" PRIu64 ": the file has %zu, counted from 0", name,
                        options->series, metadata->series_count);
    if (options->choose_series) {
        struct tiff_series chosen = metadata->series[options->series];
        metadata->series[options->series] = metadata->series[0];
        metadata->series[0] = chosen;
        metadata->series_count = 1;
    }
    for (size_t i = 0; i < metadata->series_count; i++) {
        struct tiff_series *series = &metadata->series[i];
        struct tiff_choice choice;
        if (!options->channel && !options->choose_frame)
            continue;
        /* What is not chosen is described whole. */
        struct tiff_series whole = *series;
        if (!options->choose_frame)
            whole.count[PAGE_FRAME] = 1;
        stack->options.all_channels = !options->channel;
        if (!tiff_choose(stack, name, &whole, 1, &choice, fail))
            return false;
        if (options->channel)
            keep_channel(series, choice.channel);
        if (options->choose_frame)
            series->count[PAGE_FRAME] = 1;
    }
    return true;
}

/* What the user should know of the series that are described, each sentence once. */
static void add_notices(struct notices *notices, const char *name,
                        const struct tiff_metadata *metadata)
{
    for (size_t i = 0; i < metadata->series_count; i++) {
        const struct tiff_series *series = &metadata->series[i];
        if (series->notice[0] != '\0' && !strstr(notices->text, series->notice))
            notices_add(notices, "%s: %s", name, series->notice);
        if (series->modulo > 1 && !strstr(notices->text, "at each of"))
            notices_add(notices,
                        "%s: its %" PRIu64 " planes are %" PRIu64
                        " of kind '%s' at each of %" PRIu64 " places",
                        name, series->count[PAGE_PLANE], series->modulo, series->modulo_kind,
                        series->count[PAGE_PLANE] / series->modulo);
    }
}

static bool print_chosen(struct tiff_stack *stack, struct tiff_metadata *metadata, bool json,
                         struct output *to, struct fail *fail)
{
    size_t series = metadata->series_count;
    bool ok = choose(stack, stack->inputs[0].name, metadata, fail);
    if (ok)
        add_notices(&stack->notices, stack->inputs[0].name, metadata);
    ok = ok && (json ? print_json(to, metadata, fail) : print_text(to, metadata, fail));
    metadata->series_count = series; /* choose() may have left one */
    return ok;
}

bool tiff_print(struct input *from, const char *path, const struct tiff_options *options, bool json,
                struct output *to, struct notices *notices, struct fail *fail)
{
    struct tiff_stack stack = {.options = *options, .decode_options = tiff_decode_options(options)};
    struct tiff_metadata metadata = {0};
    uint32_t number = tiff_stack_add_opened(&stack, path ? path : "-", from, fail);
    bool ok = read_metadata(&stack, number, &metadata, fail) &&
              print_chosen(&stack, &metadata, json, to, fail);
    *notices = stack.notices;
    tiff_metadata_free(&metadata);
    tiff_stack_free(&stack);
    return ok;
}

/* ---- several files --------------------------------------------------------------------------- */

/* Describes the first file, without a word: adding it to the stack says what is to say. */
static bool describe_first(const char *path, const struct tiff_options *options,
                           struct tiff_metadata *metadata, struct fail *fail)
{
    struct tiff_stack stack = {.options = *options, .decode_options = tiff_decode_options(options)};
    bool ok = read_metadata(&stack, tiff_stack_add_input(&stack, path, fail), metadata, fail);
    tiff_stack_free(&stack);
    return ok;
}

/* Replaces what the first file says by what files say together that tell their places. */
static bool describe_placed(struct tiff_stack *stack, struct tiff_metadata *metadata,
                            struct fail *fail)
{
    size_t positions = placed_positions(&stack->placed);
    for (size_t i = 0; i < positions; i++) {
        if (i > 0 && !tiff_metadata_add_series(metadata, fail))
            return false;
        struct tiff_series *series = &metadata->series[i];
        if (i > 0) {
            *series = metadata->series[0];
            series->channel_names = NULL;
            series->channel_names_count = series->channel_names_capacity = 0;
        }
        if (positions > 1)
            snprintf(series->name, sizeof series->name, "position %zu", i);
        if (!placed_describe(&stack->placed, i, stack->inputs[0].name, series, fail))
            return false;
    }
    return true;
}

/* Adds the files as tiff2vol does, with all channels of the first frame where none is chosen. */
static bool add_files(struct tiff_stack *stack, char *const *paths, size_t count, struct fail *fail)
{
    stack->options.all_channels = !stack->options.channel;
    stack->options.choose_frame = true;
    for (size_t i = 0; i < count; i++)
        if (!tiff_add_file(stack, paths[i], fail))
            return false;
    return true;
}

bool tiff_print_files(char *const *paths, size_t count, const struct tiff_options *options,
                      bool json, struct output *to, struct notices *notices, struct fail *fail)
{
    struct tiff_stack stack = {.options = *options,
                               .decode_options = tiff_decode_options(options),
                               .is_several = count > 1};
    struct tiff_metadata metadata = {0};
    bool ok = describe_first(paths[0], options, &metadata, fail);
    /* A file of several series: which of them the others continue is not chosen. */
    bool is_one = ok && (metadata.series_count == 1 || options->choose_series);
    ok = ok && (!is_one || add_files(&stack, paths, count, fail));
    if (ok && !is_one)
        notices_add(&stack.notices, "%s: the first of %zu files, described alone", paths[0], count);
    else if (ok && stack.placed.count > 0)
        ok = describe_placed(&stack, &metadata, fail);
    else if (ok)
        metadata.series[options->choose_series ? options->series : 0].count[PAGE_PLANE] =
            stack.image_count / stack.channels;
    stack.options = *options;
    ok = ok && print_chosen(&stack, &metadata, json, to, fail);
    *notices = stack.notices;
    tiff_metadata_free(&metadata);
    tiff_stack_free(&stack);
    return ok;
}
