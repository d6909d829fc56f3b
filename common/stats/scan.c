#include "common/stats/scan.h"

#include <stdlib.h>

#include "common/stats/accumulator.h"
#include "common/volume/second_pass.h"

/* What a thread counts. Which of them counts a block depends on the time: nothing that is counted
 * depends on it. */
struct thread_state {
    struct accumulator accumulator;
    const struct reader *reader;
    bool ended; /* by a block that it could not count */
};

bool scan_refuse_infinity(const struct reader *reader, uint64_t at, struct fail *fail)
{
    char place[PLACE_SIZE];
    return fail_set(fail,
                    "%s: infinite sample at %s; statistics need finite ones (volclip -v LOW,HIGH "
                    "makes them)",
                    reader->name, reader_place(reader, at, place));
}

static bool count_block(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct thread_state *thread_state = state;
    struct accumulator *accumulator = &thread_state->accumulator;
    if (!thread_state->ended && accumulator_block(accumulator, v, n, at))
        return true;
    thread_state->ended = true;
    return accumulator->fail.text[0] != '\0'
               ? fail_set(fail, "%s", accumulator->fail.text)
               : scan_refuse_infinity(thread_state->reader, accumulator->own.first_infinity, fail);
}

static bool count_volume(struct accumulator_plan *plan, struct thread_state *thread_states,
                         size_t count, struct reader *reader, struct fail *fail)
{
    void *states[LOOP_MAX_STATES];
    for (size_t i = 0; i < count; i++)
        states[i] = &thread_states[i];
    plan->total->first_infinity = UINT64_MAX;
    bool ok = loop_parallel(count_block, states, count, reader, fail);
    for (size_t i = 0; ok && i < count; i++)
        ok = accumulator_collect(&thread_states[i].accumulator) ||
             fail_set(fail, "%s", thread_states[i].accumulator.fail.text);
    return ok;
}

static bool run_pass(struct accumulator_plan *plan, struct reader *reader, struct fail *fail)
{
    struct thread_state thread_states[LOOP_MAX_STATES];
    size_t count = loop_thread_states(reader), begun = 0;
    pthread_mutex_init(&plan->mutex, NULL);
    bool ok = true;
    for (; ok && begun < count; begun++) {
        thread_states[begun] = (struct thread_state){.reader = reader};
        ok = accumulator_init(&thread_states[begun].accumulator, plan, fail);
    }
    ok = ok && count_volume(plan, thread_states, count, reader, fail);
    for (size_t i = 0; i < begun; i++)
        accumulator_free(&thread_states[i].accumulator);
    pthread_mutex_destroy(&plan->mutex);
    return ok;
}

bool scan_rewind(struct reader *reader, struct fail *fail)
{
    enum outcome outcome = reader->at == 0 ? OUTCOME_DONE : reader_rewind(reader, fail);
    if (outcome == OUTCOME_CANNOT)
        return fail_set(fail, "%s: can't be read a second time", reader->name);
    return outcome == OUTCOME_DONE;
}

static bool take_values(struct summary *summary, const struct dictionary *values,
                        const struct reader *reader, struct fail *fail)
{
    struct value_count *list = malloc(values->used * sizeof *list);
    if (!list)
        return fail_errno(fail, "statistics");
    dictionary_list(values, list);
    summary->samples = volume_samples(&reader->volume);
    bool ok = summary_add_values(summary, list, values->used, fail);
    free(list);
    return ok;
}

bool scan_first(struct summary *summary, bool take_infinities, struct reader *reader,
                struct fail *fail)
{
    const struct dictionary *values;
    enum outcome counted = second_pass_count(reader, &values, fail);
    if (counted != OUTCOME_CANNOT)
        return counted == OUTCOME_DONE && take_values(summary, values, reader, fail);
    struct accumulator_plan plan = {.total = summary, .take_infinities = take_infinities};
    return scan_rewind(reader, fail) && run_pass(&plan, reader, fail);
}

bool scan_second(struct summary *summary, bool take_infinities, struct reader *reader,
                 struct fail *fail)
{
    struct accumulator_plan plan = {
        .total = summary, .take_infinities = take_infinities, .second_scan = true};
    return scan_rewind(reader, fail) && run_pass(&plan, reader, fail);
}
