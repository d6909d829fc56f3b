/* volmorph - gray morphology: erosion, dilation, and what is made of them. The manual is
 * volmorph.1. */
#include "common/cli/shared_options.h"
#include "common/morphology/operation.h"
#include "common/volume/labels.h"
#include "format/nrrd/filter.h"

static bool chosen[MORPHOLOGIES];
static struct length size = {.value = {3, 3, 3}};
static int shape = SHAPE_BOX;

static const struct option_row options[] = {
    OPT_FLAG(0, "erode", &chosen[MORPHOLOGY_ERODE], "the smallest sample of the window"),
    OPT_FLAG(0, "dilate", &chosen[MORPHOLOGY_DILATE], "the largest sample of the window"),
    OPT_FLAG(0, "open", &chosen[MORPHOLOGY_OPEN],
             "an erosion, then a dilation: removes what is bright and\nsmaller than the window"),
    OPT_FLAG(0, "close", &chosen[MORPHOLOGY_CLOSE],
             "a dilation, then an erosion: fills what is dark and smaller\nthan the window"),
    OPT_FLAG(0, "tophat", &chosen[MORPHOLOGY_TOPHAT],
             "what an opening removes: bright parts without background"),
    OPT_FLAG(0, "bottomhat", &chosen[MORPHOLOGY_BOTTOMHAT], "what a closing adds: dark parts"),
    ROWS_SIZE(&size, &shape),
    {0},
};

static const struct program program = {
    .name = "volmorph",
    .summary = "Erode, dilate, open or close a volume or a mask, or take what that removes.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more =
        LENGTH_HELP "One of --erode, --dilate, --open, --close, --tophat, --bottomhat is needed.\n"
                    "Example: volmorph --tophat --size 5um --shape ball cells.nrrd -o flat.nrrd",
};

/* What is asked for; MORPHOLOGIES: nothing, or several. */
static enum morphology find_chosen(void)
{
    int found = MORPHOLOGIES, count = 0;
    for (int what = 0; what < MORPHOLOGIES; what++)
        if (chosen[what]) {
            found = what;
            count++;
        }
    return (enum morphology)(count == 1 ? found : MORPHOLOGIES);
}

static int check(const struct command *command)
{
    return find_chosen() < MORPHOLOGIES
               ? 0
               : command_usage_error(command, "one of --erode, --dilate, --open, --close, "
                                              "--tophat, --bottomhat is needed");
}

static struct extremes extremes;

static void release(struct filter_job *job)
{
    (void)job;
    extremes_free(&extremes);
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    const struct volume *volume = &job->in->volume;
    enum morphology what = find_chosen();
    struct fail why = {.text = ""};
    struct extent extent;
    job->release = release;
    job->effect.kind = what < MORPHOLOGY_TOPHAT ? EFFECT_KEEPS : EFFECT_MAKES;
    job->effect.makes_mask = volume_is_mask(volume);
    if (!extent_init(&extent, (enum shape)shape, &size, volume, &why) ||
        !extremes_init(&extremes, &extent, volume, &why))
        return fail_prefix(fail, &why, "--size");
    command_verbose(job->command, "window of %.0f x %.0f x %.0f (planes, rows, columns)",
                    (double)extent_size(&extent, AXIS_PLANE),
                    (double)extent_size(&extent, AXIS_ROW),
                    (double)extent_size(&extent, AXIS_COLUMN));
    if (extent_is_voxel(&extent) && what < MORPHOLOGY_TOPHAT)
        return true; /* itself, also where it is NaN, of which there are many */
    job->in = morphology_reader(&extremes, what, job->in, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
