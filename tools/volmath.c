/* volmath - an arithmetic expression over volumes. The manual is volmath.1. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/cli/effect.h"
#include "common/cli/option.h"
#include "common/math/expression.h"
#include "common/shape/broadcast.h"
#include "common/stream/combine.h"
#include "common/stream/loop.h"
#include "format/nrrd/stream.h"

static const struct option_row options[] = {{0}};

static const struct program program = {
    .name = "volmath",
    .summary = "Compute an expression for each sample of volumes.",
    .operands = "EXPRESSION [FILE]...",
    .max_operands = 1 + EXPRESSION_VARIABLES,
    .options = options,
    .more =
        "a is the first FILE (default: standard input), b the second, ... There are + - * / ^,\n"
        "c ? a : b, && || !, < <= > >= == != (1 or 0), min max pow abs sqrt log exp round\n"
        "floor ceil isnan isfinite with values in parentheses, numbers, nan and parentheses.\n"
        "Example: volgauss --sigma 40um cells.nrrd | volmath 'max(b - a, 0)' - cells.nrrd",
};

static void combine(const void *expression, const float *const *sources, float *made, size_t n)
{
    expression_run(expression, sources, made, n);
}

static size_t count_files(const struct command *command)
{
    return command->operand_count > 1 ? command->operand_count - 1 : 1;
}

static const char *file_of(const struct command *command, size_t i)
{
    return command->operand_count > 1 ? command->operands[1 + i] : NULL;
}

/* Each variable has a file, and each file is used. */
static int check_usage(const struct command *command, struct expression *expression)
{
    struct fail fail = {.text = ""};
    size_t files = count_files(command);
    if (command->operand_count == 0)
        return command_usage_error(command, "EXPRESSION is missing; see volmath --help");
    if (!expression_parse(expression, command->operands[0], &fail))
        return command_usage_error(command, "%s", fail.text);
    for (size_t i = 0; i < EXPRESSION_VARIABLES; i++) {
        bool used = expression->used >> i & 1;
        if (used && i >= files)
            return command_usage_error(command, "'%s': %c is FILE number %zu, which is missing",
                                       command->operands[0], 'a' + (int)i, i + 1);
        if (!used && i < files && files > 1)
            return command_usage_error(command, "'%s' leaves %s unused: there is no %c in it",
                                       command->operands[0], file_of(command, i), 'a' + (int)i);
    }
    return 0;
}

/* Says so where the volumes are known to have other steps than the result. */
static void remark_spacing(const struct command *command, const struct reader *model,
                           const struct reader *other)
{
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++) {
        double step = volume_spacing(&model->volume, axis);
        double found = volume_spacing(&other->volume, axis);
        const char *unit = volume_unit(&model->volume, axis);
        const char *found_unit = volume_unit(&other->volume, axis);
        bool differs = fabs(found - step) > 1e-4 * step || strcmp(unit, found_unit) != 0;
        if (isnan(step) || isnan(found) || other->volume.size[axis] == 1 || !differs)
            continue;
        command_notice(
            command,
            "%s: has a spacing of %.6g %s along the %s axis, but %s, whose is kept, %.6g %s",
            other->name, found, found_unit, axis_names[axis], model->name, step, unit);
        return;
    }
}

/* Gives all files the shape of the largest. */
static bool give_shape(const struct command *command, struct reader **sources, size_t count,
                       struct fail *fail)
{
    const struct reader *model = broadcast_model(sources, count, fail);
    for (size_t i = 0; model && i < count; i++)
        remark_spacing(command, model, sources[i]);
    for (size_t i = 0; model && i < count; i++)
        if (!(sources[i] = broadcast_reader(sources[i], model, fail)))
            return false;
    return model;
}

/* The files side by side, also in sources[]; *count: how many. */
static struct reader *open_files(const struct command *command, const struct expression *expression,
                                 struct reader *sources[COMBINE_MAX], size_t *count,
                                 struct fail *fail)
{
    size_t files = count_files(command);
    bool ok = true;
    for (*count = 0; ok && *count < files; *count += ok)
        ok = (sources[*count] = nrrd_open(file_of(command, *count), fail)) != NULL;
    if (ok && give_shape(command, sources, files, fail)) {
        struct reader *in = combine_reader(combine, expression, sources, files, fail);
        *count = in ? files : 0;
        return in;
    }
    while (*count > 0)
        reader_close(sources[--*count]);
    return NULL;
}

/* The command with its expression; the window of a comparison, or none, since the range is not
 * known. */
static bool set_notes(const struct command *command, const struct expression *expression,
                      struct volume *volume, struct fail *fail)
{
    static char line[sizeof command->history + 8192];
    snprintf(line, sizeof line, "%s '%s'", command->history, command->operands[0]);
    const struct effect effect = {
        .kind = EFFECT_MAKES,
        .window = expression_is_comparison(expression) ? (const double[]){0, 1} : NULL};
    return effect_pass(&effect, line, volume, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    static struct expression expression;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    int usage = check_usage(&command, &expression);
    if (usage != 0)
        return usage;

    struct filter as_it_is = {0};
    struct fail fail = {.text = ""};
    struct reader *sources[COMBINE_MAX];
    size_t count;
    struct reader *in = open_files(&command, &expression, sources, &count, &fail);
    bool ready = in && set_notes(&command, &expression, &in->volume, &fail);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    return command_finish(&command, in, out, whole, &fail);
}
