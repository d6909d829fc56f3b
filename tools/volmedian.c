/* volmedian - the median, or another rank, of a window around each sample. The manual is
 * volmedian.1. */
#include "common/cli/shared_options.h"
#include "common/local/rank.h"
#include "common/morphology/extreme.h"
#include "format/nrrd/filter.h"

static struct length size = {.value = {3, 3, 3}};
static int shape = SHAPE_BOX, edge = EDGE_NEAREST;
static double percentile = 50;

static const struct option_row options[] = {
    ROWS_SIZE(&size, &shape),
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
static struct extremes extremes;

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
    extremes_free(&extremes);
}

/* The ranks at both ends have a faster way, to which it is all the same what lies beyond edges. */
static struct reader *ranked(const struct extent *extent, struct reader *source, struct fail *fail)
{
    if (rank.number == 0 || rank.number == footprint.count - 1) {
        enum extreme kind = rank.number == 0 ? EXTREME_MINIMUM : EXTREME_MAXIMUM;
        return extremes_init(&extremes, extent, &source->volume, fail)
                   ? extreme_reader(&extremes, kind, source, fail)
                   : NULL;
    }
    struct neighbour_filter filter = rank_filter(&rank);
    filter.edge = (enum edge)edge;
    return neighbours_reader(&filter, source, fail);
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    const struct volume *volume = &job->in->volume;
    struct fail why = {.text = ""};
    struct extent extent;
    job->release = release;
    if (!extent_init(&extent, (enum shape)shape, &size, volume, &why) ||
        !footprint_init(&footprint, &extent, &why))
        return fail_prefix(fail, &why, "--size");
    if (!rank_init(&rank, &footprint, volume->channels, percentile, fail))
        return false;
    tell(job->command);
    if (footprint.count == 1)
        return true; /* itself, also where it is NaN, of which there are many */
    job->in = ranked(&extent, job->in, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, NULL, prepare);
}
