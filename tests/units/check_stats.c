/* The statistics and the kernels that use them, on volumes that a test sends: reference/stats.py
 * compares the answers with numpy's. Requests on standard input, answers on standard output, as
 * little-endian numbers in this machine's layout. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/clip.h"
#include "common/kernel/cpu.h"
#include "common/kernel/equalize.h"
#include "common/stats/statistics.h"

enum way {
    WAY_GATHER, /* stats_gather() */
    WAY_ROUNDS, /* two rounds, each of parts that are added up, crowded from the start */
    WAY_LIST,   /* one round of parts that are added up */
};

struct question {
    uint32_t way, samples, parts, bins, has_range, quantiles;
    double range[2], from[2], to[2];
};

/* ---- a volume in memory ---- */

struct memory {
    struct reader reader;
    const float *samples;
};

static size_t memory_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    (void)fail;
    memcpy(v, ((struct memory *)reader)->samples + reader->at, n * sizeof *v);
    return n;
}

static enum outcome memory_rewind(struct reader *reader, struct fail *fail)
{
    (void)reader;
    (void)fail;
    return OUTCOME_DONE;
}

static const struct reader_class memory_class = {.read = memory_read, .rewind = memory_rewind};

static struct memory memory_volume(const float *samples, size_t n)
{
    struct memory memory = {.samples = samples};
    volume_init(&memory.reader.volume);
    memory.reader.volume.size[AXIS_COLUMN] = n;
    memory.reader.class = &memory_class;
    memory.reader.name = "memory";
    return memory;
}

/* ---- ways to an answer ---- */

/* Parts of about the same size; the last one first, so that order matters if it can. */
static bool add_parts(const struct stats_request *request, const struct summary *guide,
                      const float *samples, size_t n, size_t parts, struct summary *sum,
                      struct fail *fail)
{
    for (size_t i = parts; i-- > 0;) {
        size_t begin = n * i / parts, end = n * (i + 1) / parts;
        if (begin == end)
            continue;
        struct memory memory = memory_volume(samples + begin, end - begin);
        struct summary part;
        if (!stats_summarize(request, guide, &memory.reader, &part, fail))
            return false;
        if (!sum->high_counts) {
            /* The first part brings the parts that all of them have. */
            summary_free(sum);
            *sum = part;
            continue;
        }
        bool ok = summary_add(sum, &part, fail);
        summary_free(&part);
        if (!ok)
            return false;
    }
    return true;
}

static bool answer_by_rounds(const struct stats_request *request, const float *samples, size_t n,
                             size_t parts, struct stats_result *result, struct fail *fail)
{
    struct summary guide, sum;
    summary_init(&guide, DICTIONARY_MAX);
    summary_init(&sum, 0);
    guide.has_moments = true;
    bool ok = summary_add_high_counts(&guide, fail) &&
              add_parts(&(struct stats_request){.bins = 0}, NULL, samples, n, parts, &guide, fail);
    summary_overflow(&guide);
    ok = ok && add_parts(request, &guide, samples, n, parts, &sum, fail) &&
         stats_answer(request, &sum, "sum", result, fail);
    summary_free(&guide);
    summary_free(&sum);
    return ok;
}

static bool answer_by_list(const struct stats_request *request, const float *samples, size_t n,
                           size_t parts, struct stats_result *result, struct fail *fail)
{
    struct summary sum;
    summary_init(&sum, DICTIONARY_MAX);
    bool ok = add_parts(request, NULL, samples, n, parts, &sum, fail) &&
              stats_answer(request, &sum, "sum", result, fail);
    summary_free(&sum);
    return ok;
}

static bool answer(const struct question *question, const struct stats_request *request,
                   const float *samples, struct stats_result *result, struct fail *fail)
{
    struct memory memory = memory_volume(samples, question->samples);
    switch ((enum way)question->way) {
    case WAY_GATHER:
        return stats_gather(request, &memory.reader, true, result, fail);
    case WAY_ROUNDS:
        return answer_by_rounds(request, samples, question->samples, question->parts, result, fail);
    case WAY_LIST:
        return answer_by_list(request, samples, question->samples, question->parts, result, fail);
    }
    return false;
}

/* ---- requests ---- */

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void *take(size_t count, size_t size)
{
    void *to = malloc(count * size + 1);
    must(to && fread(to, size, count, stdin) == count);
    return to;
}

static void give(const void *from, size_t count, size_t size)
{
    must(fwrite(from, size, count, stdout) == count);
}

static void give_answer(const struct question *question, const struct stats_result *result)
{
    double scalars[] = {(double)result->samples, (double)result->nans, (double)result->minimum,
                        (double)result->maximum, result->mean,         result->variance};
    give(scalars, sizeof scalars / sizeof scalars[0], sizeof scalars[0]);
    give(result->percentiles, question->quantiles, sizeof result->percentiles[0]);
    give(result->edges, question->bins + 1, sizeof result->edges[0]);
    give(result->counts, question->bins, sizeof result->counts[0]);
}

/* Both kernels, in two spans that no vector divides. */
static void give_kernels(const struct question *question, const struct stats_result *result,
                         float *samples)
{
    struct fail fail = {{0}};
    struct clip clip;
    struct equalize equalize;
    size_t n = question->samples, half = n / 2 | 1;
    half = half < n ? half : n;
    float *changed = malloc(n * sizeof *changed);
    must(changed && equalize_init(&equalize, question->bins, result->edges, result->counts, &fail));
    memcpy(changed, samples, n * sizeof *changed);
    equalize_span(&equalize, changed, half);
    equalize_span(&equalize, changed + half, n - half);
    give(changed, n, sizeof *changed);
    must(clip_init(&clip, question->from, question->to));
    memcpy(changed, samples, n * sizeof *changed);
    clip_span(&clip, changed, half);
    clip_span(&clip, changed + half, n - half);
    give(changed, n, sizeof *changed);
    equalize_free(&equalize);
    free(changed);
}

int main(void)
{
    struct question question;
    struct fail choice = {{0}};
    must(cpu_choose(getenv("VOL_CPU"), &choice));
    while (fread(&question, sizeof question, 1, stdin) == 1) {
        double *quantiles = take(question.quantiles, sizeof *quantiles);
        float *samples = take(question.samples, sizeof *samples);
        struct stats_request request = {.moments = true,
                                        .quantiles = quantiles,
                                        .quantile_count = question.quantiles,
                                        .bins = question.bins,
                                        .range = question.has_range ? question.range : NULL};
        struct stats_result result;
        struct fail fail = {{0}};
        uint32_t ok = answer(&question, &request, samples, &result, &fail);
        give(&ok, 1, sizeof ok);
        if (ok) {
            give_answer(&question, &result);
            give_kernels(&question, &result, samples);
        } else {
            give(fail.text, sizeof fail.text, 1);
        }
        fflush(stdout);
        stats_free(&result);
        free(quantiles);
        free(samples);
    }
    return 0;
}
