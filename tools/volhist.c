/* volhist - histogram and percentiles of volumes or statistics files. The manual is volhist.1. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/shared_options.h"
#include "common/io/input.h"
#include "common/stats/file.h"
#include "common/stats/file_words.h"
#include "common/stats/statistics.h"
#include "common/stream/second_pass.h"
#include "format/chart/svg.h"
#include "format/chart/text.h"
#include "format/nrrd/stream.h"

#define MAX_PERCENTILES 100
#define SERIES_BINS 64 /* lines with many empty bins hide one another */
#define NAME_SIZE 64   /* of a series in a legend */

static uint64_t bins = 256;
static double range[2];
static bool bins_given, range_given;
static struct percentiles percentiles;
static bool json, svg, ascii, logarithmic;
static const char *title, *from_path, *mask_path;

static const struct option_row options[] = {
    ROW_BINS(&bins, &bins_given),
    ROW_RANGE(range, &range_given,
              "histogram from LO to HI, without samples outside\n(default: minimum to maximum)"),
    ROW_PERCENTILES(&percentiles, "print these percentiles; without -b and -r no histogram"),
    ROW_MASK(&mask_path),
    OPT_FLAG(0, "json", &json, "print JSON, with mean and variance"),
    OPT_FLAG(0, "svg", &svg,
             "draw histogram and cumulative distribution; of several\n"
             "FILEs, volumes or statistics, on the same axes"),
    OPT_FLAG(0, "log", &logarithmic, "with --svg: counts on a logarithmic axis"),
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

static struct reader *open_volume(const struct command *command, bool twice, struct fail *fail)
{
    struct reader *in = nrrd_open(command_input(command), fail);
    return in && twice ? second_pass_reader(in, fail) : in;
}

/* ---- answers ---- */

static bool find_answer(const struct command *command, const struct stats_request *request,
                        struct stats_result *result, struct fail *fail)
{
    struct summary summary;
    if (!from_path) {
        bool twice = request->quantile_count > 0 || (request->bins > 0 && !request->range);
        struct stats_request masked = *request;
        struct reader *in = open_volume(command, twice, fail);
        bool ok = in && (!mask_path || (masked.mask = nrrd_open_twice(mask_path, fail))) &&
                  stats_gather(&masked, in, false, result, fail);
        command_close_input(command, masked.mask);
        command_close_input(command, in);
        return ok;
    }
    if (!stats_file_read(from_path, &summary, fail))
        return false;
    bool ok = stats_answer(request, &summary, from_path, result, fail);
    summary_free(&summary);
    return ok;
}

static bool print_answer(const struct command *command, struct fail *fail)
{
    bool drawn = svg || ascii;
    bool histogram = drawn || bins_given || range_given || percentiles.count == 0;
    struct stats_request request = {.moments = json,
                                    .quantiles = percentiles.q,
                                    .quantile_count = percentiles.count,
                                    .bins = histogram ? bins : 0,
                                    .range = range_given ? range : NULL};
    struct stats_result result = {0};
    struct hist hist = {.request = &request, .result = &result, .title = title};
    struct output to;
    if (!find_answer(command, &request, &result, fail))
        return false;
    bool ok = output_open_text(&to, command->output, fail);
    if (ok) {
        bool whole = json    ? hist_json(&to, &hist, fail)
                     : svg   ? hist_svg(&to, &hist, 1, logarithmic, fail)
                     : ascii ? hist_ascii(&to, &hist, fail)
                             : hist_table(&to, &hist, fail);
        ok = output_close(&to, whole, fail);
    }
    stats_free(&result);
    return ok;
}

/* ---- several in one chart ---- */

struct series {
    const char *path;
    struct reader *in;      /* a volume; or NULL */
    struct summary summary; /* of a statistics file */
    struct stats_result result;
};

static bool open_series_volume(struct series *series, struct input *input, struct fail *fail)
{
    series->in = nrrd_open_input(input, fail);
    if (series->in)
        series->in = second_pass_reader(series->in, fail);
    return series->in != NULL;
}

/* Opens a volume, or reads a statistics file, and measures its range. */
static bool open_series(struct series *series, double limits[2], struct fail *fail)
{
    const struct stats_request request = {.bins = 0};
    struct input input;
    char first[4] = "";
    if (!input_open(&input, series->path, fail))
        return false;
    bool is_stats = input_peek(&input, first, sizeof first, fail) == sizeof first &&
                    memcmp(first, STATS_FIRST_LINE, sizeof first) == 0;
    bool ok = is_stats ? stats_file_read_input(&input, &series->summary, fail)
                       : open_series_volume(series, &input, fail);
    ok = ok &&
         (is_stats ? stats_answer(&request, &series->summary, series->path, &series->result, fail)
                   : stats_gather(&request, series->in, true, &series->result, fail));
    limits[0] = fmin(limits[0], (double)series->result.minimum);
    limits[1] = fmax(limits[1], (double)series->result.maximum);
    stats_free(&series->result);
    return ok;
}

/* The file's name without its folder and ending. */
static void set_name(char *name, size_t size, const char *path)
{
    const char *slash = strrchr(path, '/');
    snprintf(name, size, "%s", slash && slash[1] ? slash + 1 : path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
}

static bool draw_series(const struct command *command, struct series *series,
                        const struct stats_request *request, struct fail *fail)
{
    struct hist hists[CHART_MAX_SERIES];
    char names[CHART_MAX_SERIES][NAME_SIZE];
    size_t count = command->operand_count;
    struct output to;
    for (size_t i = 0; i < count; i++) {
        set_name(names[i], NAME_SIZE, series[i].path);
        hists[i] = (struct hist){
            .request = request, .result = &series[i].result, .title = title, .name = names[i]};
    }
    return output_open_text(&to, command->output, fail) &&
           output_close(&to, hist_svg(&to, hists, count, logarithmic, fail), fail);
}

static bool print_chart(const struct command *command, struct fail *fail)
{
    struct series series[CHART_MAX_SERIES] = {{.path = NULL}};
    double limits[2] = {INFINITY, -INFINITY};
    struct stats_request request = {.bins = bins_given ? bins : SERIES_BINS,
                                    .range = range_given ? range : limits};
    bool ok = true;
    for (size_t i = 0; ok && i < command->operand_count; i++) {
        series[i].path = command->operands[i];
        summary_init(&series[i].summary, 0);
        ok = open_series(&series[i], limits, fail);
    }
    if (!(limits[0] <= limits[1]))
        limits[0] = limits[1] = 0;
    for (struct series *each = series; ok && each < series + command->operand_count; each++)
        ok = each->in ? stats_gather(&request, each->in, false, &each->result, fail)
                      : stats_answer(&request, &each->summary, each->path, &each->result, fail);
    ok = ok && draw_series(command, series, &request, fail);
    for (size_t i = 0; i < command->operand_count; i++) {
        command_close_input(command, series[i].in);
        stats_free(&series[i].result);
        if (series[i].path)
            summary_free(&series[i].summary);
    }
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
    if (logarithmic && !svg)
        return command_usage_error(command, "--log goes with --svg");
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
                                                  : print_answer(&command, &fail);
    return command_finish(&command, NULL, NULL, whole, &fail);
}
