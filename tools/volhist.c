/* volhist - histogram and percentiles of volumes or statistics files. The manual is volhist.1. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/paths.h"
#include "common/cli/shared_options.h"
#include "common/io/input.h"
#include "common/shape/channel.h"
#include "common/stats/file.h"
#include "common/stats/file_words.h"
#include "common/stats/statistics.h"
#include "common/stream/second_pass.h"
#include "common/volume/labels.h"
#include "format/chart/svg.h"
#include "format/chart/text.h"
#include "format/nrrd/stream.h"

#define MAX_PERCENTILES 100
#define SERIES_BINS 64 /* lines with many empty bins hide one another */
#define CLOSER 64      /* columns of a drawing of characters, about */
#define NAME_SIZE 64   /* of a series in a legend */

static uint64_t bins = 256;
static double range[2];
static bool bins_given, range_given, pool_channels;
static struct percentiles percentiles;
static bool json, svg, ascii, logarithmic;
static const char *title, *from_path, *mask_path;

static const struct option_row options[] = {
    ROW_BINS(&bins, &bins_given),
    ROW_RANGE(range, &range_given,
              "histogram from LO to HI, without samples outside\n(default: minimum to maximum)"),
    ROW_PERCENTILES(&percentiles, "print these percentiles; without -b and -r no histogram"),
    ROW_MASK(&mask_path),
    ROW_POOL_CHANNELS(&pool_channels),
    OPT_FLAG(0, "json", &json, "print JSON, with mean and variance"),
    OPT_FLAG(0, "svg", &svg,
             "draw histogram and cumulative distribution; of several\n"
             "FILEs, volumes or statistics, on the same axes"),
    OPT_FLAG(0, "log", &logarithmic, "with --svg and --ascii: counts on a logarithmic axis"),
    OPT_FLAG(0, "ascii", &ascii, "draw the histogram for a terminal"),
    ROW_TITLE(&title, "title of the drawing"),
    OPT_FILE(0, "from", "STATS", &from_path, "use a statistics file instead of a volume",
             .no_volume = true),
    {0},
};

static const struct moved_option moved[] = {
    {"stats", "volstats", "volstats FILE -o STATS"},
    {"merge", "volstats", "volstats --merge A B -o C"},
    {"partial", "volstats", "volstats --merge --partial A B -o C"},
    {"refine", "volstats", "volstats --refine STATS FILE -o C"},
    {"values", "volstats", "volstats --values STATS"},
    {"counts", "volstats", "volstats --counts STATS FILE -o C"},
    {0},
};

static const struct program program = {
    .name = "volhist",
    .summary = "Histogram and percentiles of a volume, or from its statistics.",
    .operands = "[FILE]...",
    .options = options,
    .format = "SVG",
    .moved = moved,
    .more = "Example: tiff2vol cells.tif | volhist -b 64 --ascii",
};

/* ---- what is counted ---- */

/* A volume or a statistics file, of one channel, of all together or of each by itself. */
struct source {
    struct reader *all, *mask;
    struct stats_file *file;
    uint64_t channels; /* each by itself; 1: one, or all together */
};

/* One of them. */
struct series {
    char name[NAME_SIZE];
    const char *path;
    struct reader *in, *mask; /* NULL: */
    struct summary summary;   /* of a statistics file */
    struct stats_result result;
};

static bool is_stats_file(struct input *input, struct fail *fail)
{
    char first[4] = "";
    return input_peek(input, first, sizeof first, fail) == sizeof first &&
           memcmp(first, STATS_FIRST_LINE, sizeof first) == 0;
}

/* again: of the volume, or of each of its channels, which always is read again. */
static bool open_volume(const struct command *command, struct source *source, struct input *input,
                        bool again, struct fail *fail)
{
    if (!(source->all = nrrd_open_input(input, fail)) ||
        (mask_path && !(source->mask = nrrd_open_twice(mask_path, fail))))
        return false;
    source->channels = 1;
    if (!command_takes_apart(command, source->all, pool_channels))
        return !again || (source->all = second_pass_reader(source->all, fail)) != NULL;
    source->channels = source->all->volume.channels;
    source->all = second_pass_for_clones(source->all, fail);
    if (source->all && source->mask)
        source->mask = second_pass_for_clones(source->mask, fail);
    return source->all && !mask_path == !source->mask;
}

static bool open_source(const struct command *command, struct source *source, const char *path,
                        bool again, struct fail *fail)
{
    struct input input;
    *source = (struct source){.channels = 0};
    if (!input_open(&input, path, fail))
        return false;
    if (!from_path && (command->operand_count < 2 || !is_stats_file(&input, fail)))
        return open_volume(command, source, &input, again, fail);
    if (!(source->file = stats_file_open_input(&input, fail)))
        return false;
    source->channels = stats_file_channels(source->file);
    return true;
}

static void close_source(const struct command *command, struct source *source)
{
    command_close_input(command, source->mask);
    command_close_input(command, source->all);
    stats_file_close(source->file);
}

/* Opens the next channel, number `channel`, or all together. */
static bool open_series(struct series *series, const struct source *source, uint64_t channel,
                        struct fail *fail)
{
    char label[CHANNEL_LABEL_SIZE];
    struct reader *all = source->all, *mask = source->mask;
    bool apart = source->channels > 1;
    summary_init(&series->summary, 0);
    if (apart)
        snprintf(series->name, NAME_SIZE, "%.60s",
                 volume_channel_label(all ? &all->volume : NULL, channel, label));
    if (!all)
        return stats_file_next(source->file, &series->summary, fail);
    series->in = apart ? channel_clone(all, channel, fail) : all;
    if (series->in && mask)
        series->mask = !apart ? mask
                       : mask->volume.channels == source->channels
                           ? channel_clone(mask, channel, fail)
                           : reader_clone(mask, fail);
    return series->in && (!mask || series->mask);
}

static void close_series(struct series *series, const struct source *source)
{
    if (series->in != source->all)
        reader_close(series->in);
    if (series->mask != source->mask)
        reader_close(series->mask);
    summary_free(&series->summary);
    stats_free(&series->result);
}

static bool count_series(struct series *series, const struct stats_request *request, bool again,
                         struct fail *fail)
{
    struct stats_request masked = *request;
    masked.mask = series->mask;
    return series->in
               ? stats_gather(&masked, series->in, again, &series->result, fail)
               : stats_answer(request, &series->summary, series->path, &series->result, fail);
}

/* ---- answers ---- */

static bool print_hist(struct output *to, const struct hist *hist, struct fail *fail)
{
    return json    ? hist_json(to, hist, fail)
           : svg   ? hist_svg(to, hist, 1, logarithmic, fail)
           : ascii ? hist_ascii(to, hist, fail)
                   : hist_table(to, hist, fail);
}

/* Where nearly all samples lie in one column of the drawing, as beside a hot pixel, these alone are
 * drawn. */
static bool look_closer(struct series *series, struct stats_request *request, double central[2],
                        struct fail *fail)
{
    const struct stats_result *result = &series->result;
    central[0] = (double)result->central[0];
    central[1] = (double)result->central[1];
    double width = (double)result->maximum - (double)result->minimum;
    if (!(central[1] - central[0] < width / CLOSER) || central[0] == central[1])
        return true;
    request->range = central;
    stats_free(&series->result);
    return count_series(series, request, false, fail);
}

/* Prints one channel, of several with its name and in JSON as an entry of an array. */
static bool print_channel(struct output *to, const struct source *source, uint64_t channel,
                          struct stats_request request, struct fail *fail)
{
    struct series series = {.path = from_path};
    double central[2];
    char text[256];
    bool apart = source->channels > 1, last = channel + 1 == source->channels;
    struct hist hist = {
        .request = &request, .result = &series.result, .title = title, .logarithmic = logarithmic};
    uint32_t largest;
    request.central = ascii;
    bool ok =
        open_series(&series, source, channel, fail) &&
        count_series(&series, &request, ascii && !range_given && series.in, fail) &&
        (!ascii || range_given || !series.in || look_closer(&series, &request, central, fail));
    if (ok && series.in && volume_labels(&series.in->volume, &largest))
        hist.labels = &largest;
    snprintf(text, sizeof text, "%.150s%s%s", title ? title : "", title ? ", " : "", series.name);
    if (apart)
        hist.title = text;
    ok = ok && (!json || !apart || output_print(to, fail, channel == 0 ? "[" : ",")) &&
         print_hist(to, &hist, fail) && (!json || !apart || !last || output_print(to, fail, "]\n"));
    close_series(&series, source);
    return ok;
}

static struct stats_request wanted(void)
{
    bool drawn = svg || ascii;
    bool histogram = drawn || bins_given || range_given || percentiles.count == 0;
    return (struct stats_request){.moments = json,
                                  .quantiles = percentiles.q,
                                  .quantile_count = percentiles.count,
                                  .bins = histogram ? bins : 0,
                                  .range = range_given ? range : NULL};
}

static bool print_answers(const struct command *command, const struct source *source,
                          struct fail *fail)
{
    struct stats_request request = wanted();
    struct output to;
    if (!output_open_text(&to, command->output, fail))
        return false;
    bool whole = true;
    for (uint64_t c = 0; whole && c < source->channels; c++)
        whole = print_channel(&to, source, c, request, fail);
    return output_close(&to, whole, fail);
}

/* ---- several in one chart ---- */

struct chart {
    struct source sources[CHART_MAX_SERIES];
    struct series series[CHART_MAX_SERIES];
    const struct source *source_of[CHART_MAX_SERIES];
    size_t source_count, count;
};

/* The file's name without its folder and ending. */
static void set_name(char *name, size_t size, const char *path)
{
    snprintf(name, size, "%s", path_name(path));
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
}

/* Adds the channels of a source, and measures their range. path: NULL where there is one source. */
static bool add_series(struct chart *chart, const struct source *source, const char *path,
                       double limits[2], struct fail *fail)
{
    const struct stats_request request = {.bins = 0};
    bool ok = true;
    for (uint64_t c = 0; ok && c < source->channels; c++) {
        struct series *series = &chart->series[chart->count];
        char label[NAME_SIZE], name[NAME_SIZE];
        if (chart->count == CHART_MAX_SERIES)
            return fail_set(fail,
                            "a chart has colours for %d channels: --pool-channels takes those of "
                            "a FILE together",
                            CHART_MAX_SERIES);
        series->path = path ? path : from_path;
        chart->source_of[chart->count++] = source;
        ok = open_series(series, source, c, fail) && count_series(series, &request, true, fail);
        limits[0] = fmin(limits[0], (double)series->result.minimum);
        limits[1] = fmax(limits[1], (double)series->result.maximum);
        stats_free(&series->result);
        if (path) {
            set_name(name, NAME_SIZE, path);
            memcpy(label, series->name, NAME_SIZE);
            snprintf(series->name, NAME_SIZE, "%.40s%s%.20s", name, label[0] ? ", " : "", label);
        }
    }
    return ok;
}

static bool draw_series(const struct command *command, const struct chart *chart,
                        const struct stats_request *request, struct fail *fail)
{
    struct hist hists[CHART_MAX_SERIES];
    struct output to;
    for (size_t i = 0; i < chart->count; i++)
        hists[i] = (struct hist){.request = request,
                                 .result = &chart->series[i].result,
                                 .title = title,
                                 .name = chart->series[i].name};
    return output_open_text(&to, command->output, fail) &&
           output_close(&to, hist_svg(&to, hists, chart->count, logarithmic, fail), fail);
}

/* limits: the range of all. */
static bool count_and_draw(const struct command *command, struct chart *chart, double limits[2],
                           struct fail *fail)
{
    struct stats_request request = {.bins = bins_given ? bins : SERIES_BINS,
                                    .range = range_given ? range : limits};
    bool ok = true;
    if (!(limits[0] <= limits[1]))
        limits[0] = limits[1] = 0;
    for (size_t i = 0; ok && i < chart->count; i++)
        ok = count_series(&chart->series[i], &request, false, fail);
    return ok && draw_series(command, chart, &request, fail);
}

static void close_chart(const struct command *command, struct chart *chart)
{
    for (size_t i = chart->count; i-- > 0;)
        close_series(&chart->series[i], chart->source_of[i]);
    for (size_t i = 0; i < chart->source_count; i++)
        close_source(command, &chart->sources[i]);
}

static bool print_chart(const struct command *command, struct fail *fail)
{
    struct chart chart = {.count = 0};
    double limits[2] = {INFINITY, -INFINITY};
    bool ok = true;
    for (size_t i = 0; ok && i < command->operand_count; i++) {
        struct source *source = &chart.sources[chart.source_count++];
        ok = open_source(command, source, command->operands[i], true, fail) &&
             add_series(&chart, source, command->operands[i], limits, fail);
    }
    ok = ok && count_and_draw(command, &chart, limits, fail);
    close_chart(command, &chart);
    return ok;
}

/* One FILE: a chart of its channels, or what else is asked for. */
static bool print_one(const struct command *command, struct fail *fail)
{
    struct chart chart = {.source_count = 1};
    struct source *source = chart.sources;
    struct stats_request request = wanted();
    double limits[2] = {INFINITY, -INFINITY};
    bool again = request.quantile_count > 0 || (request.bins > 0 && !request.range);
    bool ok =
        open_source(command, source, from_path ? from_path : command_input(command), again, fail);
    if (ok && svg && source->channels > 1)
        ok = (percentiles.count == 0 ||
              fail_set(fail, "-q with --svg is for one channel, or --pool-channels")) &&
             add_series(&chart, source, NULL, limits, fail) &&
             count_and_draw(command, &chart, limits, fail);
    else if (ok)
        ok = print_answers(command, source, fail);
    close_chart(command, &chart);
    return ok;
}

/* ---- main ---- */

/* Returns 0, or the exit status after printing a usage error. */
static int check_usage(const struct command *command)
{
    if (range_given && !histogram_range_fits(range))
        return command_usage_error(command, "--range: LO must not be above HI");
    if (json + svg + ascii > 1)
        return command_usage_error(command, "only one of --json, --svg and --ascii at a time");
    if (mask_path && from_path)
        return command_usage_error(command, "--from has counted all samples: no --mask beside it");
    command_remark_percentiles(command, percentiles.q, percentiles.count);
    if (logarithmic && !svg && !ascii)
        return command_usage_error(command, "--log goes with --svg or --ascii");
    if (svg && command->operand_count > CHART_MAX_SERIES)
        return command_usage_error(command, "a chart has colours for %d FILEs", CHART_MAX_SERIES);
    if (svg && command->operand_count > 1 && (mask_path || from_path || percentiles.count > 0))
        return command_usage_error(command, "--mask, --from and -q are for one FILE");
    if (!svg && command->operand_count > 1)
        return command_usage_error(command, "one operand too many: '%s'; see volhist --help",
                                   command->operands[1]);
    if (from_path && command->operand_count > 0)
        return command_usage_error(command, "--from %s leaves nothing to read from '%s'", from_path,
                                   command->operands[0]);
    return 0;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    int status = check_usage(&command);
    if (status != 0)
        return status;
    struct fail fail = {.text = ""};
    bool whole = svg && command.operand_count > 1 ? print_chart(&command, &fail)
                                                  : print_one(&command, &fail);
    return command_finish(&command, NULL, NULL, whole, &fail);
}
