/* volaxes - flip axes and put them in another order. The manual is volaxes.1. */
#include <string.h>

#include "common/cli/option.h"
#include "common/shape/axes.h"
#include "format/nrrd/filter.h"

static struct axes_change change = {.order = {AXIS_PLANE, AXIS_ROW, AXIS_COLUMN}};
static bool flip_given, order_given;

/* Parses names of axes, none of them twice. Returns how many; 0: they are none. */
static size_t parse_axes(const char *text, enum axis axes[AXES])
{
    size_t count = 0;
    bool seen[AXES] = {false};
    for (const char *part = text; part;) {
        size_t n = strcspn(part, ",");
        enum axis axis = AXIS_PLANE;
        while (axis < AXES && (strlen(axis_names[axis]) != n || strncmp(axis_names[axis], part, n)))
            axis++;
        if (axis == AXES || seen[axis])
            return 0;
        seen[axis] = true;
        axes[count++] = axis;
        part = part[n] == ',' ? part + n + 1 : NULL;
    }
    return count;
}

static bool parse_order(const char *text, void *value, struct fail *fail)
{
    return parse_axes(text, value) == AXES ||
           fail_set(fail, "needs plane, row and column in some order, not '%s'", text);
}

static bool parse_flip(const char *text, void *value, struct fail *fail)
{
    bool *flip = value;
    enum axis axes[AXES];
    size_t count = parse_axes(text, axes);
    memset(flip, 0, AXES * sizeof *flip);
    for (size_t i = 0; i < count; i++)
        flip[axes[i]] = true;
    return count > 0 ||
           fail_set(fail, "needs one or several of plane, row, column, not '%s'", text);
}

static const struct option_row options[] = {
    OPT_PARSED(0, "flip", "AXIS,...", parse_flip, change.flip,
               "the last plane, row or column becomes the first", .given = &flip_given),
    OPT_PARSED(
        0, "order", "AXIS,AXIS,AXIS", parse_order, change.order,
        "the axes that become planes, rows and columns, after\n--flip (default plane,row,column)",
        .given = &order_given),
    {0},
};

static const struct program program = {
    .name = "volaxes",
    .summary = "Flip axes of a volume, and put them in another order.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_KEEPS,
    .more = "Example: volaxes --order column,plane,row cells.nrrd | vol2html -o side.html",
};

static int check(const struct command *command)
{
    return flip_given || order_given
               ? 0
               : command_usage_error(command, "nothing to do; see volaxes --help");
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    job->in = axes_reader(&change, job->in, fail);
    return job->in != NULL;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, check, prepare);
}
