/* volmath - an arithmetic expression over volumes of one shape. The manual is volmath.1. */
#include <stdio.h>
#include <string.h>

#include "common/cli/option.h"
#include "common/math/expression.h"
#include "common/volume/combine.h"
#include "common/volume/loop.h"
#include "format/nrrd/stream.h"

static const struct option_row options[] = {{0}};

static const struct program program = {
    .name = "volmath",
    .summary = "Compute an expression for each sample of volumes of one shape.",
    .operands = "EXPRESSION [FILE]...",
    .max_operands = 1 + EXPRESSION_VARIABLES,
    .options = options,
    .more = "a is the first FILE (default: standard input), b the second, ... There are + - * /,\n"
            "< <= > >= == != (1 or 0), min(), max(), abs(), sqrt(), numbers and parentheses.\n"
            "Example: volgauss --sigma 10um cells.nrrd | volmath 'max(b - a, 0)' - cells.nrrd",
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

static bool is_standard_input(const char *path)
{
    return !path || strcmp(path, "-") == 0;
}

/* Each variable has a file, each file is used, and standard input is read once. */
static int check_usage(const struct command *command, struct expression *expression)
{
    struct fail fail = {.text = ""};
    size_t files = count_files(command), piped = 0;
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
        piped += i < files && is_standard_input(file_of(command, i));
    }
    return piped < 2 ? 0 : command_usage_error(command, "standard input can be only one FILE");
}

/* The files side by side, also in sources[]; *count: how many. */
static struct reader *open_files(const struct command *command, const struct expression *expression,
                                 struct reader *sources[COMBINE_MAX], size_t *count,
                                 struct fail *fail)
{
    for (*count = 0; *count < count_files(command); ++*count) {
        sources[*count] = nrrd_open(file_of(command, *count), fail);
        if (sources[*count])
            continue;
        while (*count > 0)
            reader_close(sources[--*count]);
        return NULL;
    }
    struct reader *in = combine_reader(combine, expression, sources, *count, fail);
    *count = in ? *count : 0;
    return in;
}

/* The command with its expression; the window of a comparison, or none, since the range is not
 * known. */
static bool set_notes(const struct command *command, const struct expression *expression,
                      struct volume *volume, struct fail *fail)
{
    char line[sizeof command->history + 8192];
    snprintf(line, sizeof line, "%s '%s'", command->history, command->operands[0]);
    return (expression_is_comparison(expression)
                ? volume_set_window(volume, (const double[]){0, 1}, fail)
                : volume_set_value(volume, "window", NULL, fail)) &&
           volume_add_history(volume, line, fail);
}

int main(int argc, char **argv)
{
    struct command command;
    struct expression expression;
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
    for (size_t i = 1; whole && i < count; i++) /* the first one is told at the end */
        command_notice_input(&command, sources[i]);
    return command_finish(&command, in, out, whole, &fail);
}
