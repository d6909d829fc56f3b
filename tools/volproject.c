/* volproject - project a volume along an axis. The manual is volproject.1. */
#include <inttypes.h>

#include "common/cli/option.h"
#include "common/shape/reduce.h"
#include "format/nrrd/filter.h"

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

static int check(const struct command *command)
{
    return find_kind() <= REDUCE_MEDIAN
               ? 0
               : command_usage_error(
                     command, "one of --max, --min, --mean, --sum, --sd, --median is needed");
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    struct reduce_options reduce = {.kind = find_kind(), .factor = {1, 1, 1}};
    reduce.factor[axis] = every_given ? every : job->in->volume.size[axis];
    tell_rest(job->command, &job->in->volume);
    job->effect.kind = effect_of_reduction(reduce.kind);
    job->in = reduce_reader(&reduce, job->in, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
