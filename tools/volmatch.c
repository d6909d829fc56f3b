/* volmatch - match the histogram of a volume to that of another, scikit-image's match_histograms.
 * The manual is volmatch.1. */
#include <inttypes.h>

#include "common/cli/rows.h"
#include "common/exposure/match.h"
#include "common/stats/file.h"
#include "common/stats/scan.h"
#include "common/stats/statistics.h"
#include "common/volume/second_pass.h"
#include "format/nrrd/stream.h"

static const char *reference_path, *stats_path;

static const struct option_row options[] = {
    OPT_TEXT(0, "reference", "FILE", &reference_path, "the volume whose histogram is wanted"),
    OPT_TEXT(0, "reference-stats", "FILE", &stats_path, "its statistics instead (volhist --stats)"),
    {0},
};

static const struct program program = {
    .name = "volmatch",
    .summary = "Give a volume the histogram of another one.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more = "One of --reference and --reference-stats is needed.\n"
            "Example: volmatch --reference day1.nrrd day2.nrrd | vol2html -o day2.html",
};

/* What the result will look like. */
struct reference {
    struct summary summary;
    double window[2]; /* the reference's, or its range */
};

static bool is_listed(const struct summary *summary, const char *name, struct fail *fail)
{
    return !summary->overflowed ||
           fail_set(fail,
                    "%s: more than %d different values, which can't be matched: match volumes "
                    "before they are filtered, or with 16 bits (vol2tiff --type uint16)",
                    name, DICTIONARY_MAX);
}

static bool summarize(struct reader *in, struct summary *summary, struct fail *fail)
{
    static const struct stats_request everything = {0};
    if (!stats_summarize(&everything, NULL, in, summary, fail))
        return false;
    if (is_listed(summary, in->name, fail))
        return true;
    summary_free(summary);
    return false;
}

static bool has_samples(const struct summary *summary, const char *name, struct fail *fail)
{
    return summary->value_count > 0 || fail_set(fail, "%s: all samples are NaN", name);
}

static bool read_reference(struct reference *reference, struct fail *fail)
{
    struct summary *summary = &reference->summary;
    const char *path = reference_path ? reference_path : stats_path;
    bool given = false;
    if (stats_path) {
        if (!stats_file_read(stats_path, summary, fail) || !is_listed(summary, path, fail))
            return false;
    } else {
        struct reader *in = nrrd_open(reference_path, fail);
        bool ok = in && summarize(in, summary, fail);
        given = ok && volume_window(&in->volume, reference->window);
        reader_close(in);
        if (!ok)
            return false;
    }
    if (!given) {
        reference->window[0] = (double)summary_minimum(summary);
        reference->window[1] = (double)summary_maximum(summary);
    }
    return has_samples(summary, path, fail);
}

static bool make_table(const struct command *command, struct reader *in,
                       const struct reference *reference, struct value_table *table,
                       struct fail *fail)
{
    struct summary source;
    if (!summarize(in, &source, fail))
        return false;
    if (source.nans > 0)
        command_notice(command, "%s: %" PRIu64 " NaN not counted, passed on", in->name,
                       source.nans);
    bool ok = source.value_count == 0 ? value_table_init(table, 1, fail)
                                      : match_make(&source, &reference->summary, table, fail);
    summary_free(&source);
    return ok;
}

static bool write_matched(const struct command *command, struct reader *in,
                          const struct reference *reference, struct writer **out, struct fail *fail)
{
    struct value_table table = {.slots = NULL};
    struct filter filter = {
        .change = value_table_span, .state = &table, .refused = "sample that was not there before"};
    bool whole = make_table(command, in, reference, &table, fail) &&
                 volume_set_window(&in->volume, reference->window, fail) &&
                 volume_add_history(&in->volume, command->history, fail);
    whole = whole && scan_rewind(in, fail);
    *out = whole ? nrrd_create(command->output, &in->volume, fail) : NULL;
    whole = *out && second_pass_run(&filter, in, *out, fail);
    value_table_free(&table);
    return whole;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (!reference_path == !stats_path)
        return command_usage_error(&command, "one of --reference and --reference-stats is needed");

    struct fail fail = {.text = ""};
    struct reference reference = {.summary = {0}};
    struct writer *out = NULL;
    bool ready = read_reference(&reference, &fail);
    struct reader *in = ready ? nrrd_open(command_input(&command), &fail) : NULL;
    in = in ? second_pass_reader(in, &fail) : NULL;
    bool whole = in && write_matched(&command, in, &reference, &out, &fail);
    summary_free(&reference.summary);
    return command_finish(&command, in, out, whole, &fail);
}
