/* volmath - an arithmetic expression over volumes. The manual is volmath.1. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/effect.h"
#include "common/cli/option.h"
#include "common/cli/paths.h"
#include "common/math/expression.h"
#include "common/shape/broadcast.h"
#include "common/stream/combine.h"
#include "common/stream/loop.h"
#include "common/text/escape.h"
#include "common/volume/labels.h"
#include "common/volume/part.h"
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

/* What is known of the files. */
struct known {
    char *of[COMBINE_MAX]; /* history, or NULL */
    struct expression_range range[EXPRESSION_VARIABLES];
    bool labels[EXPRESSION_VARIABLES];
    size_t count;
};

static bool copy_known(struct known *known, struct reader *const *sources, size_t count,
                       struct fail *fail)
{
    for (; known->count < count; known->count++) {
        size_t i = known->count;
        const struct volume *volume = &sources[i]->volume;
        uint32_t largest = 1;
        known->labels[i] = volume_labels(volume, &largest);
        bool is_mask = volume_is_mask(volume);
        known->range[i] = (struct expression_range){known->labels[i] || is_mask, is_mask, largest};
        const char *history = volume_value(volume, "history");
        char *copy = history ? strdup(history) : NULL;
        if (history && !copy)
            return fail_errno(fail, "history");
        known->of[i] = copy;
    }
    return true;
}

static void free_known(struct known *known)
{
    for (size_t i = 0; i < known->count; i++)
        free(known->of[i]);
}

/* The files side by side. */
static struct reader *open_files(const struct command *command, const struct expression *expression,
                                 struct known *known, struct fail *fail)
{
    struct reader *sources[COMBINE_MAX];
    size_t files = count_files(command), count;
    bool ok = true;
    for (count = 0; ok && count < files; count += ok)
        ok = (sources[count] = nrrd_open(file_of(command, count), fail)) != NULL;
    if (ok && copy_known(known, sources, files, fail) && give_shape(command, sources, files, fail))
        return combine_reader(combine, expression, sources, files, fail);
    while (count > 0)
        reader_close(sources[--count]);
    return NULL;
}

/* Of several files their names. Those of slabs are left out, so that all slabs say the same. */
static void append_names(const struct command *command, const struct volume *volume, char *line,
                         size_t size)
{
    struct part part;
    if (command->operand_count > 2 && !volume_part(volume, &part))
        for (size_t i = 1; i < command->operand_count; i++) {
            const char *name = command->operands[i];
            bool is_nameless = strncmp(name, "/dev/", 5) == 0 || strncmp(name, "/proc/", 6) == 0;
            text_append_word(line, size, is_nameless ? "-" : path_name(name));
        }
}

/* As a comment, each history that is not the one that the volume has, in one line. */
static void append_histories(const struct known *known, const struct volume *volume, char *line,
                             size_t size)
{
    const char *own = volume_value(volume, "history"), *before = " #";
    size_t used = strlen(line);
    for (size_t i = 0; i < known->count; i++) {
        const char *history = known->of[i];
        if (!history || (own && strcmp(own, history) == 0))
            continue;
        used += (size_t)snprintf(line + used, size - used, "%s %c: ", before, 'a' + (int)i);
        for (const char *c = history; *c != '\0'; c++)
            used += (size_t)snprintf(line + used, size - used, "%s%c", *c == '\n' ? ";" : "",
                                     *c == '\n' ? ' ' : *c);
        before = ";";
    }
}

/* The command with its expression, its files and what they have been through. NULL: no memory. */
static char *make_line(const struct command *command, const struct known *known,
                       const struct volume *volume, struct fail *fail)
{
    size_t size =
        sizeof command->history + strlen(command->operands[0]) + command->operand_count * 1100 + 16;
    for (size_t i = 0; i < known->count; i++)
        size += known->of[i] ? 2 * strlen(known->of[i]) + 16 : 0;
    char *line = malloc(size);
    if (!line) {
        fail_errno(fail, "history");
        return NULL;
    }
    snprintf(line, size, "%s '%s'", command->history, command->operands[0]);
    append_names(command, volume, line, size);
    append_histories(known, volume, line, size);
    return line;
}

/* A comparison makes a mask, and whole numbers made of labels are labels. Else the window is
 * dropped, since the range is not known. */
static bool set_notes(const struct command *command, const struct expression *expression,
                      const struct known *known, struct volume *volume, struct fail *fail)
{
    struct expression_range range = expression_result(expression, known->range);
    uint32_t largest = range.whole && range.most <= LABELS_MAX ? (uint32_t)range.most : 0;
    bool labels = false;
    for (size_t i = 0; i < known->count; i++)
        labels = labels || known->labels[i];
    const struct effect effect = {.kind = EFFECT_MAKES,
                                  .makes_mask = range.logical,
                                  .labels = labels && largest > 0 ? &largest : NULL};
    char *line = make_line(command, known, volume, fail);
    bool ok = line && effect_pass(&effect, line, volume, fail);
    free(line);
    return ok;
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
    struct known known = {.count = 0};
    struct reader *in = open_files(&command, &expression, &known, &fail);
    bool ready = in && set_notes(&command, &expression, &known, &in->volume, &fail);
    free_known(&known);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&as_it_is, in, out, &fail);
    return command_finish(&command, in, out, whole, &fail);
}
