/* volmedian - the median, or another rank, of a window around each sample. The manual is
 * volmedian.1. */
#include "common/cli/shared_options.h"
#include "common/local/rank.h"
#include "format/nrrd/filter.h"

static const char *const shape_words[] = {"box", "ball", NULL};

static struct length size = {.value = {3, 3, 3}};
static int shape = SHAPE_BOX, edge = EDGE_NEAREST;
static double percentile = 50;

static const struct option_row options[] = {
    ROW_LENGTH("size", &size, NULL, "full size of the window (default 3; 0, 1: no change)"),
    OPT_CHOICE(0, "shape", "box|ball", shape_words, &shape, "of the window (default box)"),
    ROW_EDGE(&edge),
    OPT_REAL(0, "rank", "Q", 0, 100, &percentile,
             "percentile of the window: 0 the minimum, 100 the maximum\n"
             "(default 50, the median)"),
    {0},
};

static const struct program program = {
    .name = "volmedian",
    .summary = "Replace each sample by the median, or another rank, of a window around it.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_KEEPS,
    .more = LENGTH_HELP
    "Example: tiff2vol cells.tif | volmedian --size 1,3,3 | vol2png -o plane-%04d.png",
};

static struct footprint footprint;
static struct rank rank;

static void tell(const struct command *command)
{
    command_verbose(command,
                    "window of %zu x %zu x %zu (planes, rows, columns), %zu voxels; rank %zu",
                    footprint.size[AXIS_PLANE], footprint.size[AXIS_ROW],
                    footprint.size[AXIS_COLUMN], footprint.count, rank.number);
}

static void release(struct filter_job *job)
{
    (void)job;
    rank_free(&rank);
    footprint_free(&footprint);
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    const struct volume *volume = &job->in->volume;
    struct fail why = {.text = ""};
    job->release = release;
    if (!footprint_init(&footprint, (enum shape)shape, &size, volume, &why))
        return fail_prefix(fail, &why, "--size");
    if (!rank_init(&rank, &footprint, volume->channels, percentile, fail))
        return false;
    tell(job->command);
    if (footprint.count == 1)
        return true; /* itself, also where it is NaN, of which there are many */
    struct neighbour_filter filter = rank_filter(&rank);
    filter.edge = (enum edge)edge;
    job->in = neighbours_reader(&filter, job->in, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, NULL, prepare);
}
