/* volbin - make each block of samples one. The manual is volbin.1. */
#include <inttypes.h>

#include "common/cli/option.h"
#include "common/shape/reduce.h"
#include "common/volume/labels.h"
#include "format/nrrd/filter.h"

static const char *const kind_words[] = {"mean",   "sum",  "max",   "min", "sd",
                                         "median", "mode", "first", NULL};

static double factors[AXES];
static bool factors_given, kind_given, partial;
static int kind = REDUCE_MEAN;

static bool parse_factors(const char *text, void *value, struct fail *fail)
{
    double *to = value;
    bool one = number_reals(text, to, 1);
    if (one)
        to[AXIS_ROW] = to[AXIS_COLUMN] = to[AXIS_PLANE];
    bool ok = one || number_reals(text, to, AXES);
    for (enum axis axis = AXIS_PLANE; ok && axis < AXES; axis++)
        ok = to[axis] >= 1 && to[axis] <= UINT32_MAX && to[axis] <= (double)(uint64_t)to[axis];
    return ok || fail_set(fail,
                          "needs one whole number above 0, or three for "
                          "plane,row,column, not '%s'",
                          text);
}

static const struct option_row options[] = {
    OPT_PARSED('f', "factors", "P,R,C", parse_factors, factors,
               "samples of a block along planes, rows and columns, or one\nnumber for all",
               .given = &factors_given),
    OPT_CHOICE(0, "by", "mean|sum|max|min|sd|median|mode|first", kind_words, &kind,
               "what becomes of a block (default mean; of labels mode)", .given = &kind_given),
    OPT_FLAG(0, "partial", &partial,
             "blocks at the far ends may be smaller; by default what\nmakes no whole block is left "
             "out"),
    {0},
};

static const struct program program = {
    .name = "volbin",
    .summary = "Make each block of samples one: a smaller volume, true to the whole.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more = "Example: tiff2vol cells.tif | volbin --factors 1,2,2 -o half.nrrd",
};

static void tell_rest(const struct command *command, const struct volume *volume)
{
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++) {
        uint64_t size = volume->size[axis], rest = size % (uint64_t)factors[axis];
        if (!partial && rest > 0 && rest < size)
            command_notice(command,
                           "the last %" PRIu64 " of %" PRIu64
                           " %ss make no whole block: left out (--partial takes them)",
                           rest, size, axis_names[axis]);
    }
}

static int check(const struct command *command)
{
    return factors_given ? 0
                         : command_usage_error(command, "--factors is missing; see volbin --help");
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    uint32_t largest;
    if (!kind_given && volume_labels(&job->in->volume, &largest))
        kind = REDUCE_MODE;
    struct reduce_options reduce = {.kind = (enum reduction)kind, .partial = partial};
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        reduce.factor[axis] = (uint64_t)factors[axis];
    tell_rest(job->command, &job->in->volume);
    job->effect.kind = effect_of_reduction(reduce.kind);
    job->in = reduce_reader(&reduce, job->in, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
