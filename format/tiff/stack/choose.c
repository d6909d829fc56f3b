#include "format/tiff/stack/choose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text/number.h"

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
                    axis == PAGE_CHANNEL ? ", or all with --channels all" : "", frame,
                    TIFF_WAY_OUT);
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

bool tiff_choose(struct tiff_stack *stack, const char *name, const struct tiff_series *series,
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

struct tiff_image *tiff_choose_images(struct tiff_stack *stack, const char *name,
                                      const struct tiff_series *series, uint64_t samples,
                                      struct tiff_choice *choice, struct fail *fail)
{
    bool by_sample = samples > 1 && series->count[PAGE_CHANNEL] == 1;
    if (!tiff_choose(stack, name, series, by_sample ? samples : 1, choice, fail))
        return NULL;
    stack->channels = choice->channels;
    return tiff_stack_add_images(stack, series->count[PAGE_PLANE] * choice->channels, fail);
}
