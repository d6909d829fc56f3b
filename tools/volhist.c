/* volhist - histogram, percentiles and statistics files. The manual is volhist.1. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/rows.h"
#include "common/io/input.h"
#include "common/stats/carried.h"
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

struct percentiles {
    double q[MAX_PERCENTILES];
    size_t count;
};

static uint64_t bins = 256;
static double range[2];
static bool bins_given, range_given;
static struct percentiles percentiles;
static bool json, svg, ascii, stats, merge, partial, logarithmic;
static const char *title, *from_path, *refine_path, *guide_path, *mask_path, *list_path,
    *values_path, *counts_path;

static bool parse_percentiles(const char *text, void *value, struct fail *fail)
{
    struct percentiles *list = value;
    size_t count = 1;
    for (const char *c = text; *c != '\0'; c++)
        count += *c == ',';
    bool ok = count <= MAX_PERCENTILES && number_reals(text, list->q, count);
    for (size_t i = 0; ok && i < count; i++)
        ok = list->q[i] >= 0 && list->q[i] <= 100;
    list->count = count;
    return ok || fail_set(fail, "'%s' is no list of at most %d percentiles from 0 to 100", text,
                          MAX_PERCENTILES);
}

static const struct option_row options[] = {
    ROW_BINS(&bins, &bins_given),
    ROW_RANGE(range, &range_given,
              "histogram from LO to HI, without samples outside\n(default: minimum to maximum)"),
    OPT_PARSED('q', "percentiles", "Q,...", parse_percentiles, &percentiles,
               "print these percentiles; without -b and -r no histogram"),
    ROW_MASK(&mask_path),
    OPT_FLAG(0, "json", &json, "print JSON, with mean and variance"),
    OPT_FLAG(0, "svg", &svg,
             "draw histogram and cumulative distribution; of several\n"
             "FILEs, volumes or statistics, on the same axes"),
    OPT_FLAG(0, "log", &logarithmic, "with --svg: counts on a logarithmic axis"),
    OPT_FLAG(0, "ascii", &ascii, "draw the histogram for a terminal"),
    ROW_TITLE(&title, "title of the drawing"),
    OPT_FLAG(0, "stats", &stats, "write a statistics file"),
    OPT_FILE(0, "refine", "STATS", &refine_path,
             "with --stats: FILE is a part of the volume of STATS; count\n"
             "what -b, -r and -q need for the whole volume"),
    OPT_FILE(0, "guide", "STATS", &guide_path,
             "with --stats: count what -b, -r and -q need if FILE is like\n"
             "the volume of STATS, such as some of its planes"),
    OPT_FLAG(0, "merge", &merge, "add FILEs, statistics files of the parts of a volume",
             .no_volume = true),
    OPT_FILE(0, "list", "FILE", &list_path,
             "with --merge: their names, a line each (- for standard input)"),
    OPT_FLAG(0, "partial", &partial, "with --merge: although slabs of the volume are missing"),
    OPT_FILE(0, "values", "STATS", &values_path,
             "write a volume of the values that STATS lists, each once, to\nsend through "
             "programs",
             .no_volume = true),
    OPT_FILE(0, "counts", "STATS", &counts_path,
             "with --stats: FILE is what became of the values of STATS;\ncount them as often as "
             "it does"),
    OPT_FILE(0, "from", "STATS", &from_path, "use a statistics file instead of a volume",
             .no_volume = true),
    {0},
};

static const struct program program = {
    .name = "volhist",
    .summary = "Histogram, percentiles and exact statistics of a volume.",
    .operands = "[FILE]...",
    .options = options,
    .more = "Example: tiff2vol cells.tif | volhist -b 64 --ascii",
};

/* What -b, -r and -q ask for; without them nothing, or a histogram if by_default. */
static struct stats_request make_request(bool by_default)
{
    bool histogram = bins_given || range_given || (by_default && percentiles.count == 0);
    return (struct stats_request){.moments = json,
                                  .quantiles = percentiles.q,
                                  .quantile_count = percentiles.count,
                                  .bins = histogram ? bins : 0,
                                  .range = range_given ? range : NULL};
}

static struct reader *open_volume(const struct command *command, bool twice, struct fail *fail)
{
    struct reader *in = nrrd_open(command_input(command), fail);
    return in && twice ? second_pass_reader(in, fail) : in;
}

/* ---- statistics files ---- */

#define NAME_MAX_SIZE 4096 /* of a file in a list; no system opens a longer one */

/* The next line of a list that is not empty. OUTCOME_CANNOT: there is none. */
static enum outcome next_name(struct input *list, char name[NAME_MAX_SIZE], struct fail *fail)
{
    size_t n = 0;
    int byte;
    while ((byte = input_byte(list, fail)) >= 0 && !(byte == '\n' && n > 0)) {
        if (byte != '\n')
            name[n++] = (char)byte;
        if (n == NAME_MAX_SIZE) {
            fail_set(fail, "%s: a name of more than %d bytes", list->name, NAME_MAX_SIZE - 1);
            return OUTCOME_FAILED;
        }
    }
    name[n] = '\0';
    return byte < 0 && byte != INPUT_END ? OUTCOME_FAILED : n > 0 ? OUTCOME_DONE : OUTCOME_CANNOT;
}

/* Adds the files whose names are the lines of another one. */
static bool sum_listed(struct summary *sum, struct fail *fail)
{
    struct input list;
    char name[NAME_MAX_SIZE];
    enum outcome outcome;
    if (!input_open(&list, list_path, fail))
        return false;
    while ((outcome = next_name(&list, name, fail)) == OUTCOME_DONE)
        if (!stats_file_add(name, sum, fail)) {
            outcome = OUTCOME_FAILED;
            break;
        }
    input_close(&list);
    return outcome == OUTCOME_CANNOT;
}

static bool sum_files(const struct command *command, struct summary *sum, struct fail *fail)
{
    bool ok = stats_file_begin_sum(sum, fail);
    for (size_t i = 0; ok && i < command->operand_count; i++)
        ok = stats_file_add(command->operands[i], sum, fail);
    if (ok && list_path)
        ok = sum_listed(sum, fail);
    if (ok && sum->samples == 0) /* no file has none */
        return fail_set(fail, "%s: names no statistics file", list_path);
    return ok && stats_file_end_sum(sum, partial, fail);
}

/* Whether one volume can be a part of another, as far as their summaries show. */
static bool is_part(const struct summary *part, const struct summary *whole)
{
    bool has_numbers = part->lowest <= part->highest;
    return part->samples <= whole->samples && part->nans <= whole->nans &&
           (!has_numbers || (part->lowest >= whole->lowest && part->highest <= whole->highest));
}

static bool summarize(const struct command *command, struct summary *summary, struct fail *fail)
{
    struct stats_request request = make_request(false);
    struct summary whole = {.samples = 0};
    const char *path = refine_path ? refine_path : guide_path;
    request.guided = guide_path != NULL;
    if (path && !stats_file_read(path, &whole, fail))
        return false;
    bool twice = !path && (request.bins > 0 || request.quantile_count > 0);
    struct reader *in = open_volume(command, twice, fail);
    bool ok = in && stats_summarize(&request, path ? &whole : NULL, in, summary, fail);
    if (ok && refine_path && !is_part(summary, &whole))
        ok = fail_set(fail, "%s: tells of another volume: %s is no part of it", refine_path,
                      in->name);
    if (ok && guide_path && summary->overflowed && !whole.overflowed)
        command_notice(command, "%s: of so few samples that it is no guide", guide_path);
    command_close_input(command, in);
    if (path)
        summary_free(&whole);
    return ok;
}

/* Statistics of values that stand for those of another file. */
static bool carry(const struct command *command, struct summary *summary, struct fail *fail)
{
    struct summary before;
    if (!stats_file_read(counts_path, &before, fail))
        return false;
    struct reader *in = open_volume(command, false, fail);
    bool ok = in && carried_count(&before, counts_path, in, summary, fail);
    command_close_input(command, in);
    summary_free(&before);
    return ok;
}

static bool write_values(const struct command *command, struct fail *fail)
{
    struct summary summary;
    struct volume volume = {.key_values = NULL};
    if (!stats_file_read(values_path, &summary, fail))
        return false;
    bool ok = carried_volume(&summary, values_path, &volume, fail);
    struct writer *out = ok ? nrrd_create(command->output, &volume, fail) : NULL;
    ok = out && carried_write(&summary, out, fail);
    ok = writer_close(out, ok, fail) && ok;
    volume_free(&volume);
    summary_free(&summary);
    return ok;
}

static bool write_stats(const struct command *command, struct fail *fail)
{
    struct summary summary;
    summary_init(&summary, 0);
    bool ok = merge         ? sum_files(command, &summary, fail)
              : counts_path ? carry(command, &summary, fail)
                            : summarize(command, &summary, fail);
    struct output to;
    if (ok && (ok = output_open_text(&to, command->output, fail)))
        ok = output_close(&to, stats_file_write(&to, &summary, fail), fail);
    summary_free(&summary);
    return ok;
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
    struct stats_request request = make_request(true);
    if (drawn)
        request.bins = bins;
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

static bool count_series(struct series *series, const struct stats_request *request,
                         struct fail *fail)
{
    return series->in
               ? stats_gather(request, series->in, false, &series->result, fail)
               : stats_answer(request, &series->summary, series->path, &series->result, fail);
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
    for (size_t i = 0; ok && i < command->operand_count; i++)
        ok = count_series(&series[i], &request, fail);
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
    bool answers = json || svg || ascii;
    if (range_given && !histogram_range_fits(range))
        return command_usage_error(command, "--range: LO must not be above HI");
    if (json + svg + ascii > 1)
        return command_usage_error(command, "only one of --json, --svg and --ascii at a time");
    if (stats + merge + (from_path != NULL) + (values_path != NULL) > 1)
        return command_usage_error(command,
                                   "only one of --stats, --merge, --from and --values at a time");
    if (counts_path && (!stats || refine_path || guide_path))
        return command_usage_error(command, "--counts goes with --stats, and without --refine and "
                                            "--guide");
    if (counts_path && (bins_given || range_given || percentiles.count > 0))
        return command_usage_error(command, "--counts needs no -b, -r and -q: everything follows "
                                            "from the values");
    if ((refine_path || guide_path) && !stats)
        return command_usage_error(command, "--%s goes with --stats",
                                   refine_path ? "refine" : "guide");
    if (refine_path && guide_path)
        return command_usage_error(command, "only one of --refine and --guide at a time");
    if (guide_path && !bins_given && !range_given && percentiles.count == 0)
        return command_usage_error(command, "--guide goes with -q, -b or -r");
    if ((stats || merge) && answers)
        return command_usage_error(command,
                                   "%s writes a statistics file; --from prints what is in one",
                                   merge ? "--merge" : "--stats");
    if (mask_path && (stats || merge || from_path))
        return command_usage_error(command, "--mask goes with a volume of which statistics are "
                                            "printed, not with statistics files");
    command_remark_percentiles(command, percentiles.q, percentiles.count);
    if (merge && (bins_given || range_given || percentiles.count > 0))
        return command_usage_error(command,
                                   "--merge adds files as they are, without -b, -r and -q");
    if ((partial || list_path) && !merge)
        return command_usage_error(command, "--%s goes with --merge", partial ? "partial" : "list");
    if (merge && command->operand_count == 0 && !list_path)
        return command_usage_error(command, "--merge needs the statistics files to add");
    if (logarithmic && !svg)
        return command_usage_error(command, "--log goes with --svg");
    if (svg && command->operand_count > CHART_MAX_SERIES)
        return command_usage_error(command, "a chart has colours for %d FILEs", CHART_MAX_SERIES);
    if (svg && command->operand_count > 1 && (mask_path || from_path || percentiles.count > 0))
        return command_usage_error(command, "--mask, --from and -q are for one FILE");
    if (!merge && !svg && command->operand_count > 1)
        return command_usage_error(command, "one operand too many: '%s'; see volhist --help",
                                   command->operands[1]);
    if ((from_path || values_path) && command->operand_count > 0)
        return command_usage_error(command, "--%s %s leaves nothing to read from '%s'",
                                   from_path ? "from" : "values",
                                   from_path ? from_path : values_path, command->operands[0]);
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
    bool whole = values_path                        ? write_values(&command, &fail)
                 : stats || merge                   ? write_stats(&command, &fail)
                 : svg && command.operand_count > 1 ? print_chart(&command, &fail)
                                                    : print_answer(&command, &fail);
    return command_finish(&command, NULL, NULL, whole, &fail);
}
