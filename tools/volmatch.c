/* volmatch - match the histogram of a volume to that of another, scikit-image's match_histograms.
 * The manual is volmatch.1. */
#include <inttypes.h>

#include "common/cli/effect.h"
#include "common/cli/shared_options.h"
#include "common/exposure/match.h"
#include "common/stats/file.h"
#include "common/stats/scan.h"
#include "common/stats/statistics.h"
#include "common/stream/mask.h"
#include "common/stream/second_pass.h"
#include "format/nrrd/stream.h"

static const char *reference_path, *stats_path, *mask_path, *reference_mask_path;

static const struct option_row options[] = {
    OPT_FILE(0, "reference", "FILE", &reference_path, "the volume whose histogram is wanted"),
    OPT_FILE(0, "reference-stats", "FILE", &stats_path, "its statistics instead (volstats)"),
    ROW_MASK(&mask_path),
    OPT_FILE(0, "reference-mask", "FILE", &reference_mask_path, "the same for the reference"),
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

/* A volume that can be read again, or statistics of one. */
struct side {
    const char *name;
    struct reader *in;            /* NULL: statistics */
    struct reader *mask, *masked; /* `in` with NaN outside of the mask; NULL: there is none */
    struct summary summary;
    struct value_stream values;
};

static bool open_side(struct side *side, struct reader *in, const char *mask, struct fail *fail)
{
    side->in = in ? second_pass_reader(in, fail) : NULL;
    if (!side->in || !mask)
        return side->in;
    side->mask = nrrd_open_twice(mask, fail);
    side->masked = side->mask ? mask_reader(side->in, side->mask, fail) : NULL;
    return side->masked;
}

/* What is counted. */
static struct reader *samples_of(const struct side *side)
{
    return side->masked ? side->masked : side->in;
}

static bool summarize(struct side *side, struct fail *fail)
{
    static const struct stats_request everything = {0};
    struct summary *summary = &side->summary;
    if (!stats_summarize(&everything, NULL, samples_of(side), summary, fail))
        return false;
    if (!side->masked)
        return true;
    summary->nans -= mask_left_out(side->masked);
    summary->samples -= mask_left_out(side->masked);
    return summary->samples > 0 ||
           fail_set(fail, "%s: leaves no sample to count", side->mask->name);
}

static void close_side(const struct command *command, struct side *side)
{
    value_stream_free(&side->values);
    summary_free(&side->summary);
    reader_close(side->masked);
    command_close_input(command, side->mask);
    command_close_input(command, side->in);
    *side = (struct side){.name = NULL};
}

static bool read_reference(struct side *reference, struct fail *fail)
{
    struct fail why = {.text = ""};
    reference->name = reference_path ? reference_path : stats_path;
    bool ok = reference_path ? open_side(reference, nrrd_open(reference_path, fail),
                                         reference_mask_path, fail) &&
                                   summarize(reference, fail)
                             : stats_file_read(stats_path, &reference->summary, fail);
    if (!ok)
        return false;
    if (summary_finite(&reference->summary) == 0)
        return fail_set(fail, "%s: all samples are NaN", reference->name);
    return value_stream_init(&reference->values, &reference->summary, samples_of(reference),
                             &why) ||
           fail_prefix(fail, &why, "%s", reference->name);
}

/* The reference's, or its range. */
static void reference_window(const struct side *reference, double window[2])
{
    if (reference->in && volume_window(&reference->in->volume, window))
        return;
    window[0] = (double)summary_minimum(&reference->summary);
    window[1] = (double)summary_maximum(&reference->summary);
}

/* Finds what each value of the input becomes: by the table, or where it has too many values, in its
 * partitions. */
static bool match(struct side *side, struct side *reference, struct match_table *table,
                  struct fail *fail)
{
    if (side->summary.overflowed)
        return value_stream_init(&side->values, &side->summary, samples_of(side), fail) &&
               match_values(&side->values, &reference->values, fail);
    return match_make(&side->summary, &reference->values, table, fail);
}

static bool read_both(const struct command *command, struct side *side, struct side *reference,
                      struct match_table *table, double window[2], struct fail *fail)
{
    if (!read_reference(reference, fail) ||
        !open_side(side, nrrd_open(command_input(command), fail), mask_path, fail))
        return false;
    command_remark_slab(command, side->in);
    reference_window(reference, window);
    if (!summarize(side, fail) || !match(side, reference, table, fail))
        return false;
    if (side->summary.nans > 0)
        command_notice(command, "%s: %" PRIu64 " NaN not counted, passed on", side->in->name,
                       side->summary.nans);
    return true;
}

/* Without a mask a table can change samples where they are kept. */
static bool write_matched(const struct command *command, struct side *side,
                          const struct match_table *table, const double window[2],
                          struct writer **out, struct fail *fail)
{
    bool many = side->summary.overflowed;
    struct filter filter = {.state = table, .refused = "sample that was not there before"};
    if (many || side->mask)
        side->in = match_reader(side->in, side->mask, many ? NULL : table, &side->values, fail);
    else
        filter.change = match_span;
    if (!side->in || !scan_rewind(side->in, fail) ||
        !effect_pass(&(const struct effect){.kind = EFFECT_MAKES, .window = window},
                     command->history, &side->in->volume, fail))
        return false;
    *out = nrrd_create(command->output, &side->in->volume, fail);
    return *out && second_pass_run(&filter, side->in, *out, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (!reference_path == !stats_path)
        return command_usage_error(&command, "one of --reference and --reference-stats is needed");

    if (reference_mask_path && !reference_path)
        return command_usage_error(&command, "--reference-mask goes with --reference");

    struct fail fail = {.text = ""};
    struct side side = {.name = NULL}, reference = {.name = NULL};
    struct match_table table = {.to = NULL};
    double window[2];
    struct writer *out = NULL;
    bool whole = read_both(&command, &side, &reference, &table, window, &fail);
    close_side(&command, &reference); /* before memory is needed for the output */
    whole = whole && write_matched(&command, &side, &table, window, &out, &fail);
    int status = command_finish(&command, side.in, out, whole, &fail);
    side.in = NULL; /* closed */
    close_side(&command, &side);
    match_table_free(&table);
    return status;
}
