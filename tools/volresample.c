/* volresample - another number of samples along each axis, by linear interpolation or the nearest
 * sample. The manual is volresample.1. */
#include <inttypes.h>
#include <math.h>

#include "common/cli/shared_options.h"
#include "common/local/gauss.h"
#include "common/shape/resample.h"
#include "common/volume/labels.h"
#include "common/volume/length.h"
#include "format/nrrd/filter.h"

static struct length spacing;
static double size[AXES];
static bool isotropic, spacing_given, size_given, nearest, smooth;

static bool parse_size(const char *text, void *value, struct fail *fail)
{
    double *to = value;
    bool ok = number_reals(text, to, AXES);
    for (enum axis axis = AXIS_PLANE; ok && axis < AXES; axis++)
        ok = to[axis] >= 0 && to[axis] <= floor(to[axis]);
    return ok ||
           fail_set(fail, "'%s' is not three whole numbers, for planes, rows and columns", text);
}

static const struct option_row options[] = {
    OPT_FLAG(0, "isotropic", &isotropic, "the smallest spacing of the three along all axes"),
    OPT_PARSED(0, "spacing", "LENGTH", length_parse, &spacing,
               "this spacing, as nearly as whole samples fit: one, or\n"
               "plane,row,column; without a unit, in that of the volume",
               .given = &spacing_given),
    OPT_PARSED(0, "size", "P,R,C", parse_size, size,
               "so many planes, rows and columns (0: as many as there are)", .given = &size_given),
    OPT_FLAG(0, "nearest", &nearest,
             "the nearest sample instead of a mean of eight: what masks\nand labels get anyway"),
    OPT_FLAG(0, "smooth", &smooth, "smooth first along axes that lose samples, against aliasing"),
    {0},
};

static const struct program program = {
    .name = "volresample",
    .summary = "Give a volume another spacing or size, by linear interpolation.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more = "One of --isotropic, --spacing and --size is needed.\n"
            "Example: tiff2vol cells.tif | volresample --isotropic | vol2png --views -o views.png",
};

static int check(const struct command *command)
{
    if (isotropic + spacing_given + size_given != 1)
        return command_usage_error(command, "one of --isotropic, --spacing, --size is needed");
    if (nearest && smooth)
        return command_usage_error(command,
                                   "--nearest takes samples as they are: no --smooth beside it");
    return 0;
}

/* Sets steps to the spacing in metres, or, where no unit is known, in the one that there is. */
static bool find_steps(const struct volume *volume, double steps[AXES], struct fail *fail)
{
    bool in_metres = true;
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        in_metres = in_metres && !isnan(volume_step_metres(volume, axis));
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++) {
        steps[axis] = in_metres ? volume_step_metres(volume, axis) : volume_spacing(volume, axis);
        if (isnan(steps[axis]))
            return fail_set(fail,
                            "the spacing along the %s axis is unknown: set it with volset, or "
                            "give --size",
                            axis_names[axis]);
    }
    return true;
}

/* How many steps of the volume a sample of the result is long, along each axis. */
static bool find_factors(const struct volume *volume, double factors[AXES], struct fail *fail)
{
    double steps[AXES];
    if (spacing_given && spacing.unit[0] != '\0') {
        struct fail why = {.text = ""};
        return length_voxels(&spacing, volume, factors, &why) ||
               fail_prefix(fail, &why, "--spacing");
    }
    if (!find_steps(volume, steps, fail))
        return false;
    double least = fmin(steps[AXIS_PLANE], fmin(steps[AXIS_ROW], steps[AXIS_COLUMN]));
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        factors[axis] =
            isotropic ? least / steps[axis] : spacing.value[axis] / volume_spacing(volume, axis);
    return true;
}

static bool find_size(const struct volume *volume, uint64_t to[AXES], struct fail *fail)
{
    double factors[AXES] = {0};
    if (!size_given && !find_factors(volume, factors, fail))
        return false;
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++) {
        double from = (double)volume->size[axis], n = size[axis];
        if (!size_given)
            n = factors[axis] > 0 ? fmax(rint(length_snap(from / factors[axis])), 1) : 0;
        if (n > UINT32_MAX)
            return fail_set(fail, "%.9g samples along the %s axis: %" PRIu32 " at most", n,
                            axis_names[axis], UINT32_MAX);
        to[axis] = n > 0 ? (uint64_t)n : volume->size[axis];
    }
    return true;
}

/* A Gaussian of half of what a sample of the result is longer, as scikit-image's resize() has it.
 */
static struct gauss gauss = {.truncate = 4, .edge = EDGE_NEAREST};

static void release(struct filter_job *job)
{
    (void)job;
    gauss_free(&gauss);
}

static bool smooth_first(struct filter_job *job, const struct resample_options *resample,
                         struct fail *fail)
{
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        gauss.sigma[axis] = fmax(0, (resample_factor(resample, &job->in->volume, axis) - 1) / 2);
    if (!gauss_init(&gauss, fail))
        return false;
    job->in = gauss_reader(&gauss, job->in, fail);
    return job->in != NULL;
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    const struct volume *volume = &job->in->volume;
    uint32_t largest;
    bool whole = volume_is_mask(volume) || volume_labels(volume, &largest);
    struct resample_options resample = {.nearest = nearest || whole};
    job->release = release;
    job->effect.kind = resample.nearest ? EFFECT_KEEPS : EFFECT_BLENDS;
    if (whole && smooth)
        return fail_set(fail, "%s: holds %s, which --smooth would blend", job->in->name,
                        volume_is_mask(volume) ? "a mask" : "labels");
    if (!find_size(volume, resample.size, fail))
        return false;
    command_verbose(job->command, "%" PRIu64 " x %" PRIu64 " x %" PRIu64 " samples%s",
                    resample.size[AXIS_PLANE], resample.size[AXIS_ROW], resample.size[AXIS_COLUMN],
                    resample.nearest ? ", each the nearest one" : "");
    if (smooth && !smooth_first(job, &resample, fail))
        return false;
    job->in = resample_reader(&resample, job->in, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
