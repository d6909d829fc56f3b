/* volgauss - Gaussian filter with a sigma in voxels or in real lengths, scipy's gaussian_filter.
 * The manual is volgauss.1. */
#include "common/cli/effect.h"
#include "common/cli/rows.h"
#include "common/local/gauss.h"
#include "common/stream/loop.h"
#include "common/volume/length.h"
#include "format/nrrd/stream.h"

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
    .more = LENGTH_HELP "Example: volgauss --sigma 0.5um cells.nrrd >smooth.nrrd",
};

static struct reader *smooth(const struct command *command, struct reader *in, struct gauss *gauss,
                             struct fail *fail)
{
    struct fail why = {.text = ""};
    if (!length_voxels(&sigma, &in->volume, gauss->sigma, &why) || !gauss_init(gauss, &why)) {
        fail_prefix(fail, &why, "%s", in->name);
        reader_close(in);
        return NULL;
    }
    command_verbose(command,
                    "sigma is %.6g, %.6g, %.6g voxels along planes, rows, columns; the window has "
                    "%zu x %zu x %zu voxels",
                    gauss->sigma[AXIS_PLANE], gauss->sigma[AXIS_ROW], gauss->sigma[AXIS_COLUMN],
                    2 * gauss->radius[AXIS_PLANE] + 1, 2 * gauss->radius[AXIS_ROW] + 1,
                    2 * gauss->radius[AXIS_COLUMN] + 1);
    return gauss_reader(gauss, in, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    if (!sigma_given)
        return command_usage_error(&command, "--sigma is missing; see volgauss --help");

    struct gauss gauss = {.truncate = truncate_at, .edge = (enum edge)edge};
    struct filter as_it_is = {0};
    struct fail fail = {.text = ""};
    struct reader *in = nrrd_open(command_input(&command), &fail);
    in = in ? smooth(&command, in, &gauss, &fail) : NULL;
    bool ready = in && effect_pass(&(const struct effect){.kind = EFFECT_BLENDS}, command.history,
                                   &in->volume, &fail);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    int status = command_finish(&command, in, out, whole, &fail);
    gauss_free(&gauss);
    return status;
}
