#include "common/look.h"

#include <stdlib.h>

#include "common/pass.h"
#include "common/tally.h"

/* What a thread counts. Which of them counts a block depends on the time: nothing that is counted
 * depends on it. */
struct lane {
    struct tally tally;
    const struct reader *reader;
    bool ended; /* by a block that it could not count */
};

bool look_infinity_fails(const struct reader *reader, uint64_t at, struct fail *fail)
{
    char place[PLACE_SIZE];
    return fail_set(fail,
                    "%s: infinite sample at %s; statistics need finite ones (volclip -v LOW,HIGH "
                    "makes them)",
                    reader->name, reader_place(reader, at, place));
}

static bool count_block(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct lane *lane = state;
    struct tally *tally = &lane->tally;
    if (!lane->ended && tally_block(tally, v, n, at))
        return true;
    lane->ended = true;
    return tally->fail.text[0] != '\0'
               ? fail_set(fail, "%s", tally->fail.text)
               : look_infinity_fails(lane->reader, tally->own.first_infinity, fail);
}

static bool count_volume(struct tally_plan *plan, struct lane *lanes, size_t count,
                         struct reader *reader, struct fail *fail)
{
    void *states[PASS_SHARES];
    for (size_t i = 0; i < count; i++)
        states[i] = &lanes[i];
    plan->total->first_infinity = UINT64_MAX;
    bool ok = pass_share(count_block, states, count, reader, fail);
    for (size_t i = 0; ok && i < count; i++)
        ok = tally_collect(&lanes[i].tally) || fail_set(fail, "%s", lanes[i].tally.fail.text);
    return ok;
}

static bool run_pass(struct tally_plan *plan, struct reader *reader, struct fail *fail)
{
    struct lane lanes[PASS_SHARES];
    size_t count = pass_shares(reader), begun = 0;
    pthread_mutex_init(&plan->mutex, NULL);
    bool ok = true;
    for (; ok && begun < count; begun++) {
        lanes[begun] = (struct lane){.reader = reader};
        ok = tally_init(&lanes[begun].tally, plan, fail);
    }
    ok = ok && count_volume(plan, lanes, count, reader, fail);
    for (size_t i = 0; i < begun; i++)
        tally_free(&lanes[i].tally);
    pthread_mutex_destroy(&plan->mutex);
    return ok;
}

bool look_rewind(struct reader *reader, struct fail *fail)
{
    return reader->at == 0 || reader_rewind(reader, fail) ||
           fail_set(fail, "%s: can't be read a second time", reader->name);
}

static bool take_values(struct summary *summary, const struct distinct *values,
                        const struct reader *reader, struct fail *fail)
{
    struct value_count *list = malloc(values->used * sizeof *list);
    if (!list)
        return fail_errno(fail, "statistics");
    distinct_list(values, list);
    summary->samples = volume_samples(&reader->volume);
    bool ok = summary_add_values(summary, list, values->used, fail);
    free(list);
    return ok;
}

bool look_first(struct summary *summary, bool take_infinities, struct reader *reader,
                struct fail *fail)
{
    const struct distinct *values = reader_values(reader, fail);
    if (values || fail->text[0] != '\0')
        return values && take_values(summary, values, reader, fail);
    struct tally_plan plan = {.total = summary, .take_infinities = take_infinities};
    return look_rewind(reader, fail) && run_pass(&plan, reader, fail);
}

bool look_second(struct summary *summary, bool take_infinities, struct reader *reader,
                 struct fail *fail)
{
    struct tally_plan plan = {
        .total = summary, .take_infinities = take_infinities, .second_look = true};
    return look_rewind(reader, fail) && run_pass(&plan, reader, fail);
}
