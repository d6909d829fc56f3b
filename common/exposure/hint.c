#include "common/exposure/hint.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/number.h"
#include "common/kernel/cpu.h"

#define KEY "order statistics" /* dropped by volume_add_history() */
#define NOTE_SIZE 2048

const double hint_percentiles[HINT_PERCENTILES] = {0.5, 1, 99, 99.5};

/* ---- the note -------------------------------------------------------------------------------- */

bool hint_write(struct volume *volume, const struct stats_result *result,
                float (*map)(const void *state, float value), const void *state, struct fail *fail)
{
    char note[NOTE_SIZE], number[NUMBER_SIZE];
    int used = snprintf(note, sizeof note, "of %" PRIu64, result->samples);
    uint64_t last = UINT64_MAX;
    if (result->nans > 0 || !result->order_statistics)
        return true;
    for (size_t i = 0; i < (size_t)2 * HINT_PERCENTILES; i++) {
        const struct order_statistic *one = &result->order_statistics[i];
        if (one->rank == last)
            continue;
        last = one->rank;
        number_text_float(map(state, one->value), number);
        used +=
            snprintf(note + used, sizeof note - (size_t)used, " %" PRIu64 ":%s", one->rank, number);
    }
    return volume_set_value(volume, KEY, note, fail);
}

/* The value of a rank in a note; NAN: it has none. */
static float value_of_rank(const char *note, uint64_t rank)
{
    char key[32];
    snprintf(key, sizeof key, " %" PRIu64 ":", rank);
    const char *found = strstr(note, key);
    return found ? strtof(found + strlen(key), NULL) : NAN;
}

bool hint_find(const struct volume *volume, const double *quantiles, size_t count,
               struct hint *hint)
{
    const char *note = volume_value(volume, KEY);
    struct fail fail = {.text = ""};
    memset(hint, 0, sizeof *hint);
    hint->samples = volume_samples(volume);
    struct summary summary = {.samples = hint->samples};
    uint64_t samples;
    if (!note || count > HINT_MOST || sscanf(note, "of %" SCNu64, &samples) != 1 ||
        samples != hint->samples)
        return false;
    struct order_statistic *wanted = order_statistics_make(quantiles, count, &summary, &fail);
    bool ok = wanted != NULL;
    for (size_t i = 0; ok && i < 2 * count; i++) {
        wanted[i].value = hint->value[i] = value_of_rank(note, wanted[i].rank);
        hint->rank[i] = wanted[i].rank;
        ok = isfinite(hint->value[i]);
    }
    for (size_t i = 0; ok && i < count; i++)
        hint->percentiles[i] = order_statistics_percentile(wanted, quantiles, i, &summary);
    hint->count = 2 * count;
    free(wanted);
    return ok;
}

/* ---- the proof ------------------------------------------------------------------------------- */

#define PART 8192 /* samples that are counted at once: they stay in the nearest cache */

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

CPU_VARIANTS(count_part, count_body, (float value, const float *v, size_t n, uint32_t counts[3]),
             (value, v, n, counts))

void hint_count(struct hint *hint, const float *v, size_t n)
{
    for (size_t part; n > 0; v += part, n -= part) {
        part = n < PART ? n : PART;
        for (size_t i = 0; i < hint->count; i++) {
            uint32_t counts[3];
            if (i > 0 && hint->value[i] == hint->value[i - 1])
                continue;
            count_part(hint->value[i], v, part, counts);
            hint->finite += i == 0 ? counts[0] : 0;
            hint->below[i] += counts[1];
            hint->upto[i] += counts[2];
        }
    }
}

bool hint_holds(const struct hint *hint)
{
    bool holds = hint->finite == hint->samples;
    for (size_t i = 0, counted = 0; holds && i < hint->count; i++) {
        counted = i > 0 && hint->value[i] == hint->value[i - 1] ? counted : i;
        holds = hint->below[counted] <= hint->rank[i] && hint->rank[i] < hint->upto[counted];
    }
    return holds;
}

/* ---- the last samples are held back ---------------------------------------------------------- */

struct hint_writer {
    struct writer writer;
    struct writer *to;
    const struct hint *hint;
    const char *name, *option;
};

static bool hint_writer_write(struct writer *writer, const float *v, size_t n, struct fail *fail)
{
    struct hint_writer *held = (struct hint_writer *)writer;
    if (writer->unwritten == 0 && !hint_holds(held->hint))
        return fail_set(fail,
                        "%s: its note '" KEY "' is not true of its samples: they were changed by a "
                        "program that kept it; %s measures instead",
                        held->name, held->option);
    return writer_write(held->to, v, n, fail);
}

static bool hint_writer_close(struct writer *writer, bool whole, struct fail *fail)
{
    struct hint_writer *held = (struct hint_writer *)writer;
    whole = writer_close(held->to, whole, fail);
    free(held);
    return whole;
}

struct writer *hint_writer(struct writer *writer, const struct hint *hint, uint64_t samples,
                           const char *name, const char *option, struct fail *fail)
{
    static const struct writer_class class = {.write = hint_writer_write,
                                              .close = hint_writer_close};
    struct hint_writer *held = calloc(1, sizeof *held);
    if (!held) {
        bool closed = fail_errno(fail, "to write") || writer_close(writer, false, fail);
        (void)closed;
        return NULL;
    }
    held->writer.class = &class;
    held->writer.notice = writer->notice;
    held->writer.unwritten = samples;
    held->to = writer;
    held->hint = hint;
    held->name = name;
    held->option = option;
    return &held->writer;
}
