/* volmedian - the median, or another rank, of a window around each sample. The manual is
 * volmedian.1. */
#include "common/cli/effect.h"
#include "common/cli/rows.h"
#include "common/local/rank.h"
#include "common/stream/loop.h"
#include "format/nrrd/stream.h"

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
    .more = LENGTH_HELP
    "Example: tiff2vol cells.tif | volmedian --size 1,3,3 | vol2png -o plane-%04d.png",
};

static void tell(const struct command *command, const struct rank *rank)
{
    const size_t *voxels = rank->footprint->size;
    command_verbose(command,
                    "window of %zu x %zu x %zu (planes, rows, columns), %zu voxels; rank %zu",
                    voxels[AXIS_PLANE], voxels[AXIS_ROW], voxels[AXIS_COLUMN],
                    rank->footprint->count, rank->number);
}

static bool choose_window(const struct volume *volume, struct footprint *footprint,
                          struct fail *fail)
{
    struct fail why = {.text = ""};
    return footprint_init(footprint, (enum shape)shape, &size, volume, &why) ||
           fail_prefix(fail, &why, "--size");
}

static struct reader *filter(const struct command *command, struct reader *in,
                             struct footprint *footprint, struct rank *rank, struct fail *fail)
{
    if (!choose_window(&in->volume, footprint, fail) ||
        !rank_init(rank, footprint, in->volume.channels, percentile, fail)) {
        reader_close(in);
        return NULL;
    }
    tell(command, rank);
    if (footprint->count == 1)
        return in; /* itself, also where it is NaN, of which there are many */
    struct neighbour_filter filter = rank_filter(rank);
    filter.edge = (enum edge)edge;
    return neighbours_reader(&filter, in, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;

    struct footprint footprint = {.count = 0};
    struct rank rank = {.number = 0};
    struct filter as_it_is = {0};
    struct fail fail = {.text = ""};
    struct reader *in = nrrd_open(command_input(&command), &fail);
    in = in ? filter(&command, in, &footprint, &rank, &fail) : NULL;
    bool ready = in && effect_pass(&(const struct effect){.kind = EFFECT_BLENDS}, command.history,
                                   &in->volume, &fail);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    int status = command_finish(&command, in, out, whole, &fail);
    rank_free(&rank);
    footprint_free(&footprint);
    return status;
}
