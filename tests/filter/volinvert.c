/* volinvert - 1 minus each sample. */
#include "common/cli/option.h"
#include "format/nrrd/filter.h"

static const struct option_row options[] = {{0}};

static const struct program program = {
    .name = "volinvert",
    .summary = "Take each sample from 1.",
    .operands = "[FILE]",
    .max_operands = 1,
    .options = options,
    .effect = EFFECT_MAPS,
};

static size_t invert(const void *state, float *v, size_t n)
{
    (void)state;
    for (size_t i = 0; i < n; i++)
        v[i] = 1 - v[i];
    return n;
}

static bool prepare(struct filter_job *job, struct fail *fail)
{
    (void)fail;
    job->filter = (struct filter){.change = invert};
    return true;
}

int main(int argc, char **argv)
{
    return filter_main(&program, argc, argv, NULL, prepare);
}
