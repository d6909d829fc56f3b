/* volhist - histogram, percentiles and statistics files. The manual is volhist.1. */
#include <stdlib.h>
#include <string.h>

#include "common/option.h"
#include "common/spool.h"
#include "common/stats.h"
#include "format/hist_svg.h"
#include "format/hist_text.h"
#include "format/nrrd.h"
#include "format/stats_file.h"

#define PERCENTILES_MOST 100

struct percentiles {
    double q[PERCENTILES_MOST];
    size_t count;
};

static uint64_t bins = 256;
static double range[2];
static bool bins_given, range_given;
static struct percentiles percentiles;
static bool json, svg, ascii, stats, merge;
static const char *title, *from_path, *refine_path;

static bool parse_percentiles(const char *text, void *value, struct fail *fail)
{
    struct percentiles *list = value;
    size_t count = 1;
    for (const char *c = text; *c != '\0'; c++)
        count += *c == ',';
    bool ok = count <= PERCENTILES_MOST && number_reals(text, list->q, count);
    for (size_t i = 0; ok && i < count; i++)
        ok = list->q[i] >= 0 && list->q[i] <= 100;
    list->count = count;
    return ok || fail_set(fail, "'%s' is no list of at most %d percentiles from 0 to 100", text,
                          PERCENTILES_MOST);
}

static const struct option_row options[] = {
    {.letter = 'b',
     .name = "bins",
     .argument = "N",
     .kind = OPTION_COUNT,
     .low = 1,
     .high = HISTOGRAM_MOST_BINS,
     .value = &bins,
     .given = &bins_given,
     .help = "bins of the histogram (default 256)"},
    {.letter = 'r',
     .name = "range",
     .argument = "LO,HI",
     .kind = OPTION_REALS,
     .count = 2,
     .low = -HISTOGRAM_LIMIT,
     .high = HISTOGRAM_LIMIT,
     .value = range,
     .given = &range_given,
     .help = "from LO to HI; samples outside are left out\n"
             "(default: minimum to maximum)"},
    {.letter = 'q',
     .name = "percentiles",
     .argument = "Q,...",
     .kind = OPTION_PARSED,
     .parse = parse_percentiles,
     .value = &percentiles,
     .help = "these percentiles; without -b and -r instead of a\nhistogram"},
    {.name = "json", .value = &json, .help = "print JSON, with mean and variance"},
    {.name = "svg", .value = &svg, .help = "draw histogram and cumulative distribution"},
    {.name = "ascii", .value = &ascii, .help = "draw the histogram for a terminal"},
    {.name = "title",
     .argument = "TEXT",
     .kind = OPTION_TEXT,
     .value = &title,
     .help = "title of the drawing"},
    {.name = "stats", .value = &stats, .help = "write a statistics file"},
    {.name = "refine",
     .argument = "STATS",
     .kind = OPTION_TEXT,
     .value = &refine_path,
     .help = "with --stats: FILE is a part of the volume that STATS\n"
             "tells of; count what -b, -r and -q ask of the whole"},
    {.name = "merge",
     .value = &merge,
     .help = "FILEs are statistics files of a volume's parts: write\nthat of the whole"},
    {.name = "from",
     .argument = "STATS",
     .kind = OPTION_TEXT,
     .value = &from_path,
     .help = "answer from a statistics file instead of a volume"},
    {0},
};

static const struct program program = {
    .name = "volhist",
    .summary = "Histogram, percentiles and exact statistics of a volume.",
    .operands = "[FILE]...",
    .options = options,
    .more = "Example: tiff2vol cells.tif | volhist -b 64 --ascii",
};

/* What -b, -r and -q ask; a histogram also where nothing is asked. */
static struct stats_want asked(bool by_default)
{
    bool histogram = bins_given || range_given || (by_default && percentiles.count == 0);
    return (struct stats_want){.moments = json,
                               .quantiles = percentiles.q,
                               .quantile_count = percentiles.count,
                               .bins = histogram ? bins : 0,
                               .range = range_given ? range : NULL};
}

static struct reader *open_volume(const struct command *command, bool twice, struct fail *fail)
{
    struct reader *in = nrrd_open(command_input(command), fail);
    return in && twice ? spool_reader(in, fail) : in;
}

/* ---- statistics files ---- */

static bool sum_files(const struct command *command, struct summary *sum, struct fail *fail)
{
    bool ok = stats_file_begin_sum(sum, fail);
    for (size_t i = 0; ok && i < command->operand_count; i++)
        ok = stats_file_add(command->operands[i], sum, fail);
    return ok;
}

/* Whether a volume that was summarized can be a part of the whole. */
static bool is_part(const struct summary *part, const struct summary *whole)
{
    bool has_numbers = part->lowest <= part->highest;
    return part->samples <= whole->samples && part->nans <= whole->nans &&
           (!has_numbers || (part->lowest >= whole->lowest && part->highest <= whole->highest));
}

static bool summarize(const struct command *command, struct summary *summary, struct fail *fail)
{
    struct stats_want want = asked(false);
    struct summary guide = {.samples = 0};
    if (refine_path && !stats_file_read(refine_path, &guide, fail))
        return false;
    bool twice = !refine_path && (want.bins > 0 || want.quantile_count > 0);
    struct reader *in = open_volume(command, twice, fail);
    bool ok = in && stats_summarize(&want, refine_path ? &guide : NULL, in, summary, fail);
    if (ok && refine_path && !is_part(summary, &guide))
        ok = fail_set(fail, "%s: tells of another volume: %s is no part of it", refine_path,
                      in->name);
    reader_close(in);
    if (refine_path)
        summary_free(&guide);
    return ok;
}

static bool write_stats(const struct command *command, struct fail *fail)
{
    struct summary summary;
    summary_init(&summary, 0);
    bool ok = merge ? sum_files(command, &summary, fail) : summarize(command, &summary, fail);
    struct output to;
    if (ok && (ok = output_open_text(&to, command->output, fail)))
        ok = output_close(&to, stats_file_write(&to, &summary, fail), fail);
    summary_free(&summary);
    return ok;
}

/* ---- answers ---- */

static bool find_answer(const struct command *command, const struct stats_want *want,
                        struct stats_have *have, struct fail *fail)
{
    struct summary summary;
    if (!from_path) {
        bool twice = want->quantile_count > 0 || (want->bins > 0 && !want->range);
        struct reader *in = open_volume(command, twice, fail);
        bool ok = in && stats_gather(want, in, false, have, fail);
        reader_close(in);
        return ok;
    }
    if (!stats_file_read(from_path, &summary, fail))
        return false;
    bool ok = stats_answer(want, &summary, from_path, have, fail);
    summary_free(&summary);
    return ok;
}

static bool print_answer(const struct command *command, struct fail *fail)
{
    bool drawn = svg || ascii;
    struct stats_want want = asked(true);
    if (drawn)
        want.bins = bins;
    struct stats_have have = {0};
    struct hist hist = {.want = &want, .have = &have, .title = title};
    struct output to;
    if (!find_answer(command, &want, &have, fail))
        return false;
    bool ok = output_open_text(&to, command->output, fail);
    if (ok) {
        bool whole = json    ? hist_json(&to, &hist, fail)
                     : svg   ? hist_svg(&to, &hist, fail)
                     : ascii ? hist_ascii(&to, &hist, fail)
                             : hist_table(&to, &hist, fail);
        ok = output_close(&to, whole, fail);
    }
    stats_free(&have);
    return ok;
}

/* ---- main ---- */

/* 0, or the status of a usage error. */
static int check_usage(const struct command *command)
{
    bool answers = json || svg || ascii;
    if (range_given && !histogram_range_fits(range))
        return command_misuse(command, "--range: LO must not be above HI");
    if (json + svg + ascii > 1)
        return command_misuse(command, "only one of --json, --svg and --ascii at a time");
    if (stats + merge + (from_path != NULL) > 1)
        return command_misuse(command, "only one of --stats, --merge and --from at a time");
    if (refine_path && !stats)
        return command_misuse(command, "--refine goes with --stats");
    if ((stats || merge) && answers)
        return command_misuse(command, "%s writes a statistics file; --from prints what is in one",
                              merge ? "--merge" : "--stats");
    if (merge && (bins_given || range_given || percentiles.count > 0))
        return command_misuse(command, "--merge adds files as they are, without -b, -r and -q");
    if (merge && command->operand_count == 0)
        return command_misuse(command, "--merge needs the statistics files to add");
    if (!merge && command->operand_count > 1)
        return command_misuse(command, "one operand too many: '%s'; see volhist --help",
                              command->operands[1]);
    if (from_path && command->operand_count > 0)
        return command_misuse(command, "--from %s leaves nothing to read from '%s'", from_path,
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
    struct fail fail = {{0}};
    bool whole = stats || merge ? write_stats(&command, &fail) : print_answer(&command, &fail);
    return command_finish(&command, NULL, NULL, whole, &fail);
}
