/* The statistics and the kernels that use them, on volumes that a test sends: stats_reference.py
 * compares the answers with numpy's. Requests on standard input, answers on standard output, as
 * little-endian numbers in this machine's layout. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cpu.h"
#include "common/kernel_clip.h"
#include "common/kernel_equalize.h"
#include "common/stats.h"

enum way {
    WAY_GATHER, /* stats_gather() */
    WAY_ROUNDS, /* two rounds, each of parts that are added up, crowded from the start */
    WAY_LIST,   /* one round of parts that are added up */
};

struct request {
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

static bool memory_rewind(struct reader *reader, struct fail *fail)
{
    (void)reader;
    (void)fail;
    return true;
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
static bool add_parts(const struct stats_want *want, const struct summary *guide,
                      const float *samples, size_t n, size_t parts, struct summary *sum,
                      struct fail *fail)
{
    for (size_t i = parts; i-- > 0;) {
        size_t begin = n * i / parts, end = n * (i + 1) / parts;
        if (begin == end)
            continue;
        struct memory memory = memory_volume(samples + begin, end - begin);
        struct summary part;
        if (!stats_summarize(want, guide, &memory.reader, &part, fail))
            return false;
        if (!sum->coarse) {
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

static bool answer_by_rounds(const struct stats_want *want, const float *samples, size_t n,
                             size_t parts, struct stats_have *have, struct fail *fail)
{
    struct summary guide, sum;
    summary_init(&guide, DISTINCT_MOST);
    summary_init(&sum, 0);
    guide.has_moments = true;
    bool ok = summary_add_coarse(&guide, fail) &&
              add_parts(&(struct stats_want){.bins = 0}, NULL, samples, n, parts, &guide, fail);
    summary_crowd(&guide);
    ok = ok && add_parts(want, &guide, samples, n, parts, &sum, fail) &&
         stats_answer(want, &sum, "sum", have, fail);
    summary_free(&guide);
    summary_free(&sum);
    return ok;
}

static bool answer_by_list(const struct stats_want *want, const float *samples, size_t n,
                           size_t parts, struct stats_have *have, struct fail *fail)
{
    struct summary sum;
    summary_init(&sum, DISTINCT_MOST);
    bool ok = add_parts(want, NULL, samples, n, parts, &sum, fail) &&
              stats_answer(want, &sum, "sum", have, fail);
    summary_free(&sum);
    return ok;
}

static bool answer(const struct request *request, const struct stats_want *want,
                   const float *samples, struct stats_have *have, struct fail *fail)
{
    struct memory memory = memory_volume(samples, request->samples);
    switch ((enum way)request->way) {
    case WAY_GATHER:
        return stats_gather(want, &memory.reader, true, have, fail);
    case WAY_ROUNDS:
        return answer_by_rounds(want, samples, request->samples, request->parts, have, fail);
    case WAY_LIST:
        return answer_by_list(want, samples, request->samples, request->parts, have, fail);
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

static void give_answer(const struct request *request, const struct stats_have *have)
{
    double scalars[] = {(double)have->samples, (double)have->nans, (double)have->minimum,
                        (double)have->maximum, have->mean,         have->variance};
    give(scalars, sizeof scalars / sizeof scalars[0], sizeof scalars[0]);
    give(have->percentiles, request->quantiles, sizeof have->percentiles[0]);
    give(have->edges, request->bins + 1, sizeof have->edges[0]);
    give(have->counts, request->bins, sizeof have->counts[0]);
}

/* Both kernels, in two spans that no vector divides. */
static void give_kernels(const struct request *request, const struct stats_have *have,
                         float *samples)
{
    struct fail fail = {{0}};
    struct clip clip;
    struct equalize equalize;
    size_t n = request->samples, half = n / 2 | 1;
    half = half < n ? half : n;
    float *changed = malloc(n * sizeof *changed);
    must(changed && equalize_init(&equalize, request->bins, have->edges, have->counts, &fail));
    memcpy(changed, samples, n * sizeof *changed);
    equalize_span(&equalize, changed, half);
    equalize_span(&equalize, changed + half, n - half);
    give(changed, n, sizeof *changed);
    must(clip_init(&clip, request->from, request->to));
    memcpy(changed, samples, n * sizeof *changed);
    clip_span(&clip, changed, half);
    clip_span(&clip, changed + half, n - half);
    give(changed, n, sizeof *changed);
    equalize_free(&equalize);
    free(changed);
}

int main(void)
{
    struct request request;
    struct fail choice = {{0}};
    must(cpu_choose(getenv("VOL_CPU"), &choice));
    while (fread(&request, sizeof request, 1, stdin) == 1) {
        double *quantiles = take(request.quantiles, sizeof *quantiles);
        float *samples = take(request.samples, sizeof *samples);
        struct stats_want want = {.moments = true,
                                  .quantiles = quantiles,
                                  .quantile_count = request.quantiles,
                                  .bins = request.bins,
                                  .range = request.has_range ? request.range : NULL};
        struct stats_have have;
        struct fail fail = {{0}};
        uint32_t ok = answer(&request, &want, samples, &have, &fail);
        give(&ok, 1, sizeof ok);
        if (ok) {
            give_answer(&request, &have);
            give_kernels(&request, &have, samples);
        } else {
            give(fail.text, sizeof fail.text, 1);
        }
        fflush(stdout);
        stats_free(&have);
        free(quantiles);
        free(samples);
    }
    return 0;
}
