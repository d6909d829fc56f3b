/* vol2html - a page that shows a volume, in one file. The manual is vol2html.1; the source of the
 * page is in vol2html/. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/shared_options.h"
#include "common/picture/display_window.h"
#include "common/shape/channel.h"
#include "common/shape/join.h"
#include "common/shape/reduce.h"
#include "common/stream/loop.h"
#include "common/volume/labels.h"
#include "common/volume/source.h"
#include "format/html/page.h"
#include "format/nrrd/stream.h"
#include "tools/vol2html/page.h"

/* Limits of what browsers draw well. */
#define MAX_AXIS 16384
#define MAX_VIEW (UINT64_C(1) << 26) /* samples */

/* Means that are in memory while planes or rows are averaged: 12 MiB. */
#define MAX_BAND (UINT64_C(1) << 20)

/* ---- options --------------------------------------------------------------------------------- */

/* The names of two volumes, which last as long as the program. */
struct names {
    char *text[2];
};

static struct {
    const char *title;
    struct display_window window;
    uint64_t channel;
    double max_size;    /* MB */
    int depth;          /* index into depths */
    const char *second; /* the volume beside FILE; NULL: none */
    struct names names;
    bool has_channel, has_depth, labels;
} option = {.max_size = 160};

static const char *const depths[] = {"8", "16", NULL};

static bool parse_names(const char *text, void *value, struct fail *fail)
{
    struct names *names = value;
    const char *comma = strchr(text, ',');
    if (!comma || comma == text || comma[1] == '\0')
        return fail_set(fail, "needs two names with a comma between them, not '%s'", text);
    names->text[0] = strndup(text, (size_t)(comma - text));
    names->text[1] = strdup(comma + 1);
    return (names->text[0] && names->text[1]) || fail_errno(fail, "names");
}

static const struct option_row options[] = {
    ROW_TITLE(&option.title, "title of the page (default: the name of FILE, or of the TIFF\nfile "
                             "that a pipe began with)"),
    OPT_CHOICE(0, "depth", "8|16", depths, &option.depth,
               "bits per sample (default 8; 16 for labels or dark volumes that\nneed them)",
               .given = &option.has_depth),
    ROWS_WINDOW(&option.window, "",
                "samples that become the lowest and the highest level\n"
                "(default: the stream's, or minmax of each channel)"),
    OPT_REAL(0, "max-size", "MB", 0.001, 1e6, &option.max_size,
             "largest size of the samples in the browser; a larger volume\n"
             "is averaged in blocks, with a message (default 160)"),
    OPT_FLAG(0, "labels", &option.labels,
             "samples are numbers of objects: each has its colour, and blocks\nare their largest "
             "number"),
    OPT_PARSED(0, "names", "A,B", parse_names, &option.names,
               "names of the two volumes (default: those of their files)", .not_in_history = true),
    OPT_FILE(0, "beside", "SECOND", &option.second,
             "another spelling of SECOND, the volume on the right", .not_in_history = true),
    ROW_CHANNEL(&option.channel, &option.has_channel, "only this channel, from 0"),
    {0},
};

static const struct program program = {
    .name = "vol2html",
    .summary =
        "Write an HTML page that shows a volume, or two of the same shape side by side: one\n"
        "file, no network. In the page, ? lists its keys.",
    .operands = "[FILE] [SECOND]",
    .max_operands = 2,
    .ending = ".html",
    .options = options,
    .format = "HTML",
    .more = "Examples: tiff2vol cells.tif | vol2html --title Cells -o cells.html\n"
            "          vol2html before.nrrd after.nrrd -o both.html",
};

struct explorer {
    const struct command *command;
    struct reader *reader;
    uint64_t full_size[AXES], factor[AXES];
    unsigned depth;              /* bits of a level */
    struct html_group groups[2]; /* the volume, and the one beside it */
    struct html_levels levels;
    char window_words[WINDOW_SOURCE_SIZE];
    char *title, *name[2]; /* of the page, of the volumes */
};

/* ---- size ------------------------------------------------------------------------------------ */

static uint64_t axis_length(const struct explorer *job, enum axis axis)
{
    return reduce_count(job->full_size[axis], job->factor[axis], true);
}

static bool fits(const struct explorer *job, unsigned depth)
{
    const double planes = (double)axis_length(job, AXIS_PLANE),
                 rows = (double)axis_length(job, AXIS_ROW),
                 columns = (double)axis_length(job, AXIS_COLUMN);
    double row = columns * (double)job->reader->volume.channels, largest = (double)MAX_VIEW;
    double band = job->factor[AXIS_PLANE] > 1 ? rows * row : row;
    return planes * rows * row * (depth / 8) <= option.max_size * 1e6 &&
           rows * columns <= largest && planes * columns <= largest && planes * rows <= largest &&
           band <= (double)MAX_BAND;
}

/* The spacing after averaging. An unknown one counts as the finest that is known. */
static double step_length(const struct explorer *job, enum axis axis)
{
    const struct volume *volume = &job->reader->volume;
    double finest = INFINITY, spacing = volume_spacing(volume, axis);
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        finest = fmin(finest, volume_spacing(volume, a));
    if (!isfinite(spacing))
        spacing = isinf(finest) ? 1 : finest;
    return axis_length(job, axis) > 1 ? spacing * (double)job->factor[axis] : INFINITY;
}

/* Averages more samples along the axis with the finest spacing; along rows and columns together if
 * theirs are equal, so that square pixels stay square. */
static void average_more(struct explorer *job)
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

static void choose_factors(struct explorer *job)
{
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        job->factor[a] = reduce_count(job->full_size[a], MAX_AXIS, true);
    while (!fits(job, job->depth))
        average_more(job);
}

static void print_factors(const struct explorer *job)
{
    const uint64_t *size = job->full_size, *factor = job->factor;
    double bytes = (double)volume_samples(&job->reader->volume) * (job->depth / 8);
    command_notice(
        job->command,
        "%" PRIu64 " x %" PRIu64 " x %" PRIu64 " samples, %.4g MB, are more than a browser "
        "should hold (--max-size %g): %s in blocks of %" PRIu64 " x %" PRIu64 " x %" PRIu64,
        size[AXIS_PLANE], size[AXIS_ROW], size[AXIS_COLUMN], bytes / 1e6, option.max_size,
        option.labels ? "largest numbers" : "averaged", factor[AXIS_PLANE], factor[AXIS_ROW],
        factor[AXIS_COLUMN]);
}

static bool fit_browser(struct explorer *job, struct fail *fail)
{
    memcpy(job->full_size, job->reader->volume.size, sizeof job->full_size);
    choose_factors(job);
    if (job->factor[AXIS_PLANE] * job->factor[AXIS_ROW] * job->factor[AXIS_COLUMN] == 1)
        return true;
    print_factors(job);
    struct reduce_options blocks = {.kind = option.labels ? REDUCE_MAXIMUM : REDUCE_MEAN,
                                    .partial = true};
    memcpy(blocks.factor, job->factor, sizeof blocks.factor);
    for (size_t g = 0; g < job->levels.group_count && !option.labels; g++)
        job->groups[g].count_scale = NAN;
    job->reader = reduce_reader(&blocks, job->reader, fail);
    return job->reader != NULL;
}

/* ---- names -------------------------------------------------------------------------------------
 */

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

/* The name of the file without its folder and ending; of a pipe, of the TIFF file that it began
 * with. NULL: no memory. */
static char *volume_name(const struct volume *volume, const char *path)
{
    bool piped = !path || strcmp(path, "-") == 0;
    const char *slash = piped ? NULL : strrchr(path, '/');
    char *name = piped ? name_in_history(volume) : strdup(slash ? slash + 1 : path);
    if (!name && piped)
        name = strdup("Volume");
    if (name)
        remove_ending(name);
    return name;
}

/* ---- volumes and levels ---------------------------------------------------------------------- */

/* Opens one of the volumes, of which the group and the name are set. NULL on failure. */
static struct reader *open_volume(struct explorer *job, size_t number, const char *path,
                                  struct fail *fail)
{
    struct html_group *group = &job->groups[number];
    struct reader *reader = nrrd_open(path, fail);
    if (reader && option.has_channel)
        reader = channel_reader(reader, option.channel, fail);
    if (!reader)
        return NULL;
    group->channels = reader->volume.channels;
    group->kind = reader->volume.channel_kind;
    group->count_scale = volume_count_scale(&reader->volume);
    uint32_t largest;
    if (volume_labels(&reader->volume, &largest)) {
        bool is_plain = option.window.source == WINDOW_DEFAULT && !option.second &&
                        !stats_source_exists(&option.window.stats);
        group->count_scale = 1;
        option.labels = option.labels || is_plain;
        if (option.labels && !option.has_depth)
            job->depth = 16; /* they may need: known once they are measured */
    }
    if (option.labels && isnan(group->count_scale))
        group->count_scale = 1;
    job->name[number] = volume_name(&reader->volume, path);
    group->title = option.names.text[number] ? option.names.text[number] : job->name[number];
    if (job->name[number])
        return reader;
    reader_close(reader);
    fail_errno(fail, "a name");
    return NULL;
}

/* Reads both as channels of one volume. */
static bool open_beside(struct explorer *job, struct fail *fail)
{
    struct reader *second = open_volume(job, 1, option.second, fail);
    if (!second)
        return false;
    struct reader *both[] = {job->reader, second};
    job->reader = join_reader(both, 2, JOIN_CHANNELS, false, fail);
    job->levels.group_count = 2;
    return job->reader != NULL;
}

static bool open_volumes(struct explorer *job, struct fail *fail)
{
    job->reader = open_volume(job, 0, command_input(job->command), fail);
    if (!job->reader)
        return false;
    job->levels.groups = job->groups;
    job->levels.group_count = 1;
    if (option.second && !open_beside(job, fail))
        return false;
    const struct volume *volume = &job->reader->volume;
    return volume->channels <= HTML_MAX_CHANNELS ||
           fail_set(fail,
                    "%s: %" PRIu64 " channels are more than the %d that a page overlays: choose "
                    "one with --channel N",
                    job->reader->name, volume->channels, HTML_MAX_CHANNELS);
}

/* Sets one window for all channels. */
static void share_window(struct explorer *job, const struct window *window)
{
    for (uint64_t c = 0; c < job->reader->volume.channels; c++)
        job->levels.windows[c] = job->levels.looks[c] = *window;
}

/* Whether the window is the minimum and maximum of each channel. */
static bool is_measured(const struct explorer *job)
{
    enum window_source source = option.window.source;
    double limits[2];
    bool carried = source == WINDOW_DEFAULT && volume_window(&job->reader->volume, limits);
    return (source == WINDOW_MINMAX || (source == WINDOW_DEFAULT && !carried)) &&
           !stats_source_exists(&option.window.stats);
}

static bool find_one_window(struct explorer *job, struct fail *fail)
{
    struct window window;
    if (option.window.source == WINDOW_PERCENTILE)
        command_remark_percentiles(job->command, option.window.number, 2);
    if (!display_window_allowed(&option.window, job->reader, fail) ||
        !display_window_find(&option.window, &job->reader, &window, job->window_words, fail))
        return false;
    share_window(job, &window);
    return true;
}

/* Where most of the volume would be black, the page begins with percentiles, and with levels that
 * are fine enough for them. */
static bool lighten(struct explorer *job, struct fail *fail)
{
    char text[WINDOW_TEXT];
    if (!html_levels_lighten(&job->levels, &job->reader, fail))
        return false;
    if (!job->levels.is_dark)
        return true;
    if (!option.has_depth && fits(job, 16))
        job->depth = 16;
    for (uint64_t c = 0; c < job->reader->volume.channels; c++) {
        const struct window *look = &job->levels.looks[c];
        if (look->high < job->levels.windows[c].high)
            command_notice(job->command,
                           "channel %" PRIu64 " would be nearly black: shown at first from %s, its "
                           "percentiles 0.5 and 99.5 (--window minmax: from minimum to maximum)",
                           c, window_text(look, text));
    }
    return true;
}

static bool find_levels(struct explorer *job, struct fail *fail)
{
    const struct volume *volume = &job->reader->volume;
    if (option.labels) {
        snprintf(job->window_words, WINDOW_SOURCE_SIZE, "a level for each label");
        job->depth = option.has_depth ? job->depth : 0;
        return html_levels_label(&job->levels, &job->reader, &job->depth, fail);
    }
    bool measured = is_measured(job), by_default = option.window.source == WINDOW_DEFAULT;
    bool is_colour = job->levels.groups[0].kind >= CHANNELS_RGB;
    if (!measured || (volume->channels == 1 && !by_default))
        return find_one_window(job, fail);
    if (!html_levels_measure(&job->levels, &job->reader, fail))
        return false;
    snprintf(job->window_words, WINDOW_SOURCE_SIZE, "%s",
             is_colour                          ? "colours, 0 to 1 or to the farthest sample"
             : job->reader->volume.channels > 1 ? "minimum and maximum of each channel"
                                                : "minimum and maximum of the volume");
    return !by_default || lighten(job, fail);
}

static void print_windows(const struct explorer *job)
{
    char text[WINDOW_TEXT];
    for (uint64_t c = 0; c < job->reader->volume.channels; c++)
        command_verbose(job->command, "channel %" PRIu64 ": levels from %s (%s)", c,
                        window_text(&job->levels.windows[c], text), job->window_words);
}

/* ---- the page -------------------------------------------------------------------------------- */

/* --title, or the names of the volumes. */
static bool find_title(struct explorer *job, struct fail *fail)
{
    const struct html_group *groups = job->groups;
    int length = option.title    ? asprintf(&job->title, "%s", option.title)
                 : option.second ? asprintf(&job->title, "%s, %s", groups[0].title, groups[1].title)
                                 : asprintf(&job->title, "%s", groups[0].title);
    if (length >= 0 && !option.second)
        job->groups[0].title = job->title;
    if (length >= 0)
        return true;
    job->title = NULL;
    return fail_errno(fail, "title");
}

static bool prepare(struct explorer *job, struct fail *fail)
{
    if (!open_volumes(job, fail) || !fit_browser(job, fail) || !find_levels(job, fail) ||
        !find_title(job, fail))
        return false;
    print_windows(job);
    return volume_add_history(&job->reader->volume, job->command->history, fail);
}

/* Takes the second volume from the operands. Returns 0, or the exit status of a usage error. */
static int find_second(const struct command *command)
{
    if (command->operand_count < 2)
        return 0;
    const char *second = command->operands[1], *ending = strrchr(second, '.');
    if (option.second)
        return command_usage_error(command,
                                   "a page shows one volume or two: '%s' and --beside %s "
                                   "are one too many",
                                   second, option.second);
    if (ending && strcmp(ending, ".html") == 0)
        return command_usage_error(command, "'%s' is not a volume (to write it: -o %s)", second,
                                   second);
    option.second = second;
    return 0;
}

static int check_usage(const struct command *command)
{
    int status = find_second(command);
    if (status != 0)
        return status;
    if (option.window.source == WINDOW_PER_PICTURE)
        return command_usage_error(command, "--window plane: a page has one window for all planes");
    if (option.labels &&
        (option.window.source != WINDOW_DEFAULT || stats_source_exists(&option.window.stats)))
        return command_usage_error(command, "--labels: each number is a level; --window, --stats "
                                            "and --pool have no place there");
    if (option.names.text[0] && !option.second)
        return command_usage_error(command, "--names: names of two volumes, but there is only one");
    return 0;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    int usage = check_usage(&command);
    if (usage != 0)
        return usage;

    struct fail fail = {.text = ""};
    struct explorer job = {.command = &command, .depth = option.depth == 0 ? 8 : 16};
    if (option.labels && !option.has_depth)
        job.depth = 16; /* they may need: known once they are measured */
    bool ready = prepare(&job, &fail);
    struct html_page page = {.template = vol2html_page,
                             .template_size = vol2html_page_size,
                             .title = job.title,
                             .volume = ready ? &job.reader->volume : NULL,
                             .full_size = job.full_size,
                             .factor = job.factor,
                             .depth = job.depth,
                             .levels = job.levels,
                             .is_labels = option.labels,
                             .window_source = job.window_words};
    struct writer *out = ready ? html_create(command.output, &page, &fail) : NULL;
    struct filter filter = {.change = NULL};
    bool whole = out && loop_run(&filter, job.reader, out, &fail);
    int status = command_finish(&command, job.reader, out, whole, &fail);
    free(job.title);
    free(job.name[0]);
    free(job.name[1]);
    return status;
}
