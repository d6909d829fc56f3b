/* volgauss - Gaussian filter with a sigma in voxels or in real lengths, scipy's gaussian_filter.
 * The manual is volgauss.1. */
#include "common/cli/shared_options.h"
#include "common/local/gauss.h"
#include "common/volume/length.h"
#include "format/nrrd/filter.h"

static struct length sigma;
static bool sigma_given;
static double truncate_at = 4;
static int edge = EDGE_NEAREST;

static const struct option_row options[] = {
    ROW_LENGTH("sigma", &sigma, &sigma_given, "standard deviation of the Gaussian (0: no change)"),
    ROW_EDGE(&edge),
    OPT_REAL(0, "truncate", "T", 0, 1000, &truncate_at,
             "the window ends T sigma from its centre (default 4)"),
    {0},
};

static const struct program program = {
    .name = "volgauss",
    .summary = "Smooth a volume with a Gaussian.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_BLENDS,
    .more = LENGTH_HELP "Example: volgauss --sigma 0.5um cells.nrrd >smooth.nrrd",
};

static int check(const struct command *command)
{
    return sigma_given ? 0
                       : command_usage_error(command, "--sigma is missing; see volgauss --help");
}

static struct gauss gauss;

static void release(struct filter_job *job)
{
    (void)job;
    gauss_free(&gauss);
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    struct fail why = {.text = ""};
    gauss = (struct gauss){.truncate = truncate_at, .edge = (enum edge)edge};
    job->release = release;
    if (!length_voxels(&sigma, &job->in->volume, gauss.sigma, &why) || !gauss_init(&gauss, &why))
        return fail_prefix(fail, &why, "%s", job->in->name);
    command_verbose(job->command,
                    "sigma is %.6g, %.6g, %.6g voxels along planes, rows, columns; the window has "
                    "%zu x %zu x %zu voxels",
                    gauss.sigma[AXIS_PLANE], gauss.sigma[AXIS_ROW], gauss.sigma[AXIS_COLUMN],
                    2 * gauss.radius[AXIS_PLANE] + 1, 2 * gauss.radius[AXIS_ROW] + 1,
                    2 * gauss.radius[AXIS_COLUMN] + 1);
    job->in = gauss_reader(&gauss, job->in, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
