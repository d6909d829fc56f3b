/* volcrop - cut a part out of a volume by numpy's slices. The manual is volcrop.1. */
#include "common/cli/shared_options.h"
#include "common/shape/channel.h"
#include "common/shape/crop.h"
#include "format/nrrd/filter.h"

static struct slice slices[AXES], channels;
static bool cut_given[AXES], channels_given, part_given;
static struct part_choice part;

static const struct option_row options[] = {
    ROW_PLANES(&slices[AXIS_PLANE], "every S-th plane from A up to but not including B",
               .given = &cut_given[AXIS_PLANE]),
    OPT_SLICE(0, "rows", "A:B[:S]", &slices[AXIS_ROW], "the same for rows",
              .given = &cut_given[AXIS_ROW]),
    OPT_SLICE(0, "columns", "A:B[:S]", &slices[AXIS_COLUMN], "the same for columns",
              .given = &cut_given[AXIS_COLUMN]),
    OPT_SLICE(0, "channels", "A:B[:S]", &channels,
              "the same for channels; one alone makes a gray volume", .given = &channels_given),
    ROW_PART(&part, &part_given),
    {0},
};

static const struct program program = {
    .name = "volcrop",
    .summary = "Cut a part out of a volume by numpy's slices.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_KEEPS,
    .more = "Indices begin at 0; negative ones count from the end; a single number selects one.\n"
            "Example: volcrop --planes ::2 --rows 16:-16 --columns 16:-16",
};

static int check(const struct command *command)
{
    return part_given && cut_given[AXIS_PLANE]
               ? command_usage_error(command, "--part and --planes both choose planes")
               : 0;
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    /* A slab is no other volume: joined to the others it is what it was cut from. */
    if (part_given && !cut_given[AXIS_ROW] && !cut_given[AXIS_COLUMN] && !channels_given)
        job->history = NULL;
    job->in = part_given ? crop_slab(job->in, &part, fail) : job->in;
    job->in = job->in ? crop_reader(job->in, slices, fail) : NULL;
    if (job->in && channels_given)
        job->in = channels_reader(job->in, &channels, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
