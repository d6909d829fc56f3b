/* volmatch - match the histogram of a volume to that of another, scikit-image's match_histograms.
 * The manual is volmatch.1. */
#include <inttypes.h>
#include <stdlib.h>

#include "common/cli/shared_options.h"
#include "common/exposure/match.h"
#include "common/shape/channel.h"
#include "common/stats/file.h"
#include "common/stats/scan.h"
#include "common/stats/statistics.h"
#include "common/stream/apart.h"
#include "common/stream/mask.h"
#include "common/stream/second_pass.h"
#include "format/nrrd/filter.h"
#include "format/nrrd/stream.h"

static const char *reference_path, *stats_path, *mask_path, *reference_mask_path;
static bool pool_channels;

static const struct option_row options[] = {
    OPT_FILE(0, "reference", "FILE", &reference_path, "the volume whose histogram is wanted"),
    OPT_FILE(0, "reference-stats", "FILE", &stats_path, "its statistics instead (volstats)"),
    ROW_MASK(&mask_path),
    OPT_FILE(0, "reference-mask", "FILE", &reference_mask_path, "the same for the reference"),
    ROW_POOL_CHANNELS(&pool_channels),
    {0},
};

static const struct program program = {
    .name = "volmatch",
    .summary = "Give a volume the histogram of another one.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAKES,
    .pool_channels = &pool_channels,
    .mask = &mask_path,
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

/* ---- the reference --------------------------------------------------------------------------- */

/* What was opened of it, while there are channels to come. */
static struct {
    struct reader *all, *mask;
    struct stats_file *stats;
} opened;

static struct reader *open_again(const char *path, const struct filter_job *job, struct fail *fail)
{
    struct reader *reader = nrrd_open_twice(path, fail);
    return reader && job->channels > 1 ? second_pass_for_clones(reader, fail) : reader;
}

/* Opens it for all channels. */
static bool open_reference(const struct filter_job *job, struct fail *fail)
{
    uint64_t channels;
    if (reference_path) {
        if (!(opened.all = open_again(reference_path, job, fail)) ||
            (reference_mask_path && !(opened.mask = open_again(reference_mask_path, job, fail))))
            return false;
        bool apart = !pool_channels && volume_is_apart(&opened.all->volume);
        channels = apart ? opened.all->volume.channels : 1;
    } else {
        if (!(opened.stats = stats_file_open(stats_path, fail)))
            return false;
        channels = stats_file_channels(opened.stats);
    }
    return channels == job->channels ||
           fail_set(fail,
                    "%s: its %" PRIu64 " channel%s to match each by itself, but the volume has %zu "
                    "(--pool-channels takes all together)",
                    reference_path ? reference_path : stats_path, channels,
                    channels == 1 ? "" : "s", job->channels);
}

static void close_reference(const struct command *command)
{
    command_close_input(command, opened.mask);
    command_close_input(command, opened.all);
    stats_file_close(opened.stats);
    opened.mask = opened.all = NULL;
    opened.stats = NULL;
}

/* One of its channels by itself, from a clone; or it. */
static struct reader *part_of(struct reader *all, const struct filter_job *job, struct fail *fail)
{
    return job->channels == 1                      ? all
           : all->volume.channels == job->channels ? channel_clone(all, job->channel, fail)
                                                   : reader_clone(all, fail);
}

static bool read_samples(struct side *reference, const struct filter_job *job, struct fail *fail)
{
    if (!(reference->in = part_of(opened.all, job, fail)))
        return false;
    reference->name = reference->in->name;
    if (opened.mask && !((reference->mask = part_of(opened.mask, job, fail)) &&
                         (reference->masked = mask_reader(reference->in, reference->mask, fail))))
        return false;
    return summarize(reference, fail);
}

static bool read_reference(struct side *reference, const struct filter_job *job, struct fail *fail)
{
    struct fail why = {.text = ""};
    reference->name = stats_path;
    if (job->channel == 0 && !open_reference(job, fail))
        return false;
    if (!(opened.all ? read_samples(reference, job, fail)
                     : stats_file_next(opened.stats, &reference->summary, fail)))
        return false;
    if (summary_finite(&reference->summary) == 0)
        return fail_set(fail, "%s: all samples are NaN", reference->name);
    return value_stream_init(&reference->values, &reference->summary, samples_of(reference),
                             &why) ||
           fail_prefix(fail, &why, "%s", reference->name);
}

static void close_side(struct side *side)
{
    value_stream_free(&side->values);
    summary_free(&side->summary);
    reader_close(side->masked);
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

/* ---- a job ----------------------------------------------------------------------------------- */

/* What it points to. */
struct state {
    struct side side;
    struct match_table table;
    double window[2];
};

static void release(struct filter_job *job)
{
    struct state *state = job->state;
    close_side(&state->side);
    match_table_free(&state->table);
}

static bool match_to(struct side *reference, struct filter_job *job, struct fail *fail)
{
    struct state *state = job->state;
    struct side *side = &state->side;
    if (!read_reference(reference, job, fail) || !(job->in = second_pass_reader(job->in, fail)))
        return false;
    side->in = job->in;
    side->mask = job->mask;
    if (side->mask && !(side->masked = mask_reader(side->in, side->mask, fail)))
        return false;
    reference_window(reference, state->window);
    if (!summarize(side, fail) || !match(side, reference, &state->table, fail))
        return false;
    if (side->summary.nans > 0)
        command_notice(job->command, "%s: %" PRIu64 " NaN not counted, passed on", side->in->name,
                       side->summary.nans);
    return true;
}

/* Without a mask a table can change samples where they are kept. */
static bool change_samples(struct filter_job *job, struct fail *fail)
{
    struct state *state = job->state;
    struct side *side = &state->side;
    bool many = side->summary.overflowed;
    if (many || side->mask)
        job->in =
            match_reader(job->in, side->mask, many ? NULL : &state->table, &side->values, fail);
    else
        job->filter = (struct filter){.change = match_span,
                                      .state = &state->table,
                                      .refused = "sample that was not there before"};
    job->effect.window = state->window;
    return job->in && scan_rewind(job->in, fail);
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    struct side reference = {.name = NULL};
    job->state = calloc(1, sizeof(struct state));
    if (!job->state)
        return fail_errno(fail, "histograms");
    job->release = release;
    command_remark_slab(job->command, job->in);
    bool ok = match_to(&reference, job, fail);
    /* Before memory is needed for the output. */
    close_side(&reference);
    if (job->channels > 1) {
        reader_close(reference.mask);
        reader_close(reference.in);
    }
    if (!ok || job->channel + 1 == job->channels)
        close_reference(job->command);
    return ok && change_samples(job, fail);
}

static int check(const struct command *command)
{
    if (!reference_path == !stats_path)
        return command_usage_error(command, "one of --reference and --reference-stats is needed");
    return reference_mask_path && !reference_path
               ? command_usage_error(command, "--reference-mask goes with --reference")
               : 0;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
