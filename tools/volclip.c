/* volclip - clip at percentiles or values and rescale, scikit-image's rescale_intensity. The manual
 * is volclip.1. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/cli/shared_options.h"
#include "common/exposure/hint.h"
#include "common/kernel/clip.h"
#include "common/stats/file_source.h"
#include "common/stats/statistics.h"
#include "format/nrrd/filter.h"

static double percentiles[2] = {0.5, 99.5}, values[2], to[2];
static bool percentiles_given, values_given, to_given;
static struct stats_source stats_source;
static const char *mask_path;
static bool measure, pool_channels;

static const struct option_row options[] = {
    OPT_REALS('q', "percentiles", "LOW,HIGH", 2, 0, 100, percentiles,
              "clip at these percentiles (default 0.5,99.5)", .given = &percentiles_given),
    OPT_REALS('v', "values", "LO,HI", 2, -FLT_MAX, FLT_MAX, values,
              "clip at these values instead, in one pass", .given = &values_given),
    OPT_REALS(0, "to", "LO,HI", 2, -FLT_MAX, FLT_MAX, to,
              "new values of the limits (default 0,1; -1,1 if the lower\nlimit is negative)",
              .given = &to_given),
    ROW_MASK(&mask_path),
    ROW_POOL_CHANNELS(&pool_channels),
    OPT_FLAG(0, "measure", &measure,
             "measure percentiles, whatever the volume's note says of\nthem",
             .not_in_history = true),
    ROWS_STATS(&stats_source, "pair of limits",
               "take the percentiles from a statistics file of this\n"
               "volume (volstats): one pass instead of two or three"),
    {0},
};

static const struct program program = {
    .name = "volclip",
    .summary = "Clip samples at two percentiles or values, and rescale the range between them.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAPS,
    .pool_channels = &pool_channels,
    .mask = &mask_path,
    .more = "Example: tiff2vol cells.tif | volclip -q 0.5,99.5 | vol2png -o plane-%04d.png",
};

static bool measure_limits(struct filter_job *job, double limits[2], bool *nothing,
                           struct fail *fail)
{
    const struct command *command = job->command;
    struct stats_request request = {
        .quantiles = percentiles, .quantile_count = 2, .mask = job->mask};
    struct stats_result result = {0};
    if (!stats_source_answer(&stats_source, &request, &job->in, &result, fail))
        return false;
    const char *name = job->in->name;
    limits[0] = result.percentiles[0];
    limits[1] = result.percentiles[1];
    command_remark_crowd(command, name, &result, limits, 256,
                         "--percentiles LOW,HIGH can leave out the others");
    if (limits[0] == limits[1] && result.minimum < result.maximum)
        command_notice(command,
                       "%s: both percentiles are %.9g, so that all samples become equal: choose "
                       "others by --percentiles LOW,HIGH",
                       name, limits[0]);
    *nothing = result.nans == result.samples;
    if (result.nans > 0)
        command_notice(command, "%s: %" PRIu64 " NaN not counted, passed on", name, result.nans);
    stats_free(&result);
    return true;
}

/* Finds the limits to clip at. *nothing: all samples are NaN, so that there are none. */
static bool find_limits(struct filter_job *job, double limits[2], bool *nothing, struct fail *fail)
{
    limits[0] = values[0];
    limits[1] = values[1];
    *nothing = false;
    if (values_given)
        return true;
    if (!stats_source_exists(&stats_source))
        command_remark_slab(job->command, job->in);
    enum outcome noted = OUTCOME_CANNOT;
    if (!mask_path && !measure && !stats_source_exists(&stats_source))
        noted = hint_percentiles_of(&job->in, percentiles, 2, limits, fail);
    return noted == OUTCOME_DONE ||
           (noted == OUTCOME_CANNOT && measure_limits(job, limits, nothing, fail));
}

/* Says what was measured, as an option, in the history. */
static void note_limits(struct filter_job *job, const double limits[2])
{
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    if (!values_given && isfinite(limits[0]))
        snprintf(job->found, sizeof job->found, "-v %s,%s", number_text(limits[0], low),
                 number_text(limits[1], high));
}

static void print_limits(const struct filter_job *job, const double limits[2],
                         const double target[2])
{
    char text[4][NUMBER_SIZE], channel[40] = "";
    if (job->channels > 1)
        snprintf(channel, sizeof channel, "channel %zu: ", job->channel);
    command_verbose(job->command, "%slimits %s and %s become %s and %s", channel,
                    number_text(limits[0], text[0]), number_text(limits[1], text[1]),
                    number_text(target[0], text[2]), number_text(target[1], text[3]));
}

/* What job's pointers point to. */
struct state {
    struct clip clip;
    double window[2];
};

static bool prepare(struct filter_job *job, struct fail *fail)
{
    struct state *state = job->state = malloc(sizeof *state);
    double limits[2];
    bool nothing;
    stats_source.channels = job->channels;
    if (!state)
        return fail_errno(fail, "limits");
    if (!find_limits(job, limits, &nothing, fail))
        return false;
    /* As scikit-image: -1 to 1, or 0 to 1 if no limit is negative. */
    const double usual[2] = {limits[0] >= 0 || nothing ? 0 : -1, 1};
    const double *target = to_given ? to : usual;
    state->window[0] = fmin(target[0], target[1]);
    state->window[1] = fmax(target[0], target[1]);
    if (!nothing)
        print_limits(job, limits, target);
    if (!nothing && !clip_init(&state->clip, limits, target))
        return fail_set(fail, "limits %.9g and %.9g become %.9g and %.9g: too far apart for floats",
                        limits[0], limits[1], target[0], target[1]);
    job->filter = (struct filter){.change = nothing ? NULL : clip_span, .state = &state->clip};
    job->effect.window = state->window;
    job->effect.keeps_order = target[0] <= target[1] && !measure;
    if (target[0] > target[1])
        job->effect.map = NULL;
    note_limits(job, limits);
    return true;
}

static int check(const struct command *command)
{
    const char *idle = stats_source.path   ? "--stats"
                       : stats_source.pool ? "--pool"
                       : mask_path         ? "--mask"
                       : percentiles_given ? "--percentiles"
                       : measure           ? "--measure"
                       : pool_channels     ? "--pool-channels"
                                           : NULL;
    if (values_given && idle)
        return command_usage_error(command, "--values leaves nothing for %s to tell", idle);
    if (percentiles[0] > percentiles[1])
        return command_usage_error(command, "--percentiles: LOW must not be above HIGH");
    if (values[0] > values[1])
        return command_usage_error(command, "--values: LO must not be above HI");
    pool_channels = pool_channels || values_given; /* the same for all */
    int status = command_check_stats(command, &stats_source, mask_path);
    if (status == 0 && percentiles_given)
        command_remark_percentiles(command, percentiles, 2);
    return status;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
