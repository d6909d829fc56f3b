#include "common/look.h"

#include <stdlib.h>

#include <string.h>

#include "common/crew.h"
#include "common/pass.h"
#include "common/tally.h"

/* Two count about as fast as one reads. */
#define LANES_MOST 2
#define BLOCKS (2 * LANES_MOST)
/* A smaller volume is not worth a thread. */
#define LANE_SAMPLES (8 * (uint64_t)PASS_BLOCK)

/* Blocks are counted in lanes, and which lane counts a block depends on the time: nothing that is
 * counted depends on the lane. */
struct lane {
    struct tally tally;
    bool ended; /* by a block that it could not count */
};

struct block {
    float v[PASS_BLOCK];
    size_t n;
    uint64_t at;
    bool counted;
};

struct lanes {
    struct lane lane[LANES_MOST];
    size_t count;
    struct block *blocks; /* one lane alone needs none */
    size_t given;         /* blocks, up to all of them */
    struct crew *crew;
};

static void count_block(void *worker, void *job)
{
    struct lane *lane = worker;
    struct block *block = job;
    block->counted = !lane->ended && tally_block(&lane->tally, block->v, block->n, block->at);
    lane->ended |= !block->counted;
}

static bool look_at(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    (void)fail;
    struct lanes *lanes = state;
    if (lanes->count == 1)
        return tally_block(&lanes->lane[0].tally, v, n, at);
    bool is_new = lanes->given < BLOCKS;
    struct block *block = is_new ? &lanes->blocks[lanes->given++] : crew_take(lanes->crew);
    if (!is_new && !block->counted)
        return false;
    memcpy(block->v, v, n * sizeof *v);
    block->n = n;
    block->at = at;
    crew_give(lanes->crew, block);
    return true;
}

static bool begin_lanes(struct lanes *lanes, struct fail *fail)
{
    if (lanes->count == 1)
        return true;
    void *workers[LANES_MOST];
    for (size_t i = 0; i < lanes->count; i++)
        workers[i] = &lanes->lane[i];
    lanes->blocks = malloc(BLOCKS * sizeof *lanes->blocks);
    lanes->crew = lanes->blocks ? crew_start(count_block, workers, lanes->count) : NULL;
    return lanes->crew || fail_errno(fail, "statistics");
}

/* False when a block could not be counted; all blocks before it have been. */
static bool end_lanes(struct lanes *lanes)
{
    bool ok = true;
    crew_finish(lanes->crew);
    free(lanes->blocks);
    for (size_t i = 0; i < lanes->count; i++)
        ok &= !lanes->lane[i].ended;
    return ok;
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
static bool pass_fails(const struct lanes *lanes, const struct tally_plan *plan,
                       const struct reader *reader, const struct fail *reading, struct fail *fail)
{
    uint64_t infinity = plan->total->first_infinity;
    for (size_t i = 0; i < lanes->count; i++)
        if (lanes->lane[i].tally.own.first_infinity < infinity)
            infinity = lanes->lane[i].tally.own.first_infinity;
    if (infinity < UINT64_MAX && !plan->take_infinities)
        return look_infinity_fails(reader, infinity, fail);
    for (size_t i = 0; i < lanes->count; i++)
        if (lanes->lane[i].tally.fail.text[0] != '\0')
            fail_set(fail, "%s", lanes->lane[i].tally.fail.text);
    return fail_set(fail, "%s", reading->text);
}

static bool count_volume(struct tally_plan *plan, struct lanes *lanes, struct reader *reader,
                         struct fail *fail)
{
    struct fail reading = {{0}};
    plan->total->first_infinity = UINT64_MAX;
    bool ok = begin_lanes(lanes, &reading) && pass_look(look_at, lanes, reader, &reading);
    ok = end_lanes(lanes) && ok;
    for (size_t i = 0; ok && i < lanes->count; i++)
        ok = tally_collect(&lanes->lane[i].tally);
    return ok || pass_fails(lanes, plan, reader, &reading, fail);
}

static size_t lane_count(const struct reader *reader)
{
    size_t processors = crew_processors();
    bool small = volume_samples(&reader->volume) < LANE_SAMPLES;
    return small ? 1 : processors < LANES_MOST ? processors : LANES_MOST;
}

static bool run_pass(struct tally_plan *plan, struct reader *reader, struct fail *fail)
{
    struct lanes lanes = {.count = lane_count(reader)};
    size_t begun = 0;
    pthread_mutex_init(&plan->mutex, NULL);
    bool ok = true;
    for (; ok && begun < lanes.count; begun++)
        ok = tally_init(&lanes.lane[begun].tally, plan, fail);
    ok = ok && count_volume(plan, &lanes, reader, fail);
    for (size_t i = 0; i < begun; i++)
        tally_free(&lanes.lane[i].tally);
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
