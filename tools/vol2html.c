/* vol2html - a page that shows a volume, in one file. The manual is vol2html.1; the source of the
 * page is in vol2html/. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/rows.h"
#include "common/picture/display_window.h"
#include "common/shape/channel.h"
#include "common/shape/reduce.h"
#include "common/volume/loop.h"
#include "common/volume/second_pass.h"
#include "format/html/page.h"
#include "format/nrrd/stream.h"
#include "tools/vol2html/page.h"

/* Limits of what browsers draw well. */
#define MAX_AXIS 16384
#define MAX_VIEW (UINT64_C(1) << 26) /* samples */
#define MAX_CHANNELS 16

/* Means that are in memory while planes or rows are averaged: 12 MiB. */
#define MAX_BAND (UINT64_C(1) << 20)

/* ---- options --------------------------------------------------------------------------------- */

static struct {
    const char *title;
    struct display_window window;
    uint64_t channel;
    double max_size; /* MB */
    int depth;       /* index into depths */
    bool has_channel;
} option = {.max_size = 160};

static const char *const depths[] = {"8", "16", NULL};

static const struct option_row options[] = {
    ROW_TITLE(&option.title, "title of the page (default: the name of FILE, or of the TIFF\nfile "
                             "that a pipe began with)"),
    OPT_CHOICE(0, "depth", "8|16", depths, &option.depth, "bits per sample (default 8)"),
    ROWS_WINDOW(&option.window, "",
                "samples that become the lowest and the highest level\n"
                "(default: the stream's, or minmax of each channel)"),
    OPT_REAL(0, "max-size", "MB", 0.001, 1e6, &option.max_size,
             "largest size of the samples in the browser; a larger volume\n"
             "is averaged in blocks, with a message (default 160)"),
    ROW_CHANNEL(&option.channel, &option.has_channel, "only this channel, from 0"),
    {0},
};

static const struct program program = {
    .name = "vol2html",
    .summary = "Write an HTML page that shows a volume: one file, no network.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more = "Example: tiff2vol cells.tif | vol2html --title Cells -o cells.html",
};

struct job {
    const struct command *command;
    struct reader *reader;
    uint64_t full_size[AXES], factor[AXES];
    struct window windows[MAX_CHANNELS];
    char window_words[WINDOW_SOURCE_SIZE];
    char *title;
};

/* ---- size ------------------------------------------------------------------------------------ */

static unsigned depth_bits(void)
{
    return option.depth == 0 ? 8 : 16;
}

static uint64_t axis_length(const struct job *job, enum axis axis)
{
    return reduce_count(job->full_size[axis], job->factor[axis], true);
}

static bool fits(const struct job *job)
{
    const double planes = (double)axis_length(job, AXIS_PLANE),
                 rows = (double)axis_length(job, AXIS_ROW),
                 columns = (double)axis_length(job, AXIS_COLUMN);
    double row = columns * (double)job->reader->volume.channels, largest = (double)MAX_VIEW;
    double band = job->factor[AXIS_PLANE] > 1 ? rows * row : row;
    return planes * rows * row * (depth_bits() / 8) <= option.max_size * 1e6 &&
           rows * columns <= largest && planes * columns <= largest && planes * rows <= largest &&
           band <= (double)MAX_BAND;
}

/* The spacing after averaging. An unknown one counts as the finest that is known. */
static double step_length(const struct job *job, enum axis axis)
{
    const struct volume *volume = &job->reader->volume;
    double finest = INFINITY, spacing = volume_spacing(volume, axis);
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        finest = fmin(finest, volume_spacing(volume, a));
    if (isnan(spacing))
        spacing = isinf(finest) ? 1 : finest;
    return axis_length(job, axis) > 1 ? spacing * (double)job->factor[axis] : INFINITY;
}

/* Averages more samples along the axis with the finest spacing; along rows and columns together if
 * theirs are equal, so that square pixels stay square. */
static void average_more(struct job *job)
{
    double plane = step_length(job, AXIS_PLANE), row = step_length(job, AXIS_ROW),
           column = step_length(job, AXIS_COLUMN);
    double flat = fmin(row, column);
    uint64_t band =
        axis_length(job, AXIS_ROW) * axis_length(job, AXIS_COLUMN) * job->reader->volume.channels;
    if (plane < flat && (band <= MAX_BAND || isinf(flat))) {
        job->factor[AXIS_PLANE]++;
        return;
    }
    job->factor[AXIS_ROW] += row <= flat * (1 + 1e-6) && !isinf(row);
    job->factor[AXIS_COLUMN] += column <= flat * (1 + 1e-6) && !isinf(column);
}

static void choose_factors(struct job *job)
{
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        job->factor[a] = reduce_count(job->full_size[a], MAX_AXIS, true);
    while (!fits(job))
        average_more(job);
}

static void print_factors(const struct job *job)
{
    const uint64_t *size = job->full_size, *factor = job->factor;
    double bytes = (double)volume_samples(&job->reader->volume) * (depth_bits() / 8);
    command_notice(
        job->command,
        "%" PRIu64 " x %" PRIu64 " x %" PRIu64 " samples, %.4g MB, are more than a browser "
        "should hold (--max-size %g): averaged in blocks of %" PRIu64 " x %" PRIu64 " x %" PRIu64,
        size[AXIS_PLANE], size[AXIS_ROW], size[AXIS_COLUMN], bytes / 1e6, option.max_size,
        factor[AXIS_PLANE], factor[AXIS_ROW], factor[AXIS_COLUMN]);
}

static bool fit_browser(struct job *job, struct fail *fail)
{
    memcpy(job->full_size, job->reader->volume.size, sizeof job->full_size);
    choose_factors(job);
    if (job->factor[AXIS_PLANE] * job->factor[AXIS_ROW] * job->factor[AXIS_COLUMN] == 1)
        return true;
    print_factors(job);
    struct reduce_options means = {.kind = REDUCE_MEAN, .partial = true};
    memcpy(means.factor, job->factor, sizeof means.factor);
    job->reader = reduce_reader(&means, job->reader, fail);
    return job->reader != NULL;
}

/* ---- channels and windows -------------------------------------------------------------------- */

static bool choose_channel(struct job *job, struct fail *fail)
{
    const struct volume *volume = &job->reader->volume;
    if (option.has_channel) {
        job->reader = channel_reader(job->reader, option.channel, fail);
        return job->reader != NULL;
    }
    return volume->channels <= MAX_CHANNELS ||
           fail_set(fail,
                    "%s: %" PRIu64 " channels are more than the %d that a page overlays: choose "
                    "one with --channel N",
                    job->reader->name, volume->channels, MAX_CHANNELS);
}

/* Sets one window for all channels. words: where it comes from; NULL: window_words are set. */
static void share_window(struct job *job, const struct window *window, const char *words)
{
    for (uint64_t c = 0; c < job->reader->volume.channels; c++)
        job->windows[c] = *window;
    if (words)
        snprintf(job->window_words, WINDOW_SOURCE_SIZE, "%s", words);
}

/* Extends the window of each channel; v begins with the first channel of a voxel. */
static bool extend_windows(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct job *job = state;
    size_t channels = job->reader->volume.channels;
    float one[1024];
    for (size_t c = 0; c < channels; c++) {
        for (size_t i = c; i < n;) {
            size_t first = i, count = 0;
            for (; i < n && count < sizeof one / sizeof one[0]; i += channels)
                one[count++] = v[i];
            size_t finite = window_extend(&job->windows[c], one, count);
            if (finite < count)
                return reader_refuse_infinite(job->reader, at + first + finite * channels,
                                              ": give --window LO,HI", fail);
        }
    }
    return true;
}

static const struct window *union_of_windows(struct job *job, struct window *all)
{
    for (uint64_t c = 0; c < job->reader->volume.channels; c++) {
        all->low = fmin(all->low, job->windows[c].low);
        all->high = fmax(all->high, job->windows[c].high);
    }
    return all;
}

/* Minimum and maximum of each channel; one window for all colours, which keeps their balance. */
static bool measure_channels(struct job *job, struct fail *fail)
{
    struct window colours = {0, 1};
    for (uint64_t c = 0; c < job->reader->volume.channels; c++)
        job->windows[c] = WINDOW_EMPTY;
    job->reader = second_pass_reader(job->reader, fail);
    if (!job->reader || !loop_each_block(extend_windows, job, job->reader, fail) ||
        reader_rewind(job->reader, fail) != OUTCOME_DONE)
        return false;
    for (uint64_t c = 0; c < job->reader->volume.channels; c++)
        window_close(&job->windows[c]);
    if (volume_is_colour(&job->reader->volume))
        share_window(job, union_of_windows(job, &colours),
                     "colours, 0 to 1 or to the farthest sample");
    else
        snprintf(job->window_words, WINDOW_SOURCE_SIZE, "minimum and maximum of each channel");
    return true;
}

static bool find_windows(struct job *job, struct fail *fail)
{
    const struct volume *volume = &job->reader->volume;
    enum window_source source = option.window.source;
    double limits[2];
    bool carried = source == WINDOW_DEFAULT && volume_window(volume, limits);
    bool minmax = source == WINDOW_MINMAX || (source == WINDOW_DEFAULT && !carried);
    if (source == WINDOW_PERCENTILE)
        command_remark_percentiles(job->command, option.window.number, 2);
    if (minmax && volume->channels > 1 && !stats_source_exists(&option.window.stats))
        return measure_channels(job, fail);
    struct window window;
    if (!display_window_allowed(&option.window, job->reader, fail) ||
        !display_window_find(&option.window, &job->reader, &window, job->window_words, fail))
        return false;
    share_window(job, &window, NULL);
    return true;
}

static void print_windows(const struct job *job)
{
    char text[WINDOW_TEXT];
    for (uint64_t c = 0; c < job->reader->volume.channels; c++)
        command_verbose(job->command, "channel %" PRIu64 ": levels from %s (%s)", c,
                        window_text(&job->windows[c], text), job->window_words);
}

/* ---- the page -------------------------------------------------------------------------------- */

/* The file that the history begins with, for a volume from a pipe: the last word of "tiff2vol ...
 * NAME". NULL: it says none. */
static char *name_in_history(const struct volume *volume)
{
    const char *history = volume_value(volume, "history");
    if (!history || strncmp(history, "tiff2vol ", 9) != 0)
        return NULL;
    char *line = strndup(history, strcspn(history, "\n")), *name = NULL;
    const char *blank = line ? strrchr(line, ' ') : NULL;
    if (blank && strchr(blank, '.'))
        name = strdup(blank + 1);
    free(line);
    return name;
}

/* Removes one of the endings that files of volumes have. */
static void remove_ending(char *name)
{
    static const char *const endings[] = {".nrrd", ".ome.tif", ".ome.tiff", ".tif", ".tiff"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t end = strlen(endings[i]);
        if (length > end && strcmp(name + length - end, endings[i]) == 0) {
            name[length - end] = '\0';
            return;
        }
    }
}

/* --title, or the name of the file without its folder and ending; of a pipe, of the TIFF file that
 * it began with. */
static bool find_title(struct job *job, struct fail *fail)
{
    const char *path = command_input(job->command);
    bool piped = !path || strcmp(path, "-") == 0;
    const char *name = piped ? "Volume" : path, *slash = strrchr(name, '/');
    if (!option.title && piped)
        job->title = name_in_history(&job->reader->volume);
    if (!job->title)
        job->title = strdup(option.title ? option.title : slash ? slash + 1 : name);
    if (!job->title)
        return fail_errno(fail, "title");
    if (!option.title)
        remove_ending(job->title);
    return true;
}

static bool prepare(struct job *job, struct fail *fail)
{
    if (!choose_channel(job, fail) || !fit_browser(job, fail) || !find_windows(job, fail) ||
        !find_title(job, fail))
        return false;
    print_windows(job);
    return volume_add_history(&job->reader->volume, job->command->history, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (option.window.source == WINDOW_PER_PICTURE)
        return command_usage_error(&command,
                                   "--window plane: a page has one window for all planes");

    struct fail fail = {.text = ""};
    struct job job = {.command = &command, .reader = nrrd_open(command_input(&command), &fail)};
    bool ready = job.reader && prepare(&job, &fail);
    struct html_page page = {.template = vol2html_page,
                             .template_size = vol2html_page_size,
                             .title = job.title,
                             .volume = ready ? &job.reader->volume : NULL,
                             .full_size = job.full_size,
                             .factor = job.factor,
                             .depth = depth_bits(),
                             .windows = job.windows,
                             .window_source = job.window_words};
    struct writer *out = ready ? html_create(command.output, &page, &fail) : NULL;
    struct filter filter = {.change = NULL};
    bool whole = out && loop_run(&filter, job.reader, out, &fail);
    int status = command_finish(&command, job.reader, out, whole, &fail);
    free(job.title);
    return status;
}
