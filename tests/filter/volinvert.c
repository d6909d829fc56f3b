/* volinvert - 1 minus each sample. */
#include "common/cli/option.h"
#include "common/volume/loop.h"
#include "format/nrrd/stream.h"

static const struct option_row options[] = {{0}};

static const struct program program = {
    .name = "volinvert",
    .summary = "Take each sample from 1.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
};

static size_t invert(const void *state, float *v, size_t n)
{
    (void)state;
    for (size_t i = 0; i < n; i++)
        v[i] = 1 - v[i];
    return n;
}

int main(int argc, char **argv)
{
    struct command command;
    if (!option_read(&program, argc, argv, &command))
        return command.status;
    struct filter filter = {.change = invert};
    struct fail fail = {.text = ""};
    struct reader *in = nrrd_open(command_input(&command), &fail);
    bool ready = in && volume_set_value(&in->volume, "window", NULL, &fail) &&
                 volume_add_history(&in->volume, command.history, &fail);
    struct writer *out = ready ? nrrd_create(command.output, &in->volume, &fail) : NULL;
    bool whole = out && loop_run(&filter, in, out, &fail);
    return command_finish(&command, in, out, whole, &fail);
}
