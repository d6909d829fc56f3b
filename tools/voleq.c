/* voleq - histogram equalization, scikit-image's equalize_hist. The manual is voleq.1. */
#include <inttypes.h>
#include <stdlib.h>

#include "common/cli/shared_options.h"
#include "common/exposure/hint.h"
#include "common/kernel/equalize.h"
#include "common/stats/file_source.h"
#include "common/stats/statistics.h"
#include "common/volume/source.h"
#include "format/nrrd/filter.h"

static uint64_t bins = 256;
static double range[2];
static bool range_given, pool_channels;
static struct stats_source stats_source;
static const char *mask_path;

static const struct option_row options[] = {
    ROW_BINS(&bins, NULL),
    ROW_RANGE(range, &range_given, "count only samples from LO to HI (default: all)"),
    ROW_MASK(&mask_path),
    ROW_POOL_CHANNELS(&pool_channels),
    ROWS_STATS(&stats_source, "map",
               "take the histogram from a statistics file of this volume\n"
               "(volstats): one pass instead of two or three"),
    {0},
};

static const struct program program = {
    .name = "voleq",
    .summary = "Equalize the histogram: each sample becomes the fraction of samples up to it.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAPS,
    .pool_channels = &pool_channels,
    .mask = &mask_path,
    .more = "Example: tiff2vol cells.tif | voleq | vol2png -o plane-%04d.png",
};

/* Whether order statistics of what is written cost next to nothing, because each of the few values
 * is counted for the histogram. */
static bool has_hint(const struct reader *in)
{
    return !mask_path && !stats_source.pool && volume_has_few_values(&in->volume);
}

static bool gather(struct filter_job *job, struct stats_result *result, struct fail *fail)
{
    struct stats_request request = {
        .bins = bins, .range = range_given ? range : NULL, .mask = job->mask};
    if (has_hint(job->in)) {
        request.quantiles = hint_percentiles;
        request.quantile_count = HINT_PERCENTILES;
        request.quantiles_if_cheap = true;
    }
    if (!stats_source_exists(&stats_source))
        command_remark_slab(job->command, job->in);
    stats_source.channels = job->channels;
    return stats_source_answer(&stats_source, &request, &job->in, result, fail);
}

static bool counted_any(const struct stats_result *result, struct fail *fail)
{
    uint64_t counted = 0;
    for (uint64_t k = 0; k < bins; k++)
        counted += result->counts[k];
    return counted > 0 ||
           fail_set(fail, "no sample lies in the range %.9g to %.9g", range[0], range[1]);
}

static void tell(const struct filter_job *job, const struct stats_result *result)
{
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    if (result->nans > 0)
        command_notice(job->command, "%s: %" PRIu64 " NaN not counted, passed on", job->in->name,
                       result->nans);
    if (result->nans < result->samples)
        command_verbose(job->command, "equalized by %" PRIu64 " bins from %s to %s", bins,
                        number_text(result->edges[0], low), number_text(result->edges[bins], high));
    command_remark_crowd(job->command, job->in->name, result, range, bins,
                         "--range LO,HI leaves out the others, more --bins tell these apart");
}

static void release(struct filter_job *job)
{
    equalize_free(job->state);
}

static bool equalize_by(struct filter_job *job, const struct stats_result *result,
                        struct fail *fail)
{
    static const double window[2] = {0, 1};
    tell(job, result);
    job->effect.window = window;
    job->effect.keeps_order = result->nans < result->samples;
    if (result->nans < result->samples) {
        struct equalize *equalize = job->state = calloc(1, sizeof *equalize);
        if (!equalize)
            return fail_errno(fail, "histogram");
        job->release = release;
        job->filter = (struct filter){.change = equalize_span, .state = equalize};
        if (!counted_any(result, fail) ||
            !equalize_init(equalize, bins, result->edges, result->counts, fail))
            return false;
    }
    return hint_write(&job->in->volume, result, fail);
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    struct stats_result result = {0};
    bool ok = gather(job, &result, fail) && equalize_by(job, &result, fail);
    stats_free(&result);
    return ok;
}

static int check(const struct command *command)
{
    if (range_given && !histogram_range_fits(range))
        return command_usage_error(command, "--range: LO must not be above HI");
    return command_check_stats(command, &stats_source, mask_path);
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
