#include "common/stats/file_source.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "common/kernel/cpu.h"
#include "common/kernel/sortable.h"
#include "common/stats/file.h"
#include "common/stream/checked.h"
#include "common/stream/second_pass.h"
#include "common/volume/values.h"

static const char *source_name(const struct stats_source *source)
{
    return stats_file_name(source->pool ? source->pool : source->path);
}

/* ---- whether samples can be those that were counted ------------------------------------------ */

/* Looks up one sample in so many in the list of values: enough for a volume of the same shape
 * and range to be noticed, and too few to take time. Prime, so that rows of no common length let it
 * meet the same columns only. */
#define LOOKED_UP 509

struct known {
    float low, high;
    bool has_nans;
    const char *file; /* for messages */
    size_t count;     /* of values, ascending; 0: it has no list */
    float values[];
};

/* How many samples are below low, above high, or NaN. Counts are of 32 bits, as wide as samples. */
static inline CPU_INLINE void count_outside(const struct known *known, const float *v, size_t n,
                                            uint32_t *outside)
{
    uint32_t inside = 0;
    for (size_t i = 0; i < n; i++)
        inside += (v[i] >= known->low) & (v[i] <= known->high);
    *outside = (uint32_t)n - inside;
}

CPU_VARIANTS(count_span, count_outside,
             (const struct known *known, const float *v, size_t n, uint32_t *outside),
             (known, v, n, outside))

static size_t first_outside(const struct known *known, const float *v, size_t n)
{
    uint32_t outside;
    size_t i = 0;
    count_span(known, v, n, &outside);
    while (outside > 0 && i < n &&
           (isnan(v[i]) ? known->has_nans : v[i] >= known->low && v[i] <= known->high))
        i++;
    return outside > 0 ? i : n;
}

static int by_value(const void *key, const void *value)
{
    float a = *(const float *)key, b = *(const float *)value;
    return a < b ? -1 : a > b;
}

static size_t first_unlisted(const struct known *known, const float *v, size_t n, uint64_t at)
{
    size_t i = (size_t)((LOOKED_UP - at % LOOKED_UP) % LOOKED_UP);
    while (known->count > 0 && i < n &&
           (v[i] - v[i] != 0 || bsearch(&v[i], known->values, known->count, sizeof v[i], by_value)))
        i += LOOKED_UP;
    return known->count > 0 && i < n ? i : n;
}

static size_t check(void *state, const struct reader *reader, const float *v, size_t n, uint64_t at,
                    struct fail *fail)
{
    const struct known *known = state;
    char place[PLACE_SIZE];
    size_t right = first_outside(known, v, n);
    size_t listed = first_unlisted(known, v, right, at);
    if (listed < n)
        fail_set(
            fail,
            "%s: sample %.9g at %s is not among those that %s has counted: it is of another volume",
            reader->name, (double)v[listed], reader_place(reader, at + listed, place), known->file);
    return listed;
}

static struct reader *check_reader(const struct stats_source *source, const struct summary *summary,
                                   struct reader *reader, struct fail *fail)
{
    size_t count = summary->overflowed ? 0 : summary->value_count;
    struct known *known = malloc(sizeof *known + count * sizeof(float));
    if (!known) {
        fail_errno(fail, "%s", source_name(source));
        reader_close(reader);
        return NULL;
    }
    *known =
        (struct known){.low = summary->infinities[0] > 0 ? -INFINITY : summary_minimum(summary),
                       .high = summary->infinities[1] > 0 ? INFINITY : summary_maximum(summary),
                       .has_nans = summary->nans > 0,
                       .file = source_name(source),
                       .count = count};
    for (size_t i = 0; i < count; i++)
        known->values[i] = sortable_to_float(summary->values[i].sortable);
    return checked_reader(check, known, reader, fail);
}

/* ---- reading the file ------------------------------------------------------------------------ */

/* A file of a whole volume is for each slab of it as well. */
static bool counts_fit(const struct stats_source *source, const struct summary *summary,
                       const struct reader *reader, struct fail *fail)
{
    char missing[PART_LIST_TEXT];
    uint64_t samples = volume_whole_samples(&reader->volume);
    if (summary->planes.count > 0)
        return fail_set(fail, "%s: statistics without %s: volstats --merge adds those of all slabs",
                        source_name(source), part_list_missing(&summary->planes, missing));
    if (source->pool ? summary->samples >= samples : summary->samples == samples)
        return true;
    return fail_set(fail, "%s: statistics of %" PRIu64 " samples, but %s has %" PRIu64,
                    source_name(source), summary->samples, reader->name, samples);
}

static bool channels_fit(const struct stats_source *source, const struct reader *reader,
                         struct fail *fail)
{
    uint64_t found = stats_file_channels(source->file);
    uint64_t wanted = source->channels > 1 ? source->channels : 1;
    if (found == wanted)
        return true;
    if (wanted == 1)
        return fail_set(fail,
                        "%s: statistics of %" PRIu64 " channels, each by itself, but %s is counted "
                        "as one: volstats --pool-channels makes such, of one channel volcrop "
                        "--channels before it",
                        source_name(source), found, reader->name);
    return fail_set(fail,
                    "%s: statistics of %" PRIu64 " channel%s, but %" PRIu64
                    " are treated each by itself: make it by volstats without --pool-channels, or "
                    "treat all together by --pool-channels",
                    source_name(source), found, found == 1 ? " or of all together" : "s", wanted);
}

static bool read_next(struct stats_source *source, const struct reader *reader,
                      struct summary *summary, struct fail *fail)
{
    if (!source->file)
        source->file = stats_file_open(source->pool ? source->pool : source->path, fail);
    return source->file && channels_fit(source, reader, fail) &&
           stats_file_next(source->file, summary, fail);
}

bool stats_source_read(struct stats_source *source, struct reader **reader, struct summary *summary,
                       struct fail *fail)
{
    summary_init(summary, 0);
    bool ok = read_next(source, *reader, summary, fail) &&
              counts_fit(source, summary, *reader, fail) &&
              (*reader = check_reader(source, summary, *reader, fail)) != NULL;
    if (!ok)
        summary_free(summary);
    if (!ok || ++source->asked >= source->channels) {
        stats_file_close(source->file);
        source->file = NULL;
    }
    return ok;
}

bool stats_source_answer(struct stats_source *source, const struct stats_request *request,
                         struct reader **reader, struct stats_result *result, struct fail *fail)
{
    struct summary summary;
    *result = (struct stats_result){.samples = 0};
    if (!stats_source_exists(source)) {
        *reader = second_pass_reader(*reader, fail);
        return *reader && stats_gather(request, *reader, true, result, fail);
    }
    if (!stats_source_read(source, reader, &summary, fail))
        return false;
    bool ok = stats_answer(request, &summary, source_name(source), result, fail);
    summary_free(&summary);
    return ok;
}
