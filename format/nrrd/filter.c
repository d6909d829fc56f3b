#include "format/nrrd/filter.h"

#include "common/cli/option.h"
#include "common/stream/second_pass.h"
#include "format/nrrd/stream.h"

int filter_run(const struct command *command, filter_prepare *prepare)
{
    struct fail fail = {.text = ""};
    struct filter_job job = {.command = command, .history = command->history};
    job.effect = (struct effect){.kind = command->program->effect, .map = &job.filter};
    job.in = nrrd_open(command_input(command), &fail);
    bool whole = job.in && prepare(&job, &fail);
    struct writer *out = NULL;
    if (whole && !job.written) {
        bool ready = !job.history || effect_pass(&job.effect, job.history, &job.in->volume, &fail);
        out = ready ? nrrd_create(command->output, &job.in->volume, &fail) : NULL;
        whole = out && second_pass_run(&job.filter, job.in, out, &fail);
    }
    int status = command_finish(command, job.in, out, whole, &fail);
    if (job.release)
        job.release(&job);
    return status;
}

int filter_main(const struct program *program, int argc, char **argv,
                int (*check)(const struct command *command), filter_prepare *prepare)
{
    struct command command;
    if (!option_read(program, argc, argv, &command))
        return command.status;
    int usage = check ? check(&command) : 0;
    return usage != 0 ? usage : filter_run(&command, prepare);
}
