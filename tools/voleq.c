/* voleq - histogram equalization, scikit-image's equalize_hist. The manual is voleq.1. */
#include <inttypes.h>

#include "common/cli/effect.h"
#include "common/cli/rows.h"
#include "common/exposure/hint.h"
#include "common/kernel/equalize.h"
#include "common/stats/file_source.h"
#include "common/stats/statistics.h"
#include "common/stream/second_pass.h"
#include "common/volume/source.h"
#include "format/nrrd/stream.h"

static uint64_t bins = 256;
static double range[2];
static bool range_given;
static struct stats_source stats_source;
static const char *mask_path;

static const struct option_row options[] = {
    ROW_BINS(&bins, NULL),
    ROW_RANGE(range, &range_given, "count only samples from LO to HI (default: all)"),
    ROW_MASK(&mask_path),
    ROWS_STATS(&stats_source, "take the histogram from a statistics file of this volume\n"
                              "(volstats): one pass instead of two or three"),
    {0},
};

static const struct program program = {
    .name = "voleq",
    .summary = "Equalize the histogram: each sample becomes the fraction of samples up to it.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more = "Example: tiff2vol cells.tif | voleq | vol2png -o plane-%04d.png",
};

/* Whether order statistics of what is written cost next to nothing, because each of the few values
 * is counted for the histogram. */
static bool has_hint(const struct reader *in)
{
    return !mask_path && !stats_source.pool && volume_has_few_values(&in->volume);
}

static bool gather(const struct command *command, struct reader **in, struct stats_result *result,
                   struct fail *fail)
{
    struct stats_request request = {.bins = bins, .range = range_given ? range : NULL};
    if (has_hint(*in)) {
        request.quantiles = hint_percentiles;
        request.quantile_count = HINT_PERCENTILES;
        request.quantiles_if_cheap = true;
    }
    if (!stats_source_exists(&stats_source))
        command_remark_slab(command, *in);
    if (mask_path && !(request.mask = nrrd_open_twice(mask_path, fail)))
        return false;
    bool ok = stats_source_answer(&stats_source, &request, in, result, fail);
    command_close_input(command, request.mask);
    return ok;
}

static bool counted_any(const struct stats_result *result, struct fail *fail)
{
    uint64_t counted = 0;
    for (uint64_t k = 0; k < bins; k++)
        counted += result->counts[k];
    return counted > 0 ||
           fail_set(fail, "no sample lies in the range %.9g to %.9g", range[0], range[1]);
}

static bool write_equalized(const struct command *command, struct reader *in,
                            const struct stats_result *result, struct writer **out,
                            struct fail *fail)
{
    if (result->nans > 0)
        command_notice(command, "%s: %" PRIu64 " NaN not counted, passed on", in->name,
                       result->nans);
    /* All samples are NaN. */
    bool nothing = result->nans == result->samples;
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    if (!nothing)
        command_verbose(command, "equalized by %" PRIu64 " bins from %s to %s", bins,
                        number_text(result->edges[0], low), number_text(result->edges[bins], high));
    command_remark_crowd(command, in->name, result, range, bins,
                         "--range LO,HI leaves out the others, more --bins tell these apart");
    struct equalize equalize = {.bins = 0};
    struct filter filter = {.change = nothing ? NULL : equalize_span, .state = &equalize};
    if (!nothing && !(counted_any(result, fail) &&
                      equalize_init(&equalize, bins, result->edges, result->counts, fail)))
        return false;
    const struct effect effect = {.kind = EFFECT_MAPS,
                                  .map = &filter,
                                  .keeps_order = !nothing,
                                  .window = (const double[]){0, 1}};
    bool ready = hint_write(&in->volume, result, fail) &&
                 effect_pass(&effect, command->history, &in->volume, fail);
    *out = ready ? nrrd_create(command->output, &in->volume, fail) : NULL;
    bool whole = *out && second_pass_run(&filter, in, *out, fail);
    equalize_free(&equalize);
    return whole;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (range_given && !histogram_range_fits(range))
        return command_usage_error(&command, "--range: LO must not be above HI");
    if (command_check_stats(&command, &stats_source, mask_path))
        return STATUS_USAGE;

    struct fail fail = {.text = ""};
    struct stats_result result = {0};
    struct writer *out = NULL;
    struct reader *in = nrrd_open(command_input(&command), &fail);
    bool whole = in && gather(&command, &in, &result, &fail) &&
                 write_equalized(&command, in, &result, &out, &fail);
    stats_free(&result);
    return command_finish(&command, in, out, whole, &fail);
}
