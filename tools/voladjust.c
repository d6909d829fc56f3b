/* voladjust - logarithmic or sigmoid correction of contrast, scikit-image's adjust_log and
 * adjust_sigmoid. The manual is voladjust.1. */
#include <float.h>

#include "common/cli/option.h"
#include "common/kernel/adjust.h"
#include "format/nrrd/filter.h"

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
    .effect = EFFECT_MAPS,
    .more = "One of --log and --sigmoid is needed.\n"
            "Example: tiff2vol cells.tif | voladjust --sigmoid --cutoff 0.2 | vol2html -o out.html",
};

static int check(const struct command *command)
{
    if (logarithm == sigmoid)
        return command_usage_error(command, "one of --log and --sigmoid is needed");
    return logarithm && cutoff_given
               ? command_usage_error(command, "--cutoff is of no use with --log")
               : 0;
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    static struct adjust adjust;
    (void)fail;
    adjust = (struct adjust){.kind = sigmoid ? ADJUST_SIGMOID : ADJUST_LOG,
                             .inverse = inverse,
                             .gain = gain_given ? gain
                                     : sigmoid  ? 10
                                                : 1,
                             .cutoff = cutoff};
    job->filter =
        (struct filter){.change = adjust_span, .state = &adjust, .refused = "negative sample"};
    return true;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
