/* Percentiles need all samples before the first can be changed, which from a pipe means keeping
 * the volume. A program that has counted them anyway writes down the samples of a few ranks. A
 * filter that keeps the order of samples keeps their ranks too, so it need only change the noted
 * samples as it changes all others, and the note is true of what it writes.
 *
 * Others may have changed the samples and kept the note, so it is used but not trusted. While
 * samples pass, those below each noted value and those not above it are counted: the value has the
 * rank that the note says exactly when the rank lies between both counts. All must be finite. That
 * is known after the last sample, and the last samples are held back until then; where the note is
 * untrue they never come, so what was written is incomplete and the program fails.
 *
 * Cost: three comparisons for each sample and each value, up to four of them, in vectors; no
 * memory. Clones may count at the same time: each block is counted apart and added to the totals,
 * which are atomic. Whoever brings the number of samples up to all of them checks the totals; the
 * addition that tells so comes after the counts of every block. */
#include "common/exposure/hint.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/cpu.h"
#include "common/stream/checked.h"
#include "common/text/number.h"

#define KEY "order statistics"
#define NOTE_SIZE 2048

/* The most usual ones come first. */
const double hint_percentiles[HINT_PERCENTILES] = {0, 100, 0.5, 99.5, 1, 99,
                                                   2, 98,  0.1, 99.9, 5, 95};

/* ---- the note -------------------------------------------------------------------------------- */

/* The order statistic of the next rank that there is; the first of all after NULL, NULL after the
 * last. */
static const struct order_statistic *next_in_rank(const struct stats_result *result,
                                                  const struct order_statistic *after)
{
    const struct order_statistic *next = NULL;
    for (size_t i = 0; i < 2 * result->quantile_count; i++) {
        const struct order_statistic *one = &result->order_statistics[i];
        if ((!after || one->rank > after->rank) && (!next || one->rank < next->rank))
            next = one;
    }
    return next;
}

struct note {
    char text[NOTE_SIZE];
    size_t used;
};

static void begin_note(struct note *note, uint64_t samples)
{
    note->used = (size_t)snprintf(note->text, sizeof note->text, "of %" PRIu64, samples);
}

/* Adds what a filter makes of the sample of a rank. False: the filter refuses it or makes it
 * infinite, or there is no room. */
static bool add_to_note(struct note *note, uint64_t rank, float value, const struct filter *filter)
{
    char number[NUMBER_SIZE];
    size_t room = sizeof note->text - note->used;
    if ((filter->change && filter->change(filter->state, &value, 1) != 1) || !isfinite(value))
        return false;
    number_text_float(value, number);
    size_t size = (size_t)snprintf(note->text + note->used, room, " %" PRIu64 ":%s", rank, number);
    note->used += size;
    return size < room;
}

bool hint_write(struct volume *volume, const struct stats_result *result, struct fail *fail)
{
    static const struct filter as_it_is = {0};
    struct note note;
    const struct order_statistic *one = NULL;
    if (result->nans > 0 || result->quantile_count == 0)
        return true;
    begin_note(&note, result->samples);
    while ((one = next_in_rank(result, one)) != NULL)
        if (!add_to_note(&note, one->rank, one->value, &as_it_is))
            return true;
    return volume_set_value(volume, KEY, note.text, fail);
}

/* Writes the note that a filter makes of another one. False: there is none, or it can't be told
 * that all samples stay finite: the least or the largest one is not noted, or not finite. */
static bool map_note(const char *text, const struct filter *filter, struct note *mapped)
{
    uint64_t samples, rank = 0;
    int length;
    float value;
    if (!text || sscanf(text, "of %" SCNu64 "%n", &samples, &length) != 1 || !strstr(text, " 0:"))
        return false;
    begin_note(mapped, samples);
    for (text += length; sscanf(text, " %" SCNu64 ":%f%n", &rank, &value, &length) == 2;
         text += length)
        if (!add_to_note(mapped, rank, value, filter))
            return false;
    return rank + 1 == samples;
}

bool hint_pass(struct volume *volume, const struct filter *filter, struct fail *fail)
{
    struct note mapped;
    bool is_kept = filter && map_note(volume_value(volume, KEY), filter, &mapped);
    return volume_set_value(volume, KEY, is_kept ? mapped.text : NULL, fail);
}

/* The value of a rank in a note; NAN: it has none. */
static float value_of_rank(const char *note, uint64_t rank)
{
    char key[32];
    snprintf(key, sizeof key, " %" PRIu64 ":", rank);
    const char *found = strstr(note, key);
    return found ? strtof(found + strlen(key), NULL) : NAN;
}

/* The order statistics that the note is asked for, and what was counted so far to prove them. */
struct hint {
    uint64_t samples;
    size_t count;
    uint64_t rank[2 * HINT_MOST];
    float value[2 * HINT_MOST];
    _Atomic uint64_t seen, finite, below[2 * HINT_MOST], upto[2 * HINT_MOST];
};

static bool find(const struct volume *volume, const double *quantiles, size_t count,
                 struct hint *hint, double *percentiles)
{
    const char *note = volume_value(volume, KEY);
    struct fail fail = {.text = ""};
    uint64_t samples;
    hint->samples = volume_samples(volume);
    hint->count = 2 * count;
    struct summary summary = {.samples = hint->samples};
    if (!note || count > HINT_MOST || sscanf(note, "of %" SCNu64, &samples) != 1 ||
        samples != hint->samples)
        return false;
    struct order_statistic *wanted = order_statistics_make(quantiles, count, &summary, &fail);
    bool ok = wanted != NULL;
    for (size_t i = 0; ok && i < hint->count; i++) {
        wanted[i].value = hint->value[i] = value_of_rank(note, wanted[i].rank);
        hint->rank[i] = wanted[i].rank;
        ok = isfinite(hint->value[i]);
    }
    for (size_t i = 0; ok && i < count; i++)
        percentiles[i] = order_statistics_percentile(wanted, quantiles, i, &summary);
    free(wanted);
    return ok;
}

/* ---- the proof ------------------------------------------------------------------------------- */

#define BLOCK 8192 /* samples that are counted at once: they stay in the nearest cache */

/* Adds how many samples are finite, less than value, and at most value. Counts are of 32 bits, as
 * wide as samples, so that vectors hold both. */
static inline CPU_INLINE void count_body(float value, const float *v, size_t n, uint32_t counts[3])
{
    uint32_t finite = 0, below = 0, upto = 0;
    for (size_t i = 0; i < n; i++) {
        finite += fabsf(v[i]) <= FLT_MAX;
        below += v[i] < value;
        upto += v[i] <= value;
    }
    counts[0] = finite;
    counts[1] = below;
    counts[2] = upto;
}

CPU_VARIANTS(count_block, count_body, (float value, const float *v, size_t n, uint32_t counts[3]),
             (value, v, n, counts))

static void count(struct hint *hint, const float *v, size_t n)
{
    for (size_t block; n > 0; v += block, n -= block) {
        block = n < BLOCK ? n : BLOCK;
        for (size_t i = 0; i < hint->count; i++) {
            uint32_t counts[3];
            if (i > 0 && hint->value[i] == hint->value[i - 1])
                continue;
            count_block(hint->value[i], v, block, counts);
            hint->finite += i == 0 ? counts[0] : 0;
            hint->below[i] += counts[1];
            hint->upto[i] += counts[2];
        }
    }
}

static bool holds(const struct hint *hint)
{
    bool ok = hint->finite == hint->samples;
    for (size_t i = 0, counted = 0; ok && i < hint->count; i++) {
        counted = i > 0 && hint->value[i] == hint->value[i - 1] ? counted : i;
        ok = hint->below[counted] <= hint->rank[i] && hint->rank[i] < hint->upto[counted];
    }
    return ok;
}

/* The last samples are held back where the note is untrue, whichever they are: threads count. */
static size_t prove(void *state, const struct reader *reader, const float *v, size_t n, uint64_t at,
                    struct fail *fail)
{
    struct hint *hint = state;
    (void)at;
    count(hint, v, n);
    if (atomic_fetch_add(&hint->seen, n) + n < hint->samples || holds(hint))
        return n;
    fail_set(fail,
             "%s: its note '" KEY "' is not true of its samples: they were changed by a program "
             "that kept it; --measure measures instead",
             reader->name);
    return 0;
}

enum outcome hint_percentiles_of(struct reader **reader, const double *quantiles, size_t count,
                                 double *percentiles, struct fail *fail)
{
    struct hint *hint = calloc(1, sizeof *hint);
    if (!hint) {
        fail_errno(fail, "%s", (*reader)->name);
        return OUTCOME_FAILED;
    }
    if (!find(&(*reader)->volume, quantiles, count, hint, percentiles)) {
        free(hint);
        return OUTCOME_CANNOT;
    }
    *reader = checked_reader(prove, hint, *reader, fail);
    return *reader ? OUTCOME_DONE : OUTCOME_FAILED;
}
