/* voldistance - the exact distance of each voxel to the nearest one that is 0. The manual is
 * voldistance.1. */
#include <math.h>
#include <string.h>

#include "common/cli/shared_options.h"
#include "common/morphology/distance.h"
#include "common/stream/combine.h"
#include "common/stream/delay.h"
#include "common/volume/length.h"
#include "format/nrrd/filter.h"

static bool in_voxels, outside, both, most_given;
static struct length most;

static const struct option_row options[] = {
    OPT_FLAG(0, "voxels", &in_voxels, "in voxels; by default through the spacing, in its unit"),
    OPT_FLAG(0, "outside", &outside, "of voxels that are 0, to the nearest that is not"),
    OPT_FLAG(0, "signed", &both, "both: above 0 outside, below 0 inside"),
    OPT_PARSED(0, "max", "LENGTH", length_parse, &most,
               "greater distances become this one, and few planes are kept;\n"
               "without a unit, in that of the result",
               .given = &most_given),
    {0},
};

static const struct program program = {
    .name = "voldistance",
    .summary = "The exact distance of each voxel of a mask to the nearest one that is 0.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAKES,
    .more = "Example: volthreshold cells.nrrd | voldistance -o distance.nrrd",
};

static int check(const struct command *command)
{
    if (outside && both)
        return command_usage_error(command, "only one of --outside and --signed at a time");
    if (most_given && (most.value[AXIS_ROW] < most.value[AXIS_PLANE] ||
                       most.value[AXIS_ROW] > most.value[AXIS_PLANE] ||
                       most.value[AXIS_COLUMN] < most.value[AXIS_PLANE] ||
                       most.value[AXIS_COLUMN] > most.value[AXIS_PLANE]))
        return command_usage_error(command, "--max: a distance is one length, not three");
    if (in_voxels && most.unit[0] != '\0')
        return command_usage_error(command, "--max: with --voxels, a number without a unit");
    return 0;
}

/* The spacing along all axes, in one unit. */
static bool find_steps(const struct volume *volume, double step[AXES], struct fail *fail)
{
    const char *unit = volume_unit(volume, AXIS_PLANE);
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++) {
        step[axis] = in_voxels ? 1 : volume_spacing(volume, axis);
        if (isnan(step[axis]))
            return fail_set(fail,
                            "the spacing along the %s axis is unknown: set it with volset, or "
                            "measure in --voxels",
                            axis_names[axis]);
        if (!in_voxels && strcmp(volume_unit(volume, axis), unit) != 0)
            return fail_set(fail,
                            "the spacing has different units along planes and %ss: set one with "
                            "volset, or measure in --voxels",
                            axis_names[axis]);
    }
    return true;
}

/* --max in the unit of the result. */
static bool find_most(const struct volume *volume, double *to, struct fail *fail)
{
    const char *unit = volume_unit(volume, AXIS_PLANE);
    *to = most_given ? most.value[AXIS_PLANE] : INFINITY;
    if (most.unit[0] == '\0' || strcmp(most.unit, unit) == 0)
        return true;
    *to = length_snap(unit_to_metres(*to, most.unit) / unit_metres(unit));
    return !isnan(*to) ||
           fail_set(fail,
                    "--max: a length in %s needs the unit of the spacing, which is unknown: set it "
                    "with volset, or give a number without a unit",
                    most.unit);
}

static void subtract(const void *state, const float *const *sources, float *made, size_t n)
{
    (void)state;
    for (size_t i = 0; i < n; i++)
        made[i] = sources[0][i] - sources[1][i];
}

/* One of the two is 0. */
static struct reader *signed_reader(struct distance_options *distance, struct reader *source,
                                    struct fail *fail)
{
    uint64_t ahead = distance_ahead(distance, &source->volume);
    struct reader *second = delay_second(&source, ahead, fail);
    if (!second) {
        reader_close(source);
        return NULL;
    }
    distance->outside = true;
    struct reader *first = distance_reader(distance, source, fail);
    distance->outside = false;
    if (!first) {
        reader_close(second);
        return NULL;
    }
    second = distance_reader(distance, second, fail);
    if (second)
        return combine_reader(subtract, NULL, (struct reader *[]){first, second}, 2, fail);
    reader_close(first);
    return NULL;
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    struct distance_options distance = {.outside = outside};
    if (!find_steps(&job->in->volume, distance.step, fail) ||
        !find_most(&job->in->volume, &distance.most, fail))
        return false;
    job->in =
        both ? signed_reader(&distance, job->in, fail) : distance_reader(&distance, job->in, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
