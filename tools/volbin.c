/* volbin - make each block of samples one. The manual is volbin.1. */
#include <inttypes.h>

#include "common/cli/option.h"
#include "common/shape/reduce.h"
#include "common/volume/loop.h"
#include "format/nrrd/stream.h"

static const char *const kind_words[] = {"mean", "sum", "max", "min", "sd", "median", NULL};

static double factors[AXES];
static bool factors_given, partial;
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
                          "'%s' is not one whole number above 0, or three for "
                          "plane,row,column",
                          text);
}

static const struct option_row options[] = {
    OPT_PARSED('f', "factors", "P,R,C", parse_factors, factors,
               "samples of a block along planes, rows and columns, or one\nnumber for all",
               .given = &factors_given),
    OPT_CHOICE(0, "by", "mean|sum|max|min|sd|median", kind_words, &kind,
               "what becomes of a block (default mean)"),
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

static struct reader *bin(const struct command *command, struct reader *in, struct fail *fail)
{
    struct reduce_options reduce = {.kind = (enum reduction)kind, .partial = partial};
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        reduce.factor[axis] = (uint64_t)factors[axis];
    tell_rest(command, &in->volume);
    return reduce_reader(&reduce, in, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (!factors_given)
        return command_usage_error(&command, "--factors is missing; see volbin --help");

    struct filter as_it_is = {0};
    struct fail fail = {.text = ""};
    struct reader *in = nrrd_open(command_input(&command), &fail);
    in = in ? bin(&command, in, &fail) : NULL;
    bool ready = in && volume_add_history(&in->volume, command.history, &fail);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    return command_finish(&command, in, out, whole, &fail);
}
