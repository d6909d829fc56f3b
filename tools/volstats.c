/* volstats - exact statistics of volumes, in files that can be added. The manual is volstats.1. */
#include <inttypes.h>

#include "common/cli/shared_options.h"
#include "common/shape/channel.h"
#include "common/stats/carried.h"
#include "common/stats/file.h"
#include "common/stats/file_words.h"
#include "common/stats/statistics.h"
#include "common/stream/second_pass.h"
#include "format/nrrd/stream.h"

static uint64_t bins = 256;
static double range[2];
static bool bins_given, range_given, merge, partial, pool_channels;
static struct percentiles percentiles;
static const char *refine_path, *values_path, *counts_path;

static const struct option_row options[] = {
    ROW_BINS(&bins, &bins_given),
    ROW_RANGE(range, &range_given,
              "histogram from LO to HI, without samples outside\n(default: minimum to maximum)"),
    ROW_PERCENTILES(&percentiles, "percentiles that the file must be able to tell"),
    ROW_POOL_CHANNELS(&pool_channels),
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
    .format = "text",
    .more = "Example: volstats cells.nrrd -o cells.stats; voleq --stats cells.stats cells.nrrd",
};

static bool asks(void)
{
    return bins_given || range_given || percentiles.count > 0;
}

/* Writes statistics of each channel, which follow one another. */
static bool write_one(struct output *to, uint64_t channel, uint64_t channels,
                      const struct summary *summary, struct fail *fail)
{
    return (channel > 0 || channels == 1 || stats_file_write_channels(to, channels, fail)) &&
           stats_file_write(to, summary, fail);
}

static bool write_sum(const struct command *command, struct output *to, struct fail *fail)
{
    struct stats_sum sum = {.each = NULL};
    bool ok = true;
    for (size_t i = 0; ok && i < command->operand_count; i++)
        ok = stats_sum_add(command->operands[i], &sum, fail);
    ok = ok && stats_sum_end(&sum, partial, fail);
    for (uint64_t c = 0; ok && c < sum.channels; c++)
        ok = write_one(to, c, sum.channels, &sum.each[c], fail);
    stats_sum_free(&sum);
    return ok;
}

/* Whether one volume can be a part of another, as far as their summaries show. */
static bool is_part(const struct summary *part, const struct summary *whole)
{
    bool has_numbers = part->lowest <= part->highest;
    return part->samples <= whole->samples && part->nans <= whole->nans &&
           (!has_numbers || (part->lowest >= whole->lowest && part->highest <= whole->highest));
}

/* Summarizes a volume or one channel. whole: the file of the volume that it is a part of; or NULL.
 */
static bool summarize(struct reader *in, struct stats_file *whole, struct summary *summary,
                      struct fail *fail)
{
    struct stats_request request = {.quantiles = percentiles.q,
                                    .quantile_count = percentiles.count,
                                    .bins = bins_given || range_given ? bins : 0,
                                    .range = range_given ? range : NULL};
    struct summary of_whole;
    if (whole && !stats_file_next(whole, &of_whole, fail))
        return false;
    bool ok = stats_summarize(&request, whole ? &of_whole : NULL, in, summary, fail);
    if (ok && whole && !is_part(summary, &of_whole))
        ok = fail_set(fail, "%s: tells of another volume: %s is not a part of it", refine_path,
                      in->name);
    if (whole)
        summary_free(&of_whole);
    return ok;
}

static bool write_channel(struct reader *all, uint64_t channel, uint64_t channels,
                          struct stats_file *whole, struct output *to, struct fail *fail)
{
    struct summary summary;
    struct reader *in = channels > 1 ? channel_clone(all, channel, fail) : all;
    summary_init(&summary, 0);
    bool ok = in && summarize(in, whole, &summary, fail) &&
              write_one(to, channel, channels, &summary, fail);
    summary_free(&summary);
    if (in != all)
        reader_close(in);
    return ok;
}

/* Opens the volume so that it can be read as often as need be. */
static struct reader *open_volume(const struct command *command, uint64_t *channels,
                                  struct fail *fail)
{
    struct reader *in = nrrd_open(command_input(command), fail);
    bool apart = in && command_takes_apart(command, in, pool_channels);
    *channels = apart ? in->volume.channels : 1;
    return apart                          ? second_pass_for_clones(in, fail)
           : in && !refine_path && asks() ? second_pass_reader(in, fail)
                                          : in;
}

static bool write_summaries(const struct command *command, struct output *to, struct fail *fail)
{
    uint64_t channels = 1;
    struct stats_file *whole = refine_path ? stats_file_open(refine_path, fail) : NULL;
    if (refine_path && !whole)
        return false;
    struct reader *in = open_volume(command, &channels, fail);
    bool ok = in && (!whole || stats_file_channels(whole) == channels ||
                     fail_set(fail,
                              "%s: statistics of %" PRIu64 " channels, but %s is counted as "
                              "%" PRIu64 " (--pool-channels counts all together)",
                              refine_path, stats_file_channels(whole), in->name, channels));
    for (uint64_t c = 0; ok && c < channels; c++)
        ok = write_channel(in, c, channels, whole, to, fail);
    command_close_input(command, in);
    stats_file_close(whole);
    return ok;
}

/* Statistics of values that stand for those of another file. */
static bool write_carried(const struct command *command, struct output *to, struct fail *fail)
{
    struct summary before, after;
    if (!stats_file_read(counts_path, &before, fail))
        return false;
    struct reader *in = nrrd_open(command_input(command), fail);
    summary_init(&after, 0);
    bool ok = in && carried_count(&before, counts_path, in, &after, fail) &&
              stats_file_write(to, &after, fail);
    command_close_input(command, in);
    summary_free(&before);
    summary_free(&after);
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
    struct output to;
    if (!output_open_text(&to, command->output, fail))
        return false;
    bool whole = merge         ? write_sum(command, &to, fail)
                 : counts_path ? write_carried(command, &to, fail)
                               : write_summaries(command, &to, fail);
    return output_close(&to, whole, fail);
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
    if (pool_channels && (merge || values_path || counts_path))
        return command_usage_error(command, "--pool-channels says what is counted in a volume, not "
                                            "with --merge, --values and --counts");
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
