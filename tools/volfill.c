/* volfill - fill the holes of a mask. The manual is volfill.1. */
#include <inttypes.h>

#include "common/cli/shared_options.h"
#include "common/objects/label.h"
#include "common/objects/object_size.h"
#include "format/nrrd/filter.h"

static struct object_size max_size;
static bool max_given, planes_apart;

static const struct option_row options[] = {
    OPT_PARSED(0, "max-size", "SIZE", object_size_parse, &max_size,
               "fill what is smaller than SIZE, also where it touches a face\n"
               "of the volume (default: whatever touches none)",
               .given = &max_given),
    OPT_FLAG(0, "planes", &planes_apart, "fill the holes of each plane by itself"),
    {0},
};

static const struct program program = {
    .name = "volfill",
    .summary = "Fill the holes of a mask.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAKES,
    .more = "SIZE is a number of voxels, or a volume in physical units (5um3).\n"
            "Example: volthreshold cells.nrrd | volfill | vollabel -o labels.nrrd",
};

static bool prepare(struct filter_job *job, struct fail *fail)
{
    struct label_request request = {
        .rule = {.kind = RUNS_OF_UNSET, .connectivity = CONNECTED_6, .planes_apart = planes_apart},
        .choice.only_border = !max_given,
        .paint = LABEL_FILL};
    struct label_count count;
    struct fail why = {.text = ""};
    double voxels, steps[AXES];
    volume_steps_metres(&job->in->volume, steps);
    if (!object_size_voxels(&max_size, steps, &voxels, &why))
        return fail_prefix(fail, &why, "--max-size");
    request.choice.least = object_size_least(voxels);
    if (!planes_apart)
        command_remark_slab(job->command, job->in);
    job->in = label_reader(&request, job->in, &count, fail);
    if (!job->in)
        return false;
    command_verbose(job->command, "%" PRIu64 " holes filled, %" PRIu64 " pieces of background left",
                    count.found - count.kept, count.kept);
    job->effect.makes_mask = true;
    return true;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, NULL, prepare);
}
