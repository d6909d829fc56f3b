/* volstats - exact statistics of volumes, in files that can be added. The manual is volstats.1. */
#include "common/cli/rows.h"
#include "common/stats/carried.h"
#include "common/stats/file.h"
#include "common/stats/file_words.h"
#include "common/stats/statistics.h"
#include "common/stream/second_pass.h"
#include "format/nrrd/stream.h"

static uint64_t bins = 256;
static double range[2];
static bool bins_given, range_given, merge, partial;
static struct percentiles percentiles;
static const char *refine_path, *values_path, *counts_path;

static const struct option_row options[] = {
    ROW_BINS(&bins, &bins_given),
    ROW_RANGE(range, &range_given,
              "histogram from LO to HI, without samples outside\n(default: minimum to maximum)"),
    ROW_PERCENTILES(&percentiles, "percentiles that the file must be able to tell"),
    OPT_FLAG(0, "merge", &merge, "add FILEs, statistics files of the parts of a volume",
             .no_volume = true),
    OPT_FLAG(0, "partial", &partial, "with --merge: although slabs of the volume are missing"),
    OPT_FILE(0, "refine", "STATS", &refine_path,
             "FILE is a part of the volume of STATS; count what -b, -r\n"
             "and -q need for the whole volume"),
    OPT_FILE(0, "values", "STATS", &values_path,
             "write a volume of the values that STATS lists, each once, to\nsend through "
             "programs",
             .no_volume = true),
    OPT_FILE(0, "counts", "STATS", &counts_path,
             "FILE is what became of the values of STATS; count them as\noften as it does"),
    {0},
};

static const struct program program = {
    .name = "volstats",
    .summary = "Write exact statistics of a volume to a file, which other programs read.",
    .operands = "[FILE]...",
    .options = options,
    .more = "Example: volstats cells.nrrd -o cells.stats; voleq --stats cells.stats cells.nrrd",
};

static bool asks(void)
{
    return bins_given || range_given || percentiles.count > 0;
}

static bool sum_files(const struct command *command, struct summary *sum, struct fail *fail)
{
    bool ok = stats_file_begin_sum(sum, fail);
    for (size_t i = 0; ok && i < command->operand_count; i++)
        ok = stats_file_add(command->operands[i], sum, fail);
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
    struct stats_request request = {.quantiles = percentiles.q,
                                    .quantile_count = percentiles.count,
                                    .bins = bins_given || range_given ? bins : 0,
                                    .range = range_given ? range : NULL};
    struct summary whole;
    if (refine_path && !stats_file_read(refine_path, &whole, fail))
        return false;
    struct reader *in = nrrd_open(command_input(command), fail);
    if (in && !refine_path && asks())
        in = second_pass_reader(in, fail);
    bool ok = in && stats_summarize(&request, refine_path ? &whole : NULL, in, summary, fail);
    if (ok && refine_path && !is_part(summary, &whole))
        ok = fail_set(fail, "%s: tells of another volume: %s is not a part of it", refine_path,
                      in->name);
    command_close_input(command, in);
    if (refine_path)
        summary_free(&whole);
    return ok;
}

/* Statistics of values that stand for those of another file. */
static bool carry(const struct command *command, struct summary *summary, struct fail *fail)
{
    struct summary before;
    if (!stats_file_read(counts_path, &before, fail))
        return false;
    struct reader *in = nrrd_open(command_input(command), fail);
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

/* Returns 0, or the exit status after printing a usage error. */
static int check_usage(const struct command *command)
{
    if (merge + (refine_path != NULL) + (values_path != NULL) + (counts_path != NULL) > 1)
        return command_usage_error(
            command, "only one of --merge, --refine, --values and --counts at a time");
    if (range_given && !histogram_range_fits(range))
        return command_usage_error(command, "--range: LO must not be above HI");
    if ((merge || values_path || counts_path) && asks())
        return command_usage_error(command, "-b, -r and -q say what is counted in a volume, not "
                                            "with --merge, --values and --counts");
    command_remark_percentiles(command, percentiles.q, percentiles.count);
    if (partial && !merge)
        return command_usage_error(command, "--partial goes with --merge");
    if (merge && command->operand_count == 0)
        return command_usage_error(command, "--merge needs the statistics files to add");
    if (values_path && command->operand_count > 0)
        return command_usage_error(command, "--values %s leaves nothing to read from '%s'",
                                   values_path, command->operands[0]);
    if (!merge && command->operand_count > 1)
        return command_usage_error(command, "one operand too many: '%s'; see volstats --help",
                                   command->operands[1]);
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
    bool whole = values_path ? write_values(&command, &fail) : write_stats(&command, &fail);
    return command_finish(&command, NULL, NULL, whole, &fail);
}
