/* volthreshold - foreground and background by a threshold, scikit-image's filters.threshold_*. The
 * manual is volthreshold.1. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/cli/shared_options.h"
#include "common/exposure/li.h"
#include "common/exposure/threshold.h"
#include "common/io/output.h"
#include "common/kernel/above.h"
#include "common/kernel/bits.h"
#include "common/stats/file_source.h"
#include "common/stats/scan.h"
#include "common/stats/statistics.h"
#include "common/stream/apart.h"
#include "common/stream/mask.h"
#include "common/stream/second_pass.h"
#include "format/nrrd/filter.h"

enum method { OTSU, LI, YEN, ISODATA, TRIANGLE, MINIMUM, MEAN };
static const char *const method_words[] = {"otsu",     "li",      "yen",  "isodata",
                                           "triangle", "minimum", "mean", NULL};
static threshold_finder *const finders[] = {
    [OTSU] = threshold_otsu,         [YEN] = threshold_yen,         [ISODATA] = threshold_isodata,
    [TRIANGLE] = threshold_triangle, [MINIMUM] = threshold_minimum, [MEAN] = NULL};

static int method = OTSU;
static double value, range[2];
static uint64_t bins = 256;
static bool method_given, value_given, bins_given, range_given, print, pool_channels;
static struct stats_source stats_source;
static const char *mask_path;

static const struct option_row options[] = {
    OPT_CHOICE('m', "method", "otsu|li|yen|isodata|triangle|minimum|mean", method_words, &method,
               "how the threshold is found (default otsu)", .given = &method_given),
    OPT_REAL('v', "value", "V", -FLT_MAX, FLT_MAX, &value, "the threshold itself, in one pass",
             .given = &value_given),
    OPT_FLAG(0, "print", &print, "print the threshold, and write no volume"),
    ROW_BINS(&bins, &bins_given),
    ROW_RANGE(range, &range_given, "count only samples from LO to HI (default: all)"),
    ROW_MASK(&mask_path),
    ROW_POOL_CHANNELS(&pool_channels),
    ROWS_STATS(&stats_source, "threshold",
               "find the threshold from a statistics file of this\n"
               "volume (volstats): one pass"),
    {0},
};

static const struct program program = {
    .name = "volthreshold",
    .summary = "Make a mask: 1 where a sample is above a threshold, else 0.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAKES,
    .pool_channels = &pool_channels,
    .mask = &mask_path,
    .more = "Example: volthreshold cells.nrrd -o mask.nrrd; voleq --mask mask.nrrd cells.nrrd",
};

/* ---- finding it ----------------------------------------------------------------------------- */

static void tell_nans(const struct filter_job *job, uint64_t nans)
{
    if (nans > 0)
        command_notice(job->command, "%s: %" PRIu64 " NaN not counted", job->in->name, nans);
}

static bool gather(struct filter_job *job, struct stats_request *request,
                   struct stats_result *result, struct fail *fail)
{
    request->mask = job->mask;
    bool ok = stats_source_answer(&stats_source, request, &job->in, result, fail);
    if (ok)
        tell_nans(job, result->nans);
    return ok;
}

static bool find_mean(struct filter_job *job, float *threshold, struct fail *fail)
{
    struct stats_request request = {.moments = true};
    struct stats_result result = {0};
    bool ok = gather(job, &request, &result, fail);
    *threshold = ok && result.nans < result.samples ? (float)result.mean : NAN;
    stats_free(&result);
    return ok;
}

static bool find_li_in_file(struct filter_job *job, float *threshold, struct fail *fail)
{
    struct summary summary;
    if (!stats_source_read(&stats_source, &job->in, &summary, fail))
        return false;
    tell_nans(job, summary.nans);
    bool ok = li_threshold(&summary, NULL, threshold, fail);
    summary_free(&summary);
    return ok;
}

static bool find_li(struct filter_job *job, float *threshold, struct fail *fail)
{
    static const struct stats_request everything = {0};
    if (stats_source_exists(&stats_source))
        return find_li_in_file(job, threshold, fail);
    struct summary summary;
    if (!(job->in = second_pass_reader(job->in, fail)))
        return false;
    struct reader *in = job->mask ? mask_reader(job->in, job->mask, fail) : job->in;
    bool ok = in && stats_summarize(&everything, NULL, in, &summary, fail);
    if (ok) {
        tell_nans(job, summary.nans - (job->mask ? mask_left_out(in) : 0));
        ok = li_threshold(&summary, in, threshold, fail);
        summary_free(&summary);
    }
    if (job->mask)
        reader_close(in);
    return ok && scan_rewind(job->in, fail);
}

/* Leaves out empty bins at both ends, as scikit-image does. */
static bool find_in_histogram(const struct stats_result *result, float *threshold,
                              struct fail *fail)
{
    size_t first = 0, end = bins, bin = 0;
    while (first < end && result->counts[first] == 0)
        first++;
    while (end > first && result->counts[end - 1] == 0)
        end--;
    if (first == end)
        return fail_set(fail, "no sample lies in the range %.9g to %.9g", range[0], range[1]);
    float *centres = malloc(bins * sizeof *centres);
    if (!centres)
        return fail_errno(fail, "threshold");
    for (size_t i = 0; i < bins; i++)
        centres[i] = halfway(result->edges[i], result->edges[i + 1]);
    struct bin_counts of = {result->counts + first, centres + first, end - first};
    bool ok = of.bins == 1 || finders[method](&of, &bin, fail);
    *threshold = centres[first + bin];
    free(centres);
    return ok;
}

static bool find_by_histogram(struct filter_job *job, float *threshold, struct fail *fail)
{
    struct stats_request request = {.bins = bins, .range = range_given ? range : NULL};
    struct stats_result result = {0};
    if (!gather(job, &request, &result, fail))
        return false;
    command_remark_crowd(job->command, job->in->name, &result, range, bins,
                         "--range LO,HI leaves out the others, more --bins tell these apart");
    struct fail why = {.text = ""};
    bool ok = true;
    if (result.minimum < result.maximum)
        ok = find_in_histogram(&result, threshold, &why) ||
             fail_prefix(fail, &why, "%s", job->in->name);
    else
        *threshold = result.minimum; /* one value: nothing is above it */
    stats_free(&result);
    return ok;
}

static bool find_threshold(struct filter_job *job, double *threshold, struct fail *fail)
{
    float found = 0;
    *threshold = value;
    if (value_given)
        return true;
    if (!stats_source_exists(&stats_source))
        command_remark_slab(job->command, job->in);
    bool ok = method == MEAN ? find_mean(job, &found, fail)
              : method == LI ? find_li(job, &found, fail)
                             : find_by_histogram(job, &found, fail);
    *threshold = (double)found;
    return ok;
}

/* ---- using it ------------------------------------------------------------------------------- */

/* Prints them once all are known. */
static bool print_threshold(const struct filter_job *job, double threshold, struct fail *fail)
{
    static char lines[APART_MAX * NUMBER_SIZE];
    static size_t used;
    struct output to;
    char text[NUMBER_SIZE];
    if (isnan(threshold))
        return fail_set(fail, "%s: all samples are NaN: there is no threshold", job->in->name);
    used += (size_t)snprintf(lines + used, sizeof lines - used, "%s\n",
                             value_given ? number_text(threshold, text)
                                         : number_text_float((float)threshold, text));
    return job->channel + 1 < job->channels ||
           (output_open_text(&to, job->command->output, fail) &&
            output_close(&to, output_write(&to, lines, used, fail), fail));
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    struct above *above = job->state = malloc(sizeof *above);
    double threshold;
    char text[NUMBER_SIZE];
    stats_source.channels = job->channels;
    if (!above)
        return fail_errno(fail, "threshold");
    if (!find_threshold(job, &threshold, fail))
        return false;
    command_verbose(job->command, "%s: the threshold is %.9g", job->in->name, threshold);
    if (print)
        return job->written = print_threshold(job, threshold, fail);
    above_init(above, threshold);
    job->filter = (struct filter){.change = above_span, .state = above};
    job->effect.makes_mask = true;
    if (!value_given && !isnan(threshold))
        snprintf(job->found, sizeof job->found, "-v %s", number_text_float((float)threshold, text));
    return true;
}

static int check_usage(const struct command *command)
{
    const char *idle = method_given        ? "--method"
                       : stats_source.path ? "--stats"
                       : stats_source.pool ? "--pool"
                       : mask_path         ? "--mask"
                       : bins_given        ? "--bins"
                       : range_given       ? "--range"
                       : pool_channels     ? "--pool-channels"
                                           : NULL;
    if (value_given && idle)
        return command_usage_error(command, "--value leaves nothing for %s to tell", idle);
    if ((method == MEAN || method == LI) && (bins_given || range_given))
        return command_usage_error(command, "--method %s has no histogram: %s is of no use",
                                   method_words[method], bins_given ? "--bins" : "--range");
    if (range_given && !histogram_range_fits(range))
        return command_usage_error(command, "--range: LO must not be above HI");
    pool_channels = pool_channels || value_given; /* the same for all */
    return command_check_stats(command, &stats_source, mask_path);
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check_usage, prepare);
}
