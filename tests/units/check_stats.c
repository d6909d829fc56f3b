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
    WAY_ROUNDS, /* two rounds, in each summaries of parts are added; overflowed from the start */
    WAY_LIST,   /* one round in which summaries of parts are added */
};

struct header {
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

/* Parts of about the same size, the last one first: the order must not matter. */
static bool add_parts(const struct stats_request *request, const struct summary *whole,
                      const float *samples, size_t n, size_t parts, struct summary *sum,
                      struct fail *fail)
{
    for (size_t i = parts; i-- > 0;) {
        size_t begin = n * i / parts, end = n * (i + 1) / parts;
        if (begin == end)
            continue;
        struct memory memory = memory_volume(samples + begin, end - begin);
        struct summary part;
        if (!stats_summarize(request, whole, &memory.reader, &part, fail))
            return false;
        if (!sum->high_counts) {
            /* The first part has the counters that all of them have. */
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
    struct summary whole, sum;
    summary_init(&whole, DICTIONARY_MAX);
    summary_init(&sum, 0);
    whole.has_moments = true;
    bool ok = summary_add_high_counts(&whole, fail) &&
              add_parts(&(struct stats_request){.bins = 0}, NULL, samples, n, parts, &whole, fail);
    summary_overflow(&whole);
    ok = ok && add_parts(request, &whole, samples, n, parts, &sum, fail) &&
         stats_answer(request, &sum, "sum", result, fail);
    summary_free(&whole);
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

static bool answer(const struct header *header, const struct stats_request *request,
                   const float *samples, struct stats_result *result, struct fail *fail)
{
    struct memory memory = memory_volume(samples, header->samples);
    switch ((enum way)header->way) {
    case WAY_GATHER:
        return stats_gather(request, &memory.reader, true, result, fail);
    case WAY_ROUNDS:
        return answer_by_rounds(request, samples, header->samples, header->parts, result, fail);
    case WAY_LIST:
        return answer_by_list(request, samples, header->samples, header->parts, result, fail);
    }
    return false;
}

/* ---- requests ---- */

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void *read_array(size_t count, size_t size)
{
    void *to = malloc(count * size + 1);
    must(to && fread(to, size, count, stdin) == count);
    return to;
}

static void write_array(const void *from, size_t count, size_t size)
{
    must(fwrite(from, size, count, stdout) == count);
}

static void write_answer(const struct header *header, const struct stats_result *result)
{
    double scalars[] = {(double)result->samples, (double)result->nans, (double)result->minimum,
                        (double)result->maximum, result->mean,         result->variance};
    write_array(scalars, sizeof scalars / sizeof scalars[0], sizeof scalars[0]);
    write_array(result->percentiles, header->quantiles, sizeof result->percentiles[0]);
    write_array(result->edges, header->bins + 1, sizeof result->edges[0]);
    write_array(result->counts, header->bins, sizeof result->counts[0]);
}

/* Both kernels, in two spans that no vector divides. */
static void write_kernels(const struct header *header, const struct stats_result *result,
                          float *samples)
{
    struct fail fail = {.text = ""};
    struct clip clip;
    struct equalize equalize;
    size_t n = header->samples, half = n / 2 | 1;
    half = half < n ? half : n;
    float *changed = malloc(n * sizeof *changed);
    must(changed && equalize_init(&equalize, header->bins, result->edges, result->counts, &fail));
    memcpy(changed, samples, n * sizeof *changed);
    equalize_span(&equalize, changed, half);
    equalize_span(&equalize, changed + half, n - half);
    write_array(changed, n, sizeof *changed);
    must(clip_init(&clip, header->from, header->to));
    memcpy(changed, samples, n * sizeof *changed);
    clip_span(&clip, changed, half);
    clip_span(&clip, changed + half, n - half);
    write_array(changed, n, sizeof *changed);
    equalize_free(&equalize);
    free(changed);
}

int main(void)
{
    struct header header;
    struct fail choice = {.text = ""};
    must(cpu_choose(getenv("VOL_CPU"), &choice));
    while (fread(&header, sizeof header, 1, stdin) == 1) {
        double *quantiles = read_array(header.quantiles, sizeof *quantiles);
        float *samples = read_array(header.samples, sizeof *samples);
        struct stats_request request = {.moments = true,
                                        .quantiles = quantiles,
                                        .quantile_count = header.quantiles,
                                        .bins = header.bins,
                                        .range = header.has_range ? header.range : NULL};
        struct stats_result result;
        struct fail fail = {.text = ""};
        uint32_t ok = answer(&header, &request, samples, &result, &fail);
        write_array(&ok, 1, sizeof ok);
        if (ok) {
            write_answer(&header, &result);
            write_kernels(&header, &result, samples);
        } else {
            write_array(fail.text, sizeof fail.text, 1);
        }
        fflush(stdout);
        stats_free(&result);
        free(quantiles);
        free(samples);
    }
    return 0;
}
