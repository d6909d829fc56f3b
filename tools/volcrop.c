/* volcrop - cut a part out of a volume by numpy's slices. The manual is volcrop.1. */
#include "common/cli/rows.h"
#include "common/shape/crop.h"
#include "common/volume/loop.h"
#include "format/nrrd/stream.h"

static struct slice slices[AXES];
static bool cut_given[AXES], part_given;
static struct part_choice part;

static const struct option_row options[] = {
    ROW_PLANES(&slices[AXIS_PLANE], "every S-th plane from A up to but not including B",
               .given = &cut_given[AXIS_PLANE]),
    OPT_SLICE(0, "rows", "A:B[:S]", &slices[AXIS_ROW], "the same for rows",
              .given = &cut_given[AXIS_ROW]),
    OPT_SLICE(0, "columns", "A:B[:S]", &slices[AXIS_COLUMN], "the same for columns",
              .given = &cut_given[AXIS_COLUMN]),
    ROW_PART(&part, &part_given),
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

    if (part_given && cut_given[AXIS_PLANE])
        return command_usage_error(&command, "--part and --planes both choose planes");
    /* A slab is no other volume: joined to the others it is what it was cut from. */
    bool only_slab = part_given && !cut_given[AXIS_ROW] && !cut_given[AXIS_COLUMN];

    struct filter as_it_is = {0};
    struct fail fail = {.text = ""};
    struct reader *in = nrrd_open(command_input(&command), &fail);
    in = in && part_given ? crop_slab(in, &part, &fail) : in;
    in = in ? crop_reader(in, slices, &fail) : NULL;
    bool ready = in && (only_slab || volume_add_history(&in->volume, command.history, &fail));
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    return command_finish(&command, in, out, whole, &fail);
}
