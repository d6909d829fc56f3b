#include "common/stats/scan.h"

#include "common/stats/tally.h"
#include "common/stream/second_pass.h"
#include "common/volume/part.h"
#include "common/volume/values.h"

static bool count_volume(struct tally *tallies, size_t count, struct reader *reader,
                         struct fail *fail)
{
    void *states[LOOP_MAX_STATES];
    for (size_t i = 0; i < count; i++)
        states[i] = &tallies[i];
    bool ok = loop_parallel(tally_block, states, count, reader, fail);
    for (size_t i = 0; ok && i < count; i++)
        ok = tally_collect(&tallies[i], fail);
    return ok;
}

/* Which tally counts a block is left to chance; no result depends on it. */
static bool scan(struct tally_plan *plan, struct reader *reader, struct fail *fail)
{
    struct tally tallies[LOOP_MAX_STATES];
    bool ok = scan_rewind(reader, fail);
    size_t count = loop_thread_states(reader), begun = 0; /* of the samples that are left */
    plan->reader = reader;
    pthread_mutex_init(&plan->mutex, NULL);
    while (ok && begun < count)
        ok = tally_init(&tallies[begun++], plan, fail);
    ok = ok && count_volume(tallies, count, reader, fail);
    for (size_t i = 0; i < begun; i++)
        tally_free(&tallies[i]);
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

bool scan_first(struct summary *summary, bool allow_infinities, struct reader *reader,
                struct fail *fail)
{
    const struct dictionary *values;
    if (volume_is_values(&reader->volume))
        return fail_set(fail,
                        "%s: has each value of a volume once, and not its samples: give "
                        "--stats",
                        reader->name);
    struct tally_plan plan = {.total = summary, .allow_infinities = allow_infinities};
    enum outcome counted = second_pass_count(reader, &values, fail);
    if (counted == OUTCOME_CANNOT)
        return scan(&plan, reader, fail);
    summary->samples = volume_samples(&reader->volume);
    if (!summary->overflowed)
        summary->max_values = DICTIONARY_MAX; /* the list is there already, however long it is */
    return counted == OUTCOME_DONE && summary_add_dictionary(summary, values, fail);
}

bool scan_second(struct summary *summary, struct reader *reader, struct fail *fail)
{
    struct tally_plan plan = {.total = summary, .second_scan = true};
    if (!scan(&plan, reader, fail))
        return false;
    /* NaN and infinities were counted as outside. */
    if (summary->histogram.bins > 0)
        summary->histogram.counts[summary->histogram.bins] -=
            summary->samples - summary_finite(summary);
    return true;
}
