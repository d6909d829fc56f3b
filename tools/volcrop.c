/* volcrop - cut a part out of a volume by numpy's slices. The manual is volcrop.1. */
#include "common/cli/rows.h"
#include "common/shape/crop.h"
#include "common/volume/loop.h"
#include "format/nrrd/stream.h"

static struct slice slices[AXES];

static const struct option_row options[] = {
    ROW_PLANES(&slices[AXIS_PLANE], "every S-th plane from A up to but not including B"),
    OPT_SLICE(0, "rows", "A:B[:S]", &slices[AXIS_ROW], "the same for rows"),
    OPT_SLICE(0, "columns", "A:B[:S]", &slices[AXIS_COLUMN], "the same for columns"),
    {0},
};

static const struct program program = {
    .name = "volcrop",
    .summary = "Cut a part out of a volume by numpy's slices.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .more = "Indices begin at 0; negative ones count from the end; a single number selects one.\n"
            "Example: volcrop --planes ::2 --rows 16:-16 --columns 16:-16",
};

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;

    struct filter as_it_is = {0};
    struct fail fail = {.text = ""};
    struct reader *in = nrrd_open(command_input(&command), &fail);
    in = in ? crop_reader(in, slices, &fail) : NULL;
    bool ready = in && volume_add_history(&in->volume, command.history, &fail);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    return command_finish(&command, in, out, whole, &fail);
}
