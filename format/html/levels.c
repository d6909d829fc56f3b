#include "format/html/levels.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/picture/dark.h"
#include "common/stream/second_pass.h"

#define PART 1024 /* samples of a channel that are looked at together */

/* ---- channels one by one --------------------------------------------------------------------- */

/* Looks at v[0..n) of a channel. Returns n, or the index of the first sample that it refuses. */
typedef size_t channel_observer(void *state, size_t channel, const float *v, size_t n);

struct pass {
    const struct reader *reader;
    channel_observer *observe;
    void *state;
};

/* v begins with the first channel of a voxel. */
static bool split_channels(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct pass *pass = state;
    size_t channels = pass->reader->volume.channels;
    float one[PART];
    for (size_t c = 0; c < channels; c++) {
        for (size_t i = c; i < n;) {
            size_t first = i, count = 0;
            for (; i < n && count < PART; i += channels)
                one[count++] = v[i];
            size_t seen = pass->observe(pass->state, c, one, count);
            if (seen < count)
                return reader_refuse_infinite(pass->reader, at + first + seen * channels,
                                              ": give --window LO,HI", fail);
        }
    }
    return true;
}

static bool run_pass(channel_observer *observe, void *state, struct reader **reader,
                     struct fail *fail)
{
    *reader = second_pass_reader(*reader, fail);
    struct pass pass = {.reader = *reader, .observe = observe, .state = state};
    return *reader && loop_each_block(split_channels, &pass, *reader, fail) &&
           reader_rewind(*reader, fail) == OUTCOME_DONE;
}

/* ---- minimum and maximum --------------------------------------------------------------------- */

static size_t extend(void *state, size_t channel, const float *v, size_t n)
{
    struct html_levels *levels = state;
    return window_extend(&levels->windows[channel], v, n);
}

static bool is_colour(const struct html_group *group)
{
    return group->kind == CHANNELS_RGB || group->kind == CHANNELS_RGBA;
}

/* One window for the channels of a colour volume. */
static void balance(struct window *windows, uint64_t channels)
{
    struct window all = {0, 1};
    for (uint64_t c = 0; c < channels; c++) {
        all.low = fmin(all.low, windows[c].low);
        all.high = fmax(all.high, windows[c].high);
    }
    for (uint64_t c = 0; c < channels; c++)
        windows[c] = all;
}

static bool find_extremes(struct html_levels *levels, struct reader **reader, struct fail *fail)
{
    for (size_t c = 0; c < HTML_MAX_CHANNELS; c++)
        levels->windows[c] = WINDOW_EMPTY;
    if (!run_pass(extend, levels, reader, fail))
        return false;
    for (size_t c = 0; c < HTML_MAX_CHANNELS; c++)
        window_close(&levels->windows[c]);
    return true;
}

bool html_levels_measure(struct html_levels *levels, struct reader **reader, struct fail *fail)
{
    struct window *windows = levels->windows;
    if (!find_extremes(levels, reader, fail))
        return false;
    for (size_t g = 0; g < levels->group_count; windows += levels->groups[g++].channels)
        if (is_colour(&levels->groups[g]))
            balance(windows, levels->groups[g].channels);
    memcpy(levels->looks, levels->windows, sizeof levels->looks);
    return true;
}

/* ---- volumes that are nearly black ----------------------------------------------------------- */

struct darkness {
    const struct window *windows;
    struct dark_counts counts[HTML_MAX_CHANNELS];
};

static size_t count_bins(void *state, size_t channel, const float *v, size_t n)
{
    struct darkness *darkness = state;
    dark_count(&darkness->counts[channel], &darkness->windows[channel], v, n);
    return n;
}

static void lighten(struct html_levels *levels, size_t channel, const struct dark_counts *counts)
{
    struct window look = levels->windows[channel];
    if (!dark_lighten(counts, &look))
        return;
    levels->is_dark = true;
    levels->looks[channel] = look;
}

bool html_levels_lighten(struct html_levels *levels, struct reader **reader, struct fail *fail)
{
    struct darkness *darkness = calloc(1, sizeof *darkness);
    if (!darkness)
        return fail_errno(fail, "a histogram of each channel");
    darkness->windows = levels->windows;
    bool ok = run_pass(count_bins, darkness, reader, fail);
    size_t first = 0;
    for (size_t g = 0; ok && g < levels->group_count; first += levels->groups[g++].channels)
        for (size_t c = first;
             !is_colour(&levels->groups[g]) && c < first + levels->groups[g].channels; c++)
            lighten(levels, c, &darkness->counts[c]);
    free(darkness);
    return ok;
}

/* ---- labels ---------------------------------------------------------------------------------- */

struct labels {
    struct window *windows;
    double scale[HTML_MAX_CHANNELS]; /* what makes numbers of a channel's samples */
    bool has_fraction;
};

static size_t extend_labels(void *state, size_t channel, const float *v, size_t n)
{
    struct labels *labels = state;
    for (size_t i = 0; i < n; i++) {
        double number = v[i] * labels->scale[channel];
        labels->has_fraction |= fabs(number - rint(number)) > 1e-2;
    }
    return window_extend(&labels->windows[channel], v, n);
}

bool html_levels_label(struct html_levels *levels, struct reader **reader, unsigned *depth,
                       struct fail *fail)
{
    struct labels labels = {.windows = levels->windows};
    size_t channels = 0;
    double most = 0;
    for (size_t g = 0; g < levels->group_count; g++)
        for (uint64_t c = 0; c < levels->groups[g].channels; c++)
            labels.scale[channels++] = levels->groups[g].count_scale;
    for (size_t c = 0; c < HTML_MAX_CHANNELS; c++)
        levels->windows[c] = WINDOW_EMPTY;
    if (!run_pass(extend_labels, &labels, reader, fail))
        return false;
    if (labels.has_fraction)
        return fail_set(fail, "%s: --labels: its samples are not whole numbers", (*reader)->name);
    for (size_t c = 0; c < channels; c++) {
        window_close(&levels->windows[c]);
        most =
            fmax(most, rint((levels->windows[c].high - levels->windows[c].low) * labels.scale[c]));
    }
    if (*depth == 0)
        *depth = most > UINT8_MAX ? 16 : 8;
    int limit = *depth == 16 ? UINT16_MAX : UINT8_MAX;
    if (most > limit)
        return fail_set(fail, "%s: --labels: its numbers are %.0f apart, and %u bits hold %d",
                        (*reader)->name, most, *depth, limit);
    for (size_t c = 0; c < channels; c++) {
        double scale = labels.scale[c], low = rint(levels->windows[c].low * scale);
        levels->looks[c] = levels->windows[c];
        levels->windows[c] = (struct window){low / scale, (low + limit) / scale};
    }
    return true;
}
