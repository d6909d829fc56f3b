/* voladjust - logarithmic or sigmoid correction of contrast, scikit-image's adjust_log and
 * adjust_sigmoid. The manual is voladjust.1. */
#include <float.h>
#include <math.h>

#include "common/cli/option.h"
#include "common/kernel/adjust.h"
#include "common/volume/loop.h"
#include "format/nrrd/stream.h"

static bool logarithm, sigmoid, inverse, cutoff_given, gain_given;
static double cutoff = 0.5, gain;

static const struct option_row options[] = {
    OPT_FLAG(0, "log", &logarithm, "gain * log2(1 + sample)"),
    OPT_FLAG(0, "sigmoid", &sigmoid, "1 / (1 + exp(gain * (cutoff - sample)))"),
    OPT_REAL(0, "cutoff", "C", -FLT_MAX, FLT_MAX, &cutoff,
             "with --sigmoid: the sample that becomes 0.5 (default 0.5)", .given = &cutoff_given),
    OPT_REAL('k', "gain", "GAIN", -FLT_MAX, FLT_MAX, &gain,
             "factor of the logarithm (default 1), steepness of the\nsigmoid (default 10)",
             .given = &gain_given),
    OPT_FLAG(0, "inverse", &inverse,
             "gain * (2^sample - 1) instead of the logarithm; 1 less the\nsigmoid"),
    {0},
};

static const struct program program = {
    .name = "voladjust",
    .summary = "Correct contrast by a logarithm or a sigmoid.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more = "One of --log and --sigmoid is needed.\n"
            "Example: tiff2vol cells.tif | voladjust --sigmoid --cutoff 0.2 | vol2html -o out.html",
};

/* Adjusts the window as well. One that begins where there is no logarithm is dropped. */
static bool map_window(const struct adjust *adjust, struct volume *volume, struct fail *fail)
{
    double window[2];
    if (!volume_window(volume, window))
        return true;
    float limits[2] = {(float)window[0], (float)window[1]};
    if (adjust_span(adjust, limits, 2) < 2 || !isfinite(limits[0]) || !isfinite(limits[1]))
        return volume_set_value(volume, "window", NULL, fail);
    window[0] = (double)fminf(limits[0], limits[1]) + 0.;
    window[1] = (double)fmaxf(limits[0], limits[1]) + 0.;
    return volume_set_window(volume, window, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (logarithm == sigmoid)
        return command_usage_error(&command, "one of --log and --sigmoid is needed");
    if (logarithm && cutoff_given)
        return command_usage_error(&command, "--cutoff is of no use with --log");

    struct adjust adjust = {.kind = sigmoid ? ADJUST_SIGMOID : ADJUST_LOG,
                            .inverse = inverse,
                            .gain = gain_given ? gain
                                    : sigmoid  ? 10
                                               : 1,
                            .cutoff = cutoff};
    struct filter filter = {.change = adjust_span, .state = &adjust, .refused = "negative sample"};
    struct fail fail = {.text = ""};
    struct reader *in = nrrd_open(command_input(&command), &fail);
    bool ready = in && map_window(&adjust, &in->volume, &fail) &&
                 volume_add_history(&in->volume, command.history, &fail);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&filter, in, out, &fail);
    return command_finish(&command, in, out, whole, &fail);
}
