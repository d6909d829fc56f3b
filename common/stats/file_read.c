#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/kernel/sortable.h"
#include "common/stats/file.h"
#include "common/stats/file_words.h"
#include "common/text/lines.h"
#include "common/text/number.h"

struct stats_file {
    struct text_in text;
    uint64_t channels, next_channel; /* those that were counted each by itself; 1: all together */
};

/* "text TAB count" in the next line; in->text becomes the text. */
static bool read_pair(struct text_in *in, uint64_t *count)
{
    if (!text_read_line(in))
        return false;
    char *tab = strchr(in->text, '\t');
    if (!tab || !number_count(tab + 1, count) || *count == 0)
        return text_bad_line(in, "a value and its count");
    *tab = '\0';
    return true;
}

static bool contradicts(struct text_in *in, const char *how)
{
    return fail_set(in->fail, "%s: contradicts itself up to line %" PRIu64 ": %s", in->input.name,
                    in->line, how);
}

/* Whether a sum of counts that fits 64 bits is that which an earlier line gives. */
static bool sum_agrees(struct text_in *in, bool fits, uint64_t sum, uint64_t expected,
                       const char *whose)
{
    char how[160];
    if (fits && sum == expected)
        return true;
    snprintf(how, sizeof how, fits ? "%s are %" PRIu64 ", not %" PRIu64 : "%s are 2^64 or more",
             whose, sum, expected);
    return contradicts(in, how);
}

static bool read_version(struct text_in *in, uint64_t *version)
{
    if (!text_read_line(in))
        return false;
    if (strncmp(in->text, STATS_FIRST_LINE, strlen(STATS_FIRST_LINE)) != 0 ||
        !number_count(in->text + strlen(STATS_FIRST_LINE), version))
        return fail_set(in->fail, "%s: is not a statistics file (volstats makes one)",
                        in->input.name);
    return *version == STATS_VERSION || *version == STATS_OF_CHANNELS ||
           fail_set(in->fail, "%s: statistics of version %" PRIu64 ", expected version %d or %d",
                    in->input.name, *version, STATS_VERSION, STATS_OF_CHANNELS);
}

static bool read_limit(struct text_in *in, const char *key, bool none, uint32_t *sortable)
{
    double value;
    const char *text = text_read_field(in, key);
    if (!text)
        return false;
    if (none)
        return strcmp(text, STATS_NONE) == 0 || text_bad_line(in, STATS_NONE);
    if (!number_real(text, &value) || isinf((float)value))
        return text_bad_line(in, key);
    *sortable = sortable_from_bits(bits_of((float)value));
    return true;
}

/* Adds the planes that a line names. The volume that they are of has fewer samples than 2^64, and
 * no plane is there twice: nor do the planes have more. */
static bool read_run(struct text_in *in, uint64_t plane, struct part_list *planes)
{
    struct part part;
    struct fail why = {.text = ""};
    const char *text = text_read_field(in, STATS_PLANES);
    if (!text)
        return false;
    if (!part_read(text, &part) || part.of > UINT64_MAX / plane)
        return text_bad_line(in, "A:B of N planes with fewer than 2^64 samples");
    return part_list_add(planes, &part, plane, &why) ||
           fail_prefix(in->fail, &why, "%s: line %" PRIu64, in->input.name, in->line);
}

static bool read_planes(struct text_in *in, struct part_list *planes)
{
    uint64_t plane;
    if (!text_next_is(in, STATS_PLANE))
        return in->again;
    if (!text_read_count(in, STATS_PLANE, UINT64_MAX, &plane) ||
        !(plane > 0 || text_bad_line(in, "a number of samples")))
        return false;
    do {
        if (!read_run(in, plane, planes))
            return false;
    } while (text_next_is(in, STATS_PLANES));
    return in->again;
}

static bool read_head(struct text_in *in, struct summary *summary)
{
    struct part_list *planes = &summary->planes;
    if (!read_planes(in, planes) ||
        !text_read_count(in, "samples", UINT64_MAX, &summary->samples) ||
        !(summary->samples > 0 || text_bad_line(in, "at least one sample")))
        return false;
    if (planes->count > 0 &&
        !sum_agrees(in, true, part_list_samples(planes), summary->samples, "samples of the planes"))
        return false;
    if (!text_read_count(in, "nan", summary->samples, &summary->nans))
        return false;
    bool none = summary_finite(summary) == 0;
    return read_limit(in, "minimum", none, &summary->lowest) &&
           read_limit(in, "maximum", none, &summary->highest) &&
           (none || summary->lowest <= summary->highest ||
            contradicts(in, "the minimum is above the maximum"));
}

/* Whether the first and the last of the values that were counted are the minimum and the maximum
 * (-0 counts as 0). */
static bool limits_agree(struct text_in *in, const struct summary *summary, uint32_t first,
                         uint32_t last)
{
    return (sortable_to_float(first) == summary_minimum(summary) &&
            sortable_to_float(last) == summary_maximum(summary)) ||
           contradicts(in, "minimum and maximum are not those of the values");
}

static bool read_values(struct text_in *in, uint64_t count, struct summary *summary)
{
    struct value_count *values = malloc((count + 1) * sizeof *values);
    if (!values)
        return fail_errno(in->fail, "%s", in->input.name);
    summary->values = values;
    uint64_t sum = 0;
    bool fits = true;
    for (uint64_t i = 0; i < count; i++) {
        double value;
        if (!read_pair(in, &values[i].count))
            return false;
        if (!number_real(in->text, &value) || isinf((float)value))
            return text_bad_line(in, "a value and its count");
        values[i].sortable = sortable_from_bits(bits_of((float)value));
        if (i > 0 && values[i].sortable <= values[i - 1].sortable)
            return text_bad_line(in, "a larger value");
        fits = add_u64(&sum, values[i].count) && fits;
        summary->value_count = i + 1;
    }
    return sum_agrees(in, fits, sum, summary_finite(summary), "samples with a value") &&
           (count == 0 ||
            limits_agree(in, summary, values[0].sortable, values[count - 1].sortable));
}

/* A field with the number of lines, and the counts in these lines, whose sum must be `expected`. */
static bool read_counts(struct text_in *in, const char *key, uint64_t *counts, uint64_t expected)
{
    uint64_t lines, sum = 0;
    unsigned long next = 0;
    bool fits = true;
    if (!text_read_count(in, key, BUCKETS, &lines))
        return false;
    for (uint64_t i = 0; i < lines; i++) {
        uint64_t count;
        if (!read_pair(in, &count))
            return false;
        if (strlen(in->text) != 4 || strspn(in->text, "0123456789abcdef") != 4)
            return text_bad_line(in, "four hexadecimal digits and a count");
        unsigned long at = strtoul(in->text, NULL, 16);
        if (at < next)
            return text_bad_line(in, "higher digits");
        counts[at] = count;
        next = at + 1;
        fits = add_u64(&sum, count) && fits;
    }
    return sum_agrees(in, fits, sum, expected, key);
}

/* Whether the samples of the upper halves that were counted can have the minimum and maximum: the
 * lowest one of a half is read as 0 where it is -0. */
static bool halves_agree(struct text_in *in, const struct summary *summary)
{
    const uint64_t *counts = summary->high_counts;
    uint32_t low = summary->lowest >> 16, high = summary->highest >> 16, first = 0,
             last = BUCKETS - 1;
    if (summary_finite(summary) == 0)
        return true;
    while (counts[first] == 0)
        first++;
    while (counts[last] == 0)
        last--;
    bool minus_zero = first == (SORTABLE_ZERO - 1) >> 16 && summary->lowest == SORTABLE_ZERO;
    bool last_minus_zero = last == (SORTABLE_ZERO - 1) >> 16 && summary->highest == SORTABLE_ZERO;
    return ((first == low || minus_zero) && (last == high || last_minus_zero)) ||
           contradicts(in, "minimum and maximum are not in the upper halves");
}

static bool read_int768(struct text_in *in, const char *key, struct int768 *number)
{
    const char *value = text_read_field(in, key);
    return value && (int768_parse(value, number) || text_bad_line(in, "a hexadecimal number"));
}

static bool read_moments(struct text_in *in, struct summary *summary)
{
    struct moments *moments = &summary->moments;
    return read_int768(in, STATS_SUM, &moments->sum) &&
           read_int768(in, STATS_SQUARES, &moments->squares) &&
           (moments_fit(moments, summary_minimum(summary), summary_maximum(summary),
                        summary_finite(summary)) ||
            contradicts(in, "no samples from minimum to maximum have these sums"));
}

static bool read_low_counts(struct text_in *in, struct summary *summary)
{
    uint64_t buckets;
    if (!text_read_count(in, "refined", MAX_LOW_BUCKETS, &buckets))
        return false;
    if (!low_counts_init(&summary->low_counts, (const uint16_t[MAX_LOW_BUCKETS]){0}, buckets))
        return fail_errno(in->fail, "%s", in->input.name);
    for (size_t i = 0; i < buckets; i++) {
        uint64_t bucket;
        if (!text_read_count(in, "bucket", BUCKETS - 1, &bucket))
            return false;
        if (i > 0 && bucket <= summary->low_counts.bucket[i - 1])
            return text_bad_line(in, "a higher bucket");
        summary->low_counts.bucket[i] = (uint16_t)bucket;
        if (!read_counts(in, "lower halves", summary->low_counts.counts + i * BUCKETS,
                         summary->high_counts[bucket]))
            return false;
    }
    return true;
}

static bool read_range(struct text_in *in, uint64_t bins, struct summary *summary)
{
    double range[2];
    static const char *const keys[] = {STATS_WHOLE, "range"};
    if (!text_read_line(in))
        return false;
    for (int given = 0; given < 2; given++) {
        size_t length = strlen(keys[given]);
        if (strncmp(in->text, keys[given], length) != 0 || in->text[length] != ':')
            continue;
        if (in->text[length + 1] != ' ' || !number_reals(in->text + length + 2, range, 2) ||
            (given ? !histogram_range_fits(range) : range[0] > range[1]))
            break;
        return histogram_init(&summary->histogram, bins, given ? range : NULL, (float)range[0],
                              (float)range[1], in->fail);
    }
    return text_bad_line(in, "a range");
}

static bool read_histogram(struct text_in *in, struct summary *summary)
{
    uint64_t bins, sum = 0;
    if (!text_read_count(in, "bins", HISTOGRAM_MAX_BINS, &bins))
        return false;
    if (bins == 0)
        return true;
    if (!read_range(in, bins, summary) ||
        !text_read_count(in, "outside", UINT64_MAX, &summary->histogram.counts[bins]))
        return false;
    uint64_t *counts = summary->histogram.counts;
    for (uint64_t k = 0; k < bins; k++)
        if (!text_read_line(in) ||
            !(number_count(in->text, &counts[k]) || text_bad_line(in, "a count")))
            return false;
    bool fits = true;
    for (uint64_t k = 0; k <= bins; k++)
        fits = add_u64(&sum, counts[k]) && fits;
    return sum_agrees(in, fits, sum, summary_finite(summary), "samples of the bins");
}

static bool read_overflowed(struct text_in *in, struct summary *summary)
{
    summary->overflowed = true;
    return summary_add_high_counts(summary, in->fail) && read_moments(in, summary) &&
           read_counts(in, "upper halves", summary->high_counts, summary_finite(summary)) &&
           halves_agree(in, summary) && read_low_counts(in, summary) && read_histogram(in, summary);
}

static bool read_body(struct text_in *in, struct summary *summary)
{
    uint64_t values;
    const char *text = text_read_field(in, "values");
    if (!text)
        return false;
    if (strcmp(text, STATS_OVERFLOWED) == 0)
        return read_overflowed(in, summary);
    if (!number_count(text, &values) || values > DICTIONARY_MAX)
        return text_bad_line(in, "values");
    return read_values(in, values, summary);
}

/* The first line, and where each channel was counted by itself how many there are. */
static bool read_beginning(struct stats_file *file)
{
    uint64_t version;
    struct text_in *in = &file->text;
    file->channels = 1;
    if (!read_version(in, &version))
        return false;
    in->again = version == STATS_VERSION;
    bool ok =
        in->again || (text_read_count(in, STATS_CHANNELS, STATS_MAX_CHANNELS, &file->channels) &&
                      (file->channels > 1 || text_bad_line(in, "two channels or more")));
    if (!in->again)
        in->next = 0; /* each channel has its own checksum */
    return ok;
}

struct stats_file *stats_file_open_input(const struct input *input, struct fail *fail)
{
    struct stats_file *file = calloc(1, sizeof *file);
    struct input closed = *input;
    if (!file) {
        fail_errno(fail, "%s", input->name);
        input_close(&closed);
        return NULL;
    }
    text_open_input(&file->text, input, fail);
    if (read_beginning(file))
        return file;
    stats_file_close(file);
    return NULL;
}

struct stats_file *stats_file_open(const char *path, struct fail *fail)
{
    struct input input;
    return input_open(&input, path, fail) ? stats_file_open_input(&input, fail) : NULL;
}

uint64_t stats_file_channels(const struct stats_file *file)
{
    return file->channels;
}

bool stats_file_next(struct stats_file *file, struct summary *summary, struct fail *fail)
{
    uint64_t version = STATS_VERSION;
    summary_init(summary, DICTIONARY_MAX);
    summary->has_moments = true;
    struct text_in *in = &file->text;
    in->fail = fail;
    bool ok =
        read_version(in, &version) && (version == STATS_VERSION || text_bad_line(in, "version 1"));
    bool known = ok;
    ok = ok && read_head(in, summary) && read_body(in, summary) &&
         (++file->next_channel < file->channels ? text_read_checksum(in) : text_read_end(in));
    if (known && !ok)
        text_blame_checksum(in);
    if (!ok)
        summary_free(summary);
    return ok;
}

void stats_file_close(struct stats_file *file)
{
    if (file)
        input_close(&file->text.input);
    free(file);
}

bool stats_file_read(const char *path, struct summary *summary, struct fail *fail)
{
    summary_init(summary, DICTIONARY_MAX);
    struct stats_file *file = stats_file_open(path, fail);
    bool ok = file &&
              (file->channels == 1 ||
               fail_set(fail,
                        "%s: statistics of %" PRIu64 " channels, each by itself, where "
                        "those of one or of all together are needed (volcrop --channels, "
                        "volstats --pool-channels)",
                        file->text.input.name, file->channels)) &&
              stats_file_next(file, summary, fail);
    stats_file_close(file);
    return ok;
}

const char *stats_file_name(const char *path)
{
    return path && strcmp(path, "-") != 0 ? path : "standard input";
}

/* ---- sums ------------------------------------------------------------------------------------ */

void stats_sum_free(struct stats_sum *sum)
{
    for (uint64_t c = 0; sum->each && c < sum->channels; c++)
        summary_free(&sum->each[c]);
    free(sum->each);
    *sum = (struct stats_sum){.each = NULL};
}

/* As many sums as the first file has channels; all others must have as many. */
static bool begin_sum(struct stats_sum *sum, const struct stats_file *file, struct fail *fail)
{
    if (sum->each)
        return sum->channels == file->channels ||
               fail_set(fail,
                        "%s: statistics of %" PRIu64 " channels, but what was added before is of "
                        "%" PRIu64,
                        file->text.input.name, file->channels, sum->channels);
    sum->each = calloc(file->channels, sizeof *sum->each);
    if (!sum->each)
        return fail_errno(fail, "statistics");
    sum->channels = file->channels;
    for (uint64_t c = 0; c < sum->channels; c++)
        summary_init(&sum->each[c], DICTIONARY_MAX);
    for (uint64_t c = 0; c < sum->channels; c++) {
        sum->each[c].has_moments = true;
        if (!summary_add_high_counts(&sum->each[c], fail))
            return false;
    }
    return true;
}

/* The first file that has overflowed decides which counters all of them must have. */
static bool init_counters(struct summary *sum, const struct summary *from, struct fail *fail)
{
    const struct histogram *histogram = &from->histogram;
    if (sum->overflowed || !from->overflowed)
        return true;
    return (low_counts_init(&sum->low_counts, from->low_counts.bucket, from->low_counts.buckets) ||
            fail_errno(fail, "statistics")) &&
           (histogram->bins == 0 ||
            histogram_init(&sum->histogram, histogram->bins,
                           histogram->given ? histogram->range : NULL, (float)histogram->range[0],
                           (float)histogram->range[1], fail));
}

/* Which planes both have counted. Slabs and whole volumes are not added. */
static bool add_planes(struct summary *sum, const struct summary *from, struct fail *fail)
{
    const struct part_list *planes = &from->planes;
    if (sum->samples > 0 && (sum->planes.count > 0) != (planes->count > 0))
        return fail_set(fail, "%s, but what was added before is %s",
                        planes->count > 0 ? "is of a slab" : "is of a whole volume",
                        planes->count > 0 ? "of a whole volume" : "of slabs");
    for (size_t i = 0; i < planes->count; i++)
        if (!part_list_add(&sum->planes, &planes->parts[i], planes->plane_samples, fail))
            return false;
    return true;
}

static bool add(struct summary *sum, const struct summary *from, const char *name,
                struct fail *fail)
{
    struct fail why = {.text = ""};
    if (!init_counters(sum, from, fail))
        return false;
    if (from->overflowed && !(low_counts_same(&sum->low_counts, &from->low_counts) &&
                              histogram_same(&sum->histogram, &from->histogram)))
        return fail_set(fail,
                        "%s: was made for other percentiles or another histogram than those before "
                        "it; make all parts with the same volstats --refine FILE",
                        name);
    if (!add_planes(sum, from, &why))
        return fail_prefix(fail, &why, "%s", name);
    return summary_add(sum, from, &why) ||
           fail_prefix(fail, &why, "%s: with the files before it", name);
}

bool stats_sum_add(const char *path, struct stats_sum *sum, struct fail *fail)
{
    struct stats_file *file = stats_file_open(path, fail);
    bool ok = file && begin_sum(sum, file, fail);
    for (uint64_t c = 0; ok && c < sum->channels; c++) {
        struct summary from;
        ok = stats_file_next(file, &from, fail) &&
             add(&sum->each[c], &from, stats_file_name(path), fail);
        summary_free(&from);
    }
    stats_file_close(file);
    return ok;
}

bool stats_sum_end(struct stats_sum *sum, bool partial, struct fail *fail)
{
    char missing[PART_LIST_TEXT];
    for (uint64_t c = 0; c < sum->channels; c++) {
        struct part_list *planes = &sum->each[c].planes;
        bool is_whole = part_list_is_whole(planes);
        if (planes->count > 0 && !partial && !is_whole)
            return fail_set(fail, "%s are missing (--partial adds the others)",
                            part_list_missing(planes, missing));
        if (is_whole)
            part_list_free(planes);
    }
    return true;
}
