#include <inttypes.h>

#include "common/kernel/sortable.h"
#include "common/stats/file.h"
#include "common/stats/file_words.h"
#include "common/text/lines.h"
#include "common/text/number.h"

/* Writes which planes were counted, where these are not all. */
static bool put_planes(struct text_out *out, const struct part_list *planes)
{
    bool ok =
        planes->count == 0 || text_put(out, STATS_PLANE ": %" PRIu64 "\n", planes->plane_samples);
    for (size_t i = 0; ok && i < planes->count; i++)
        ok = text_put(out, STATS_PLANES ": %" PRIu64 ":%" PRIu64 " of %" PRIu64 "\n",
                      planes->parts[i].first, planes->parts[i].end, planes->parts[i].of);
    return ok;
}

static bool put_head(struct text_out *out, const struct summary *summary)
{
    bool none = summary_finite(summary) == 0;
    char low[NUMBER_SIZE] = STATS_NONE, high[NUMBER_SIZE] = STATS_NONE;
    if (!none) {
        number_text_float(summary_minimum(summary), low);
        number_text_float(summary_maximum(summary), high);
    }
    return text_put(out, STATS_FIRST_LINE "%d\n", STATS_VERSION) &&
           text_put(out, "# exact statistics of float32 samples; see volstats(1)\n") &&
           put_planes(out, &summary->planes) &&
           text_put(out, "samples: %" PRIu64 "\n", summary->samples) &&
           text_put(out, "nan: %" PRIu64 "\n", summary->nans) &&
           text_put(out, "minimum: %s\n", low) && text_put(out, "maximum: %s\n", high);
}

static bool put_values(struct text_out *out, const struct summary *summary)
{
    bool ok = text_put(out, "values: %zu\n", summary->value_count);
    for (size_t i = 0; ok && i < summary->value_count; i++) {
        float value = bits_to_float(sortable_to_bits(summary->values[i].sortable));
        ok = text_put(out, "%.9g\t%" PRIu64 "\n", (double)value, summary->values[i].count);
    }
    return ok;
}

static bool put_moments(struct text_out *out, const struct moments *moments)
{
    char sum[INT768_TEXT_SIZE], squares[INT768_TEXT_SIZE];
    int768_text(&moments->sum, sum);
    int768_text(&moments->squares, squares);
    return text_put(out, STATS_SUM ": %s\n", sum) && text_put(out, STATS_SQUARES ": %s\n", squares);
}

/* A line for each of BUCKETS counts that isn't 0. */
static bool put_counts(struct text_out *out, const uint64_t *counts)
{
    bool ok = true;
    for (unsigned i = 0; ok && i < BUCKETS; i++)
        ok = counts[i] == 0 || text_put(out, "%04x\t%" PRIu64 "\n", i, counts[i]);
    return ok;
}

static size_t used_counts(const uint64_t *counts)
{
    size_t used = 0;
    for (size_t i = 0; i < BUCKETS; i++)
        used += counts[i] > 0;
    return used;
}

static bool put_low_counts(struct text_out *out, const struct low_counts *low_counts)
{
    bool ok = text_put(out, "refined: %zu\n", low_counts->buckets);
    for (size_t i = 0; ok && i < low_counts->buckets; i++) {
        const uint64_t *counts = low_counts->counts + i * BUCKETS;
        ok = text_put(out, "bucket: %u\nlower halves: %zu\n", low_counts->bucket[i],
                      used_counts(counts)) &&
             put_counts(out, counts);
    }
    return ok;
}

static bool put_histogram(struct text_out *out, const struct histogram *histogram)
{
    if (!text_put(out, "bins: %" PRIu64 "\n", histogram->bins))
        return false;
    if (histogram->bins == 0)
        return true;
    bool ok = text_put(out, "%s: %.17g,%.17g\n", histogram->given ? "range" : STATS_WHOLE,
                       histogram->range[0], histogram->range[1]) &&
              text_put(out, "outside: %" PRIu64 "\n", histogram->counts[histogram->bins]);
    for (uint64_t k = 0; ok && k < histogram->bins; k++)
        ok = text_put(out, "%" PRIu64 "\n", histogram->counts[k]);
    return ok;
}

bool stats_file_write_channels(struct output *to, uint64_t channels, struct fail *fail)
{
    return output_print(to, fail, STATS_FIRST_LINE "%d\n" STATS_CHANNELS ": %" PRIu64 "\n",
                        STATS_OF_CHANNELS, channels);
}

bool stats_file_write(struct output *to, const struct summary *summary, struct fail *fail)
{
    struct text_out out;
    text_begin(&out, to, fail);
    bool ok = put_head(&out, summary);
    if (summary->overflowed)
        ok = ok && text_put(&out, "values: " STATS_OVERFLOWED "\n") &&
             put_moments(&out, &summary->moments) &&
             text_put(&out, "upper halves: %zu\n", used_counts(summary->high_counts)) &&
             put_counts(&out, summary->high_counts) && put_low_counts(&out, &summary->low_counts) &&
             put_histogram(&out, &summary->histogram);
    else
        ok = ok && put_values(&out, summary);
    return ok && text_end(&out);
}
