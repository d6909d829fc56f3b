#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/base/count.h"
#include "common/io/input.h"
#include "common/kernel/sortable.h"
#include "common/stats/file.h"
#include "common/stats/file_words.h"
#include "common/text/number.h"

struct text_in {
    struct input input;
    uLong checksum; /* of all lines before this one */
    uLong next;     /* with this one */
    uint64_t line;
    bool cut_off; /* the input ended inside a line */
    bool again;   /* the line in text is read once more */
    char text[STATS_LINE_SIZE];
    struct fail *fail;
};

static bool bad_line(struct text_in *in, const char *expected)
{
    return fail_set(in->fail, "%s: line %" PRIu64 " is '%.40s', expected %s", in->input.name,
                    in->line, in->text, expected);
}

static bool read_any_line(struct text_in *in)
{
    size_t length = 0;
    int byte;
    while ((byte = input_byte(&in->input, in->fail)) >= 0 && byte != '\n') {
        in->text[length++] = (char)byte;
        if (length == STATS_LINE_SIZE - 1)
            break;
    }
    in->text[length] = '\0';
    in->line++;
    in->cut_off = byte < 0;
    if (in->cut_off)
        return fail_set(in->fail, "%s: is cut off in line %" PRIu64, in->input.name, in->line);
    if (byte != '\n' || strlen(in->text) < length)
        return bad_line(in, "a line of text");
    in->text[length] = '\n';
    in->checksum = in->next;
    in->next = crc32(in->next, (const Bytef *)in->text, (uInt)length + 1);
    in->text[length] = '\0';
    return true;
}

static bool read_line(struct text_in *in)
{
    bool ok = in->again;
    in->again = false;
    if (ok)
        return true;
    do
        ok = read_any_line(in);
    while (ok && in->text[0] == '#');
    return ok;
}

/* The text after "key: " in the next line; NULL: fail is set. */
static const char *read_field(struct text_in *in, const char *key)
{
    size_t length = strlen(key);
    if (!read_line(in))
        return NULL;
    if (strncmp(in->text, key, length) == 0 && strncmp(in->text + length, ": ", 2) == 0)
        return in->text + length + 2;
    bad_line(in, key);
    return NULL;
}

static bool read_count(struct text_in *in, const char *key, uint64_t max, uint64_t *count)
{
    const char *value = read_field(in, key);
    return value && ((number_count(value, count) && *count <= max) || bad_line(in, key));
}

/* "text TAB count" in the next line; in->text becomes the text. */
static bool read_pair(struct text_in *in, uint64_t *count)
{
    if (!read_line(in))
        return false;
    char *tab = strchr(in->text, '\t');
    if (!tab || !number_count(tab + 1, count) || *count == 0)
        return bad_line(in, "a value and its count");
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

static bool read_version(struct text_in *in)
{
    uint64_t version;
    if (!read_line(in))
        return false;
    if (strncmp(in->text, STATS_FIRST_LINE, strlen(STATS_FIRST_LINE)) != 0 ||
        !number_count(in->text + strlen(STATS_FIRST_LINE), &version))
        return fail_set(in->fail, "%s: is not a statistics file (volstats makes one)",
                        in->input.name);
    return version == STATS_VERSION ||
           fail_set(in->fail, "%s: statistics of version %" PRIu64 ", expected version %d",
                    in->input.name, version, STATS_VERSION);
}

static bool read_limit(struct text_in *in, const char *key, bool none, uint32_t *sortable)
{
    double value;
    const char *text = read_field(in, key);
    if (!text)
        return false;
    if (none)
        return strcmp(text, STATS_NONE) == 0 || bad_line(in, STATS_NONE);
    if (!number_real(text, &value) || isinf((float)value))
        return bad_line(in, key);
    *sortable = sortable_from_bits(bits_of((float)value));
    return true;
}

/* Whether the next line has this key; it is read again by whoever wants it. */
static bool next_is(struct text_in *in, const char *key)
{
    size_t length = strlen(key);
    in->again = read_line(in);
    return in->again && strncmp(in->text, key, length) == 0 && in->text[length] == ':';
}

/* Adds the planes that a line names. The volume that they are of has fewer samples than 2^64, and
 * no plane is there twice: nor do the planes have more. */
static bool read_run(struct text_in *in, uint64_t plane, struct part_list *planes)
{
    struct part part;
    struct fail why = {.text = ""};
    const char *text = read_field(in, STATS_PLANES);
    if (!text)
        return false;
    if (!part_read(text, &part) || part.of > UINT64_MAX / plane)
        return bad_line(in, "A:B of N planes with fewer than 2^64 samples");
    return part_list_add(planes, &part, plane, &why) ||
           fail_prefix(in->fail, &why, "%s: line %" PRIu64, in->input.name, in->line);
}

static bool read_planes(struct text_in *in, struct part_list *planes)
{
    uint64_t plane;
    if (!next_is(in, STATS_PLANE))
        return in->again;
    if (!read_count(in, STATS_PLANE, UINT64_MAX, &plane) ||
        !(plane > 0 || bad_line(in, "a number of samples")))
        return false;
    do {
        if (!read_run(in, plane, planes))
            return false;
    } while (next_is(in, STATS_PLANES));
    return in->again;
}

static bool read_head(struct text_in *in, struct summary *summary)
{
    struct part_list *planes = &summary->planes;
    if (!read_planes(in, planes) || !read_count(in, "samples", UINT64_MAX, &summary->samples) ||
        !(summary->samples > 0 || bad_line(in, "at least one sample")))
        return false;
    if (planes->count > 0 &&
        !sum_agrees(in, true, part_list_samples(planes), summary->samples, "samples of the planes"))
        return false;
    if (!read_count(in, "nan", summary->samples, &summary->nans))
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
            return bad_line(in, "a value and its count");
        values[i].sortable = sortable_from_bits(bits_of((float)value));
        if (i > 0 && values[i].sortable <= values[i - 1].sortable)
            return bad_line(in, "a larger value");
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
    if (!read_count(in, key, BUCKETS, &lines))
        return false;
    for (uint64_t i = 0; i < lines; i++) {
        uint64_t count;
        if (!read_pair(in, &count))
            return false;
        if (strlen(in->text) != 4 || strspn(in->text, "0123456789abcdef") != 4)
            return bad_line(in, "four hexadecimal digits and a count");
        unsigned long at = strtoul(in->text, NULL, 16);
        if (at < next)
            return bad_line(in, "higher digits");
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
    const char *value = read_field(in, key);
    return value && (int768_parse(value, number) || bad_line(in, "a hexadecimal number"));
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
    if (!read_count(in, "refined", MAX_LOW_BUCKETS, &buckets))
        return false;
    if (!low_counts_init(&summary->low_counts, (const uint16_t[MAX_LOW_BUCKETS]){0}, buckets))
        return fail_errno(in->fail, "%s", in->input.name);
    for (size_t i = 0; i < buckets; i++) {
        uint64_t bucket;
        if (!read_count(in, "bucket", BUCKETS - 1, &bucket))
            return false;
        if (i > 0 && bucket <= summary->low_counts.bucket[i - 1])
            return bad_line(in, "a higher bucket");
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
    if (!read_line(in))
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
    return bad_line(in, "a range");
}

static bool read_histogram(struct text_in *in, struct summary *summary)
{
    uint64_t bins, sum = 0;
    if (!read_count(in, "bins", HISTOGRAM_MAX_BINS, &bins))
        return false;
    if (bins == 0)
        return true;
    if (!read_range(in, bins, summary) ||
        !read_count(in, "outside", UINT64_MAX, &summary->histogram.counts[bins]))
        return false;
    uint64_t *counts = summary->histogram.counts;
    for (uint64_t k = 0; k < bins; k++)
        if (!read_line(in) || !(number_count(in->text, &counts[k]) || bad_line(in, "a count")))
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
    const char *text = read_field(in, "values");
    if (!text)
        return false;
    if (strcmp(text, STATS_OVERFLOWED) == 0)
        return read_overflowed(in, summary);
    if (!number_count(text, &values) || values > DICTIONARY_MAX)
        return bad_line(in, "values");
    return read_values(in, values, summary);
}

static bool checksum_agrees(struct text_in *in, const char *text)
{
    char expected[16];
    snprintf(expected, sizeof expected, "%08lx", in->checksum);
    return strcmp(text, expected) == 0 ||
           fail_set(in->fail, "%s: is damaged: checksum %.8s, expected %s", in->input.name, text,
                    expected);
}

static bool read_checksum(struct text_in *in)
{
    const char *text = read_field(in, "crc32");
    if (!text || !checksum_agrees(in, text))
        return false;
    int byte = input_byte(&in->input, in->fail);
    return byte == INPUT_END || fail_set(in->fail, "%s: goes on behind its end in line %" PRIu64,
                                         in->input.name, in->line);
}

/* A file that makes no sense has most likely been damaged. If the checksum at the end shows it, the
 * failure says so instead. */
static void blame_checksum(struct text_in *in)
{
    struct fail *fail = in->fail, other = {.text = ""};
    in->fail = &other;
    bool found = strncmp(in->text, "crc32: ", 7) == 0;
    while (!found && read_any_line(in))
        found = strncmp(in->text, "crc32: ", 7) == 0;
    if (found && !checksum_agrees(in, in->text + 7))
        *fail = other;
    in->fail = fail;
}

bool stats_file_read_input(const struct input *input, struct summary *summary, struct fail *fail)
{
    struct text_in in = {.input = *input, .next = crc32(0, NULL, 0), .fail = fail};
    summary_init(summary, DICTIONARY_MAX);
    summary->has_moments = true;
    bool ok = read_version(&in);
    bool known = ok;
    ok = ok && read_head(&in, summary) && read_body(&in, summary) && read_checksum(&in);
    if (known && !ok && !in.cut_off && !fail->is_system)
        blame_checksum(&in);
    input_close(&in.input);
    if (!ok)
        summary_free(summary);
    return ok;
}

bool stats_file_read(const char *path, struct summary *summary, struct fail *fail)
{
    struct input input;
    summary_init(summary, DICTIONARY_MAX);
    return input_open(&input, path, fail) && stats_file_read_input(&input, summary, fail);
}

const char *stats_file_name(const char *path)
{
    return path && strcmp(path, "-") != 0 ? path : "standard input";
}

bool stats_file_begin_sum(struct summary *sum, struct fail *fail)
{
    summary_init(sum, DICTIONARY_MAX);
    sum->has_moments = true;
    return summary_add_high_counts(sum, fail);
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

bool stats_file_end_sum(struct summary *sum, bool partial, struct fail *fail)
{
    char missing[PART_LIST_TEXT];
    if (sum->planes.count > 0 && !partial && !part_list_is_whole(&sum->planes))
        return fail_set(fail, "%s are missing (--partial adds the others)",
                        part_list_missing(&sum->planes, missing));
    if (part_list_is_whole(&sum->planes))
        part_list_free(&sum->planes);
    return true;
}

bool stats_file_add(const char *path, struct summary *sum, struct fail *fail)
{
    struct summary from;
    if (!stats_file_read(path, &from, fail))
        return false;
    bool ok = init_counters(sum, &from, fail);
    if (ok && from.overflowed &&
        !(low_counts_same(&sum->low_counts, &from.low_counts) &&
          histogram_same(&sum->histogram, &from.histogram)))
        ok = fail_set(fail,
                      "%s: was made for other percentiles or another histogram than those before "
                      "it; make all parts with the same volstats --refine FILE",
                      stats_file_name(path));
    struct fail why = {.text = ""};
    if (ok && !add_planes(sum, &from, &why))
        ok = fail_prefix(fail, &why, "%s", stats_file_name(path));
    if (ok && !summary_add(sum, &from, &why))
        ok = fail_prefix(fail, &why, "%s: with the files before it", stats_file_name(path));
    summary_free(&from);
    return ok;
}
