/* volmatch - match the histogram of a volume to that of another, scikit-image's match_histograms.
 * The manual is volmatch.1. */
#include <inttypes.h>

#include "common/cli/effect.h"
#include "common/cli/rows.h"
#include "common/exposure/match.h"
#include "common/stats/file.h"
#include "common/stats/scan.h"
#include "common/stats/statistics.h"
#include "common/stream/second_pass.h"
#include "format/nrrd/stream.h"

static const char *reference_path, *stats_path;

static const struct option_row options[] = {
    OPT_FILE(0, "reference", "FILE", &reference_path, "the volume whose histogram is wanted"),
    OPT_FILE(0, "reference-stats", "FILE", &stats_path, "its statistics instead (volstats)"),
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
    const char *name;
    struct reader *reader; /* NULL: statistics */
    struct summary summary;
    struct value_stream values;
    double window[2]; /* the reference's, or its range */
};

static bool summarize(struct reader *in, struct summary *summary, struct fail *fail)
{
    static const struct stats_request everything = {0};
    return stats_summarize(&everything, NULL, in, summary, fail);
}

static bool read_reference(struct reference *reference, struct fail *fail)
{
    struct summary *summary = &reference->summary;
    struct fail why = {.text = ""};
    reference->name = reference_path ? reference_path : stats_path;
    if (reference_path) {
        reference->reader = nrrd_open_twice(reference_path, fail);
        if (!reference->reader || !summarize(reference->reader, summary, fail))
            return false;
    } else if (!stats_file_read(stats_path, summary, fail)) {
        return false;
    }
    if (!reference->reader || !volume_window(&reference->reader->volume, reference->window)) {
        reference->window[0] = (double)summary_minimum(summary);
        reference->window[1] = (double)summary_maximum(summary);
    }
    if (summary_finite(summary) == 0)
        return fail_set(fail, "%s: all samples are NaN", reference->name);
    return value_stream_init(&reference->values, summary, reference->reader, &why) ||
           fail_prefix(fail, &why, "%s", reference->name);
}

static void free_reference(struct reference *reference)
{
    value_stream_free(&reference->values);
    summary_free(&reference->summary);
    reader_close(reference->reader);
}

/* What is made of the input: it is read through a table, or where it has too many values, another
 * reader gives what was matched. */
struct matched {
    struct reader *in;
    struct summary summary;
    struct value_table table;
    bool by_table;
};

static bool match_few(struct matched *matched, struct reference *reference, struct fail *fail)
{
    bool all_nan = matched->summary.value_count == 0;
    matched->by_table = true;
    return (all_nan ? value_table_init(&matched->table, 1, fail)
                    : match_make(&matched->summary, &reference->values, &matched->table, fail)) &&
           scan_rewind(matched->in, fail);
}

static bool match_many(struct matched *matched, struct reference *reference, struct fail *fail)
{
    struct value_stream values;
    bool ok = value_stream_init(&values, &matched->summary, matched->in, fail);
    if (ok)
        matched->in = match_reader(&values, &reference->values, matched->in, fail);
    value_stream_free(&values);
    return ok && matched->in;
}

static bool match(const struct command *command, struct matched *matched,
                  struct reference *reference, struct fail *fail)
{
    command_remark_slab(command, matched->in);
    if (!summarize(matched->in, &matched->summary, fail))
        return false;
    if (matched->summary.nans > 0)
        command_notice(command, "%s: %" PRIu64 " NaN not counted, passed on", matched->in->name,
                       matched->summary.nans);
    return matched->summary.overflowed ? match_many(matched, reference, fail)
                                       : match_few(matched, reference, fail);
}

static bool write_matched(const struct command *command, struct matched *matched,
                          const struct reference *reference, struct writer **out, struct fail *fail)
{
    struct volume *volume = &matched->in->volume;
    struct filter filter = {.change = matched->by_table ? value_table_span : NULL,
                            .state = &matched->table,
                            .refused = "sample that was not there before"};
    const struct effect effect = {.kind = EFFECT_MAKES, .window = reference->window};
    if (!effect_pass(&effect, command->history, volume, fail))
        return false;
    *out = nrrd_create(command->output, volume, fail);
    return *out && second_pass_run(&filter, matched->in, *out, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (!reference_path == !stats_path)
        return command_usage_error(&command, "one of --reference and --reference-stats is needed");

    struct fail fail = {.text = ""};
    struct reference reference = {.name = NULL};
    struct matched matched = {.in = NULL};
    struct writer *out = NULL;
    bool whole = read_reference(&reference, &fail);
    matched.in = whole ? nrrd_open(command_input(&command), &fail) : NULL;
    matched.in = matched.in ? second_pass_reader(matched.in, &fail) : NULL;
    whole = matched.in && match(&command, &matched, &reference, &fail) &&
            write_matched(&command, &matched, &reference, &out, &fail);
    int status = command_finish(&command, matched.in, out, whole, &fail);
    value_table_free(&matched.table);
    summary_free(&matched.summary);
    free_reference(&reference);
    return status;
}
