#include "common/look.h"

#include <stdlib.h>

#include "common/lanes.h"
#include "common/pass.h"
#include "common/tally.h"

#define LANES_MOST 2
/* A smaller volume is not worth a thread. */
#define LANE_SAMPLES (8 * (uint64_t)PASS_BLOCK)

static bool look_at(void *lanes, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    (void)fail;
    return lanes_give(lanes, v, n, at);
}

bool look_infinity_fails(const struct reader *reader, uint64_t at, struct fail *fail)
{
    char place[PLACE_SIZE];
    return fail_set(fail,
                    "%s: infinite sample at %s; statistics need finite ones (volclip -v LOW,HIGH "
                    "makes them)",
                    reader->name, reader_place(reader, at, place));
}

/* What went wrong, the earliest sample first, whichever lane saw it. */
static bool pass_fails(const struct tally *tallies, size_t lanes, const struct reader *reader,
                       const struct fail *reading, struct fail *fail)
{
    uint64_t infinity = tallies[0].plan->total->first_infinity;
    for (size_t i = 0; i < lanes; i++)
        if (tallies[i].own.first_infinity < infinity)
            infinity = tallies[i].own.first_infinity;
    if (infinity < UINT64_MAX && !tallies[0].plan->take_infinities)
        return look_infinity_fails(reader, infinity, fail);
    for (size_t i = 0; i < lanes; i++)
        if (tallies[i].fail.text[0] != '\0')
            fail_set(fail, "%s", tallies[i].fail.text);
    return fail_set(fail, "%s", reading->text);
}

static bool count_volume(struct tally_plan *plan, struct tally *tallies, size_t lane_count,
                         struct reader *reader, struct fail *fail)
{
    void *states[LANES_MOST] = {&tallies[0], &tallies[LANES_MOST - 1]};
    struct lanes *lanes = lanes_start(tally_block, states, lane_count);
    if (!lanes)
        return fail_errno(fail, "statistics");
    plan->total->first_infinity = UINT64_MAX;
    struct fail reading = {{0}};
    bool ok = pass_look(look_at, lanes, reader, &reading);
    ok = lanes_finish(lanes) && ok;
    for (size_t i = 0; ok && i < lane_count; i++)
        ok = tally_collect(&tallies[i]);
    return ok || pass_fails(tallies, lane_count, reader, &reading, fail);
}

static bool run_pass(struct tally_plan *plan, struct reader *reader, struct fail *fail)
{
    bool small = volume_samples(&reader->volume) < LANE_SAMPLES;
    size_t lane_count = small ? 1 : lanes_count(), begun = 0;
    struct tally tallies[LANES_MOST];
    pthread_mutex_init(&plan->mutex, NULL);
    bool ok = true;
    for (; ok && begun < lane_count; begun++)
        ok = tally_init(&tallies[begun], plan, fail);
    ok = ok && count_volume(plan, tallies, lane_count, reader, fail);
    for (size_t i = 0; i < begun; i++)
        tally_free(&tallies[i]);
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
