#include "format/nrrd/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/cli/option.h"
#include "common/cli/shared_options.h"
#include "common/shape/channel.h"
#include "common/shape/join.h"
#include "common/stream/apart.h"
#include "common/stream/second_pass.h"
#include "format/nrrd/stream.h"

struct work {
    const struct command *command;
    filter_prepare *prepare;
    struct filter_job whole; /* what is done to the volume */
    struct reader *flow; /* whose samples are changed: its reader, or made of those of channels */
    char *history;

    /* Where each channel is treated by itself. */
    size_t channels; /* jobs that were begun */
    struct filter_job *jobs;
    struct reader **readers; /* of each channel, before its job has replaced it */
    struct filter *filters;
    char (*names)[256];
    struct apart apart;
};

/* ---- each channel by itself ------------------------------------------------------------------ */

static bool allocate(struct work *work, size_t count, struct fail *fail)
{
    work->jobs = calloc(count, sizeof *work->jobs);
    work->readers = calloc(count, sizeof(struct reader *));
    work->filters = calloc(count, sizeof *work->filters);
    work->names = calloc(count, sizeof *work->names);
    return (work->jobs && work->readers && work->filters && work->names) ||
           fail_errno(fail, "%s", work->whole.in->name);
}

/* A mask may have a channel for each, or hold for all. */
static struct reader *mask_channel(const struct work *work, size_t number, struct fail *fail)
{
    struct reader *mask = work->whole.mask;
    return mask->volume.channels == work->whole.channels ? channel_clone(mask, number, fail)
                                                         : reader_clone(mask, fail);
}

static bool prepare_channel(struct work *work, size_t number, struct fail *fail)
{
    struct filter_job *job = &work->jobs[number];
    struct reader *in = work->whole.in;
    char label[CHANNEL_LABEL_SIZE];
    *job = work->whole;
    job->channel = number;
    job->mask = NULL;
    job->effect.map = &job->filter;
    job->in = work->readers[number] = channel_clone(in, number, fail);
    work->channels++;
    if (!job->in || (work->whole.mask && !(job->mask = mask_channel(work, number, fail))))
        return false;
    snprintf(work->names[number], sizeof *work->names, "%.120s, %s", in->name,
             volume_channel_label(&in->volume, number, label));
    job->in->name = work->names[number];
    return work->prepare(job, fail);
}

/* The reader of all channels where the jobs only change samples; or one of those that they made of
 * their channels. */
static struct reader *open_flow(struct work *work, struct fail *fail)
{
    struct reader *in = work->whole.in, *made[APART_MAX];
    bool same = true;
    for (size_t c = 0; c < work->channels; c++) {
        made[c] = work->jobs[c].in;
        same = same && made[c] == work->readers[c];
        work->jobs[c].in = NULL;
    }
    for (size_t c = 0; same && c < work->channels; c++)
        reader_close(made[c]);
    if (same)
        return in;
    /* The clones do not look at what follows the last sample. */
    struct reader *joined = join_reader(made, work->channels, JOIN_CHANNELS, false, fail);
    if (!joined || reader_skip(in, volume_samples(&in->volume) - in->at, fail))
        return joined;
    reader_close(joined);
    return NULL;
}

/* What holds for all channels alike. */
static void join_effects(struct work *work)
{
    struct effect *effect = &work->whole.effect;
    const struct effect *first = &work->jobs[0].effect;
    bool same = true;
    for (size_t c = 1; c < work->channels; c++) {
        const double *window = work->jobs[c].effect.window;
        same = same && first->window && window && window[0] == first->window[0] &&
               window[1] == first->window[1];
    }
    *effect = (struct effect){.kind = first->kind,
                              .window = same ? first->window : NULL,
                              .makes_mask = first->makes_mask};
}

static bool prepare_apart(struct work *work, struct fail *fail)
{
    struct filter_job *whole = &work->whole;
    size_t count = whole->in->volume.channels;
    if (count > APART_MAX)
        return fail_set(fail,
                        "%s: %zu channels, of which at most %d can be treated each by itself: "
                        "--pool-channels treats all alike",
                        whole->in->name, count, APART_MAX);
    whole->channels = count;
    whole->in = second_pass_cloneable(whole->in, fail);
    if (whole->in && whole->mask && !(whole->mask = second_pass_for_clones(whole->mask, fail)))
        return false;
    bool ok = whole->in && allocate(work, count, fail);
    for (size_t c = 0; ok && c < count; c++)
        ok = prepare_channel(work, c, fail);
    if (!ok)
        return false;
    for (size_t c = 0; c < count; c++)
        work->filters[c] = work->jobs[c].filter;
    work->apart = (struct apart){count, work->filters};
    whole->filter = (struct filter){.change = apart_span,
                                    .state = &work->apart,
                                    .refused = work->filters[0].refused,
                                    .by_voxel = true};
    whole->written = work->jobs[0].written;
    join_effects(work);
    return whole->written || (work->flow = open_flow(work, fail)) != NULL;
}

/* ---- the whole of it ------------------------------------------------------------------------- */

static bool prepare(struct work *work, struct fail *fail)
{
    const char *const *mask = work->command->program->mask;
    const bool *pool_channels = work->command->program->pool_channels;
    struct filter_job *whole = &work->whole;
    whole->in = nrrd_open(command_input(work->command), fail);
    if (!whole->in || (mask && *mask && !(whole->mask = nrrd_open_twice(*mask, fail))))
        return false;
    if (pool_channels && command_takes_apart(work->command, whole->in, *pool_channels))
        return prepare_apart(work, fail);
    bool ok = work->prepare(whole, fail);
    work->flow = whole->in;
    return ok;
}

/* The command, followed by what was measured, as a comment. */
static bool make_history(struct work *work, struct fail *fail)
{
    struct filter_job *whole = &work->whole;
    const struct filter_job *jobs = work->channels > 0 ? work->jobs : whole;
    size_t count = work->channels > 0 ? work->channels : 1;
    size_t size = sizeof work->command->history + count * (sizeof whole->found + 32), used = 0;
    if (!whole->history || !(work->history = malloc(size)))
        return !whole->history || fail_errno(fail, "history");
    used = (size_t)snprintf(work->history, size, "%s", whole->history);
    for (size_t c = 0; c < count; c++) {
        const char *found = jobs[c].found;
        char number[32] = "";
        if (count > 1)
            snprintf(number, sizeof number, "channel %zu: ", c);
        if (found[0] != '\0')
            used += (size_t)snprintf(work->history + used, size - used, "%s%s%s",
                                     c > 0 ? "; " : " # ", number, found);
    }
    return true;
}

static bool write_volume(struct work *work, struct writer **out, struct fail *fail)
{
    struct filter_job *whole = &work->whole;
    if (!make_history(work, fail) ||
        (whole->history && !effect_pass(&whole->effect, work->history, &whole->in->volume, fail)))
        return false;
    *out = nrrd_create(work->command->output, &whole->in->volume, fail);
    return *out && second_pass_run(&whole->filter, work->flow, *out, fail);
}

static void release(struct filter_job *job)
{
    if (job->release)
        job->release(job);
    free(job->state);
}

/* Clones are closed before the reader that they are made from. */
static void close_channels(struct work *work)
{
    if (work->flow && work->flow != work->whole.in)
        reader_close(work->flow);
    for (size_t c = work->channels; c-- > 0;) {
        reader_close(work->jobs[c].in);
        reader_close(work->jobs[c].mask);
    }
}

int filter_run(const struct command *command, filter_prepare *prepare_job)
{
    struct fail fail = {.text = ""};
    struct work work = {.command = command, .prepare = prepare_job};
    struct filter_job *whole = &work.whole;
    struct writer *out = NULL;
    *whole = (struct filter_job){.command = command, .history = command->history, .channels = 1};
    whole->effect = (struct effect){.kind = command->program->effect, .map = &whole->filter};
    bool ok = prepare(&work, &fail) && (whole->written || write_volume(&work, &out, &fail));
    close_channels(&work);
    command_close_input(command, whole->mask);
    int status = command_finish(command, whole->in, out, ok, &fail);
    for (size_t c = 0; c < work.channels; c++)
        release(&work.jobs[c]);
    release(whole);
    free(work.jobs);
    free(work.readers);
    free(work.filters);
    free(work.names);
    free(work.history);
    return status;
}

int filter_main(const struct program *program, int argc, char **argv,
                int (*check)(const struct command *command), filter_prepare *prepare_job)
{
    struct command command;
    if (!option_read(program, argc, argv, &command))
        return command.status;
    int usage = check ? check(&command) : 0;
    return usage != 0 ? usage : filter_run(&command, prepare_job);
}
