/* volproject - project a volume along an axis. The manual is volproject.1. */
#include <inttypes.h>

#include "common/cli/option.h"
#include "common/shape/reduce.h"
#include "common/volume/loop.h"
#include "format/nrrd/stream.h"

static bool chosen[REDUCE_MEDIAN + 1];
static int axis = AXIS_PLANE;
static uint64_t every;
static bool every_given;

static const struct option_row options[] = {
    OPT_CHOICE('a', "axis", "plane|row|column", axis_names, &axis,
               "that is projected (default plane: all planes become one)"),
    OPT_FLAG(0, "max", &chosen[REDUCE_MAXIMUM], "the largest sample"),
    OPT_FLAG(0, "min", &chosen[REDUCE_MINIMUM], "the smallest sample"),
    OPT_FLAG(0, "mean", &chosen[REDUCE_MEAN], "the mean"),
    OPT_FLAG(0, "sum", &chosen[REDUCE_SUM], "the sum"),
    OPT_FLAG(0, "sd", &chosen[REDUCE_DEVIATION], "the standard deviation, divided by n - 1"),
    OPT_FLAG(0, "median", &chosen[REDUCE_MEDIAN],
             "the median; of an even number the mean of the middle two"),
    OPT_COUNT(0, "every", "N", 1, UINT32_MAX, &every,
              "a projection of each N planes (thick slabs) instead of\none of all",
              .given = &every_given),
    {0},
};

static const struct program program = {
    .name = "volproject",
    .summary = "Project a volume along an axis.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more = "One of --max, --min, --mean, --sum, --sd and --median is needed.\n"
            "Example: tiff2vol cells.tif | volproject --max | vol2png -n 0 -o max.png",
};

/* What is asked for; REDUCE_MEDIAN + 1: nothing, or several. */
static enum reduction find_kind(void)
{
    int found = REDUCE_MEDIAN + 1, count = 0;
    for (int kind = REDUCE_MEAN; kind <= REDUCE_MEDIAN; kind++)
        if (chosen[kind]) {
            found = kind;
            count++;
        }
    return (enum reduction)(count == 1 ? found : REDUCE_MEDIAN + 1);
}

static void tell_rest(const struct command *command, const struct volume *volume)
{
    uint64_t size = volume->size[axis], rest = every_given ? size % every : 0;
    if (rest > 0 && rest < size)
        command_notice(command,
                       "the last %" PRIu64 " of %" PRIu64 " %ss make no whole slab: left out", rest,
                       size, axis_names[axis]);
}

static struct reader *project(const struct command *command, enum reduction kind, struct reader *in,
                              struct fail *fail)
{
    struct reduce_options reduce = {.kind = kind, .factor = {1, 1, 1}};
    reduce.factor[axis] = every_given ? every : in->volume.size[axis];
    tell_rest(command, &in->volume);
    return reduce_reader(&reduce, in, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    enum reduction kind = find_kind();
    if (kind > REDUCE_MEDIAN)
        return command_usage_error(&command,
                                   "one of --max, --min, --mean, --sum, --sd, --median is needed");

    struct filter as_it_is = {0};
    struct fail fail = {.text = ""};
    struct reader *in = nrrd_open(command_input(&command), &fail);
    in = in ? project(&command, kind, in, &fail) : NULL;
    bool ready = in && volume_add_history(&in->volume, command.history, &fail);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    return command_finish(&command, in, out, whole, &fail);
}
