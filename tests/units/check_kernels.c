/* Every kernel that is compiled for several vector levels, and the counters beside them: spans of
 * all lengths and alignments between guard pages give what the same gives in plain C, sample by
 * sample. VOL_CPU chooses the level, as it does for the programs.
 *
 *   check_kernels          a checksum of the results of each kernel: the same on every machine;
 *                          exit 1 with a line for each kernel that is wrong
 *   check_kernels speed    millions of samples a second: figures for people */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/kernel/clip.h"
#include "common/kernel/cpu.h"
#include "common/kernel/dictionary.h"
#include "common/kernel/equalize.h"
#include "common/kernel/power.h"
#include "common/kernel/radix.h"
#include "common/kernel/range.h"
#include "common/kernel/sample.h"
#include "common/kernel/sortable.h"
#include "common/picture/window.h"
#include "common/stats/histogram.h"
#include "common/stats/moments.h"
#include "tests/units/guard.h"

#define MAX_SAMPLES 65536 /* of a span */
#define MAX_SIZE 16       /* bytes that a kernel reads or writes for a sample */
#define ALIGNMENTS 64     /* bytes of the largest vector */
#define BINS 256
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static unsigned failures;

/* ---- samples ------------------------------------------------------------------------------- */

/* Marsaglia's xorshift. */
static uint32_t next_random(void)
{
    static uint32_t state = 2463534242;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* Bits of what a picture holds; now and then of a sample outside the window or on a bin's edge. */
static uint32_t tame_bits(void)
{
    uint32_t any = next_random();
    if (any % 512 == 0)
        return bits_of((float)(int)(any >> 22) / 256 - 1);
    return bits_of((float)(any >> 16) / 65535.0f);
}

/* Any bits: all magnitudes, infinities, NaN with any payload, signaling ones too, and edges. */
static uint32_t wild_bits(void)
{
    static const uint32_t edges[] = {0,          0x80000000, 0x00000001, 0x80000001, 0x007fffff,
                                     0x00800000, 0x3f7fffff, 0x3f800000, 0xbf800000, 0x7f7fffff,
                                     0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345,
                                     0x7f800001, 0xffa54321, 0x3f000000};
    uint32_t any = next_random(), pick = next_random() >> 8;
    if (pick % 4 == 0)
        return edges[pick / 4 % COUNT_OF(edges)];
    return pick % 4 == 1 ? tame_bits() : any;
}

static void fill(uint32_t *bits, size_t n, bool tame, bool finite)
{
    for (size_t i = 0; i < n; i++) {
        bits[i] = tame ? tame_bits() : wild_bits();
        if (finite && (bits[i] & 0x7f800000) == 0x7f800000)
            bits[i] = tame_bits();
    }
}

/* ---- kernels, and the same in plain C ------------------------------------------------------ */

/* from[0..n) to `to`, or in place where the two are the same. */
typedef void runner(unsigned which, const void *from, size_t n, void *to);

static struct power powers[8];
static struct clip clips[3];
static struct equalize equalizes[2];
static struct histogram histograms[3];
static const struct window windows[] = {{0.1, 0.9}, {-3e38, 3e38}, {0.5, 0.5}};

static void run_power(unsigned which, const void *from, size_t n, void *to)
{
    (void)from;
    power_span(&powers[which], to, n);
}

static void run_clip(unsigned which, const void *from, size_t n, void *to)
{
    (void)from;
    clip_span(&clips[which], to, n);
}

static void run_equalize(unsigned which, const void *from, size_t n, void *to)
{
    (void)from;
    equalize_span(&equalizes[which], to, n);
}

static void run_bytes(unsigned which, const void *from, size_t n, void *to)
{
    window_bytes(&windows[which], from, n, to);
}

static void run_words(unsigned which, const void *from, size_t n, void *to)
{
    window_words(&windows[which], from, n, to);
}

static void run_range(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    struct sortable_range range = range_of_span(from, n);
    memcpy(to, &range, n > 0 ? sizeof range : 0);
}

static void plain_range(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    const float *v = from;
    struct sortable_range range = {UINT32_MAX, 0};
    for (size_t i = 0; i < n; i++) {
        uint32_t sortable = sortable_from_bits(bits_of(v[i]));
        range.lowest = sortable < range.lowest ? sortable : range.lowest;
        range.highest = sortable > range.highest ? sortable : range.highest;
    }
    memcpy(to, &range, n > 0 ? sizeof range : 0);
}

static void run_negative(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    uint64_t first = span_first_negative(from, n);
    memcpy(to, &first, n > 0 ? sizeof first : 0);
}

static void plain_negative(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    uint64_t first = 0;
    while (first < n && !(((const float *)from)[first] < 0))
        first++;
    memcpy(to, &first, n > 0 ? sizeof first : 0);
}

/* ---- conversions ---- */

static void run_to_float(unsigned which, const void *from, size_t n, void *to)
{
    sample_to_float(which, false, sample_unit_scale(which), from, to, n);
}

static void run_swapped(unsigned which, const void *from, size_t n, void *to)
{
    sample_to_float(which, true, sample_unit_scale(which), from, to, n);
}

static void run_raw(unsigned which, const void *from, size_t n, void *to)
{
    sample_to_float(which, false, 1, from, to, n);
}

static void run_swap(unsigned which, const void *from, size_t n, void *to)
{
    (void)from;
    sample_swap(which, to, n);
}

static void run_from_float(unsigned which, const void *from, size_t n, void *to)
{
    sample_from_float(which, which == SAMPLE_UINT8 ? 255 : 65535, from, to, n);
}

static void plain_swap(unsigned which, const void *from, size_t n, void *to)
{
    size_t size = sample_size(which);
    for (size_t i = 0; i < n * size; i++)
        ((unsigned char *)to)[i] =
            ((const unsigned char *)from)[i / size * size + size - 1 - i % size];
}

static double stored_value(enum sample_type type, const void *from)
{
    union {
        uint8_t uint8;
        int8_t int8;
        uint16_t uint16;
        int16_t int16;
        uint32_t uint32;
        int32_t int32;
        uint64_t uint64;
        int64_t int64;
        float float32;
        double float64;
    } value;
    memcpy(&value, from, sample_size(type));
    switch (type) {
    case SAMPLE_UINT8:
        return value.uint8;
    case SAMPLE_INT8:
        return value.int8;
    case SAMPLE_UINT16:
        return value.uint16;
    case SAMPLE_INT16:
        return value.int16;
    case SAMPLE_UINT32:
        return value.uint32;
    case SAMPLE_INT32:
        return value.int32;
    case SAMPLE_UINT64:
        return (double)value.uint64;
    case SAMPLE_INT64:
        return (double)value.int64;
    case SAMPLE_FLOAT32:
        return (double)value.float32;
    default:
        return value.float64;
    }
}

static void plain_convert(enum sample_type type, double scale, const unsigned char *from, size_t n,
                          float *to)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char *sample = from + i * sample_size(type);
        to[i] = (float)(stored_value(type, sample) * scale);
        if (scale < 1 && to[i] < -1)
            to[i] = -1;
        if (type == SAMPLE_FLOAT32)
            memcpy(&to[i], sample, sizeof to[i]);
    }
}

static void plain_to_float(unsigned which, const void *from, size_t n, void *to)
{
    plain_convert(which, sample_unit_scale(which), from, n, to);
}

static void plain_swapped(unsigned which, const void *from, size_t n, void *to)
{
    static unsigned char swapped[8 * MAX_SAMPLES];
    plain_swap(which, from, n, swapped);
    plain_to_float(which, swapped, n, to);
}

static void plain_raw(unsigned which, const void *from, size_t n, void *to)
{
    plain_convert(which, 1, from, n, to);
}

static void plain_from_float(unsigned which, const void *from, size_t n, void *to)
{
    const float *v = from;
    const float scale = which == SAMPLE_UINT8 ? 255 : 65535;
    for (size_t i = 0; i < n; i++) {
        float level = v[i] * scale;
        uint16_t rounded = (uint16_t)(level > scale ? scale : level > 0 ? rintf(level) : 0);
        if (which == SAMPLE_UINT8)
            ((uint8_t *)to)[i] = (uint8_t)rounded;
        else if (which == SAMPLE_UINT16)
            memcpy((unsigned char *)to + 2 * i, &rounded, 2);
        else
            memcpy((unsigned char *)to + 4 * i, &v[i], 4);
    }
}

static void run_inexact(unsigned which, const void *from, size_t n, void *to)
{
    uint64_t count = sample_count_inexact(which, false, from, n);
    memcpy(to, &count, n > 0 ? sizeof count : 0);
}

static void run_swapped_inexact(unsigned which, const void *from, size_t n, void *to)
{
    uint64_t count = sample_count_inexact(which, true, from, n);
    memcpy(to, &count, n > 0 ? sizeof count : 0);
}

static bool is_inexact(enum sample_type type, const void *from)
{
    uint64_t value = 0;
    double real;
    memcpy(&value, from, sample_size(type));
    memcpy(&real, &value, sizeof real);
    if (type == SAMPLE_FLOAT64)
        return isfinite(real) && isinf((float)real);
    if (!sample_is_integer(type))
        return false;
    if ((type == SAMPLE_INT64 && value >> 63) || (type == SAMPLE_INT32 && value >> 31))
        value = type == SAMPLE_INT64 ? -value : (uint32_t)-value;
    while (value > 0 && value % 2 == 0)
        value /= 2;
    return value >= 1 << 24;
}

static void plain_inexact(unsigned which, const void *from, size_t n, void *to)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += is_inexact(which, (const unsigned char *)from + i * sample_size(which));
    memcpy(to, &count, n > 0 ? sizeof count : 0);
}

static void plain_swapped_inexact(unsigned which, const void *from, size_t n, void *to)
{
    static unsigned char swapped[8 * MAX_SAMPLES];
    plain_swap(which, from, n, swapped);
    plain_inexact(which, swapped, n, to);
}

/* ---- dictionary ---- */

static struct dictionary dictionary;

static void run_encode(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    dictionary_clear(&dictionary);
    failures += dictionary_encode(&dictionary, from, n, to) < n;
}

/* Codes count distinct values in the order in which they come. */
static void plain_encode(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    static uint32_t values[MAX_SAMPLES];
    const uint32_t *bits = from;
    uint16_t used = 0, *codes = to;
    for (size_t i = 0; i < n; i++) {
        codes[i] = 0;
        while (codes[i] < used && values[codes[i]] != bits[i])
            codes[i]++;
        if (codes[i] == used)
            values[used++] = bits[i];
    }
}

/* Distinct values in ascending order and their counts, then the counts of NaN and infinities. */
struct listed {
    uint64_t sortable, count;
};

static void run_list(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    static struct value_count values[MAX_SAMPLES];
    struct listed *list = to;
    dictionary_clear(&dictionary);
    failures += dictionary_count(&dictionary, from, n) < n;
    dictionary_list(&dictionary, values);
    for (size_t i = 0; i < dictionary.used; i++)
        *list++ = (struct listed){values[i].sortable, values[i].count};
    const uint64_t others[] = {dictionary.nans, dictionary.infinities[0], dictionary.infinities[1]};
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (others[i] > 0)
            *list++ = (struct listed){i, others[i]};
    memset(list, 0, (size_t)((unsigned char *)to + n * sizeof *list - (unsigned char *)list));
}

static int compare_listed(const void *a, const void *b)
{
    uint64_t first = ((const struct listed *)a)->sortable;
    uint64_t second = ((const struct listed *)b)->sortable;
    return (first > second) - (first < second);
}

static void plain_list(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    const float *v = from;
    struct listed *list = to, others[3] = {{0, 0}, {1, 0}, {2, 0}};
    size_t finite = 0, used = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(v[i]))
            list[finite++] = (struct listed){sortable_from_bits(bits_of(v[i])), 1};
        else
            others[isnan(v[i]) ? 0 : v[i] < 0 ? 1 : 2].count++;
    qsort(list, finite, sizeof *list, compare_listed);
    for (size_t i = 0; i < finite; i++)
        if (used > 0 && list[used - 1].sortable == list[i].sortable)
            list[used - 1].count++;
        else
            list[used++] = list[i];
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (others[i].count > 0)
            list[used++] = others[i];
    memset(list + used, 0, (n - used) * sizeof *list);
}

/* ---- counters ---- */

static struct histogram_counter histogram_counters[COUNT_OF(histograms)];
static struct high_counter high_counter;
static struct low_counts low_counts;
static struct low_counter low_counter;
static struct moment_sums moment_sums;

static uint64_t plain_bins[COUNT_OF(histograms)][BINS + 1];
static uint64_t plain_high_counts[BUCKETS], plain_low_counts[4 * BUCKETS];
static struct moments plain_sums;

static void run_histogram(unsigned which, const void *from, size_t n, void *to)
{
    (void)to;
    histogram_count(&histogram_counters[which], &histograms[which], from, n);
}

static void plain_histogram(unsigned which, const void *from, size_t n, void *to)
{
    (void)to;
    for (size_t i = 0; i < n; i++)
        plain_bins[which][histogram_bin(&histograms[which], ((const float *)from)[i])]++;
}

static void run_high(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    (void)to;
    high_count(&high_counter, from, n);
}

static void plain_high(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    (void)to;
    for (size_t i = 0; i < n; i++)
        plain_high_counts[sortable_from_bits(((const uint32_t *)from)[i]) >> 16]++;
}

static void run_low(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    (void)to;
    low_count(&low_counter, from, n);
}

static void plain_low(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    (void)to;
    for (size_t i = 0; i < n; i++) {
        uint32_t sortable = sortable_from_bits(((const uint32_t *)from)[i]);
        for (size_t k = 0; k < low_counts.buckets; k++)
            plain_low_counts[k * BUCKETS + (sortable & 0xffff)] +=
                low_counts.bucket[k] == sortable >> 16;
    }
}

static void run_moments(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    (void)to;
    moment_sums_add(&moment_sums, from, n);
}

static void plain_moments(unsigned which, const void *from, size_t n, void *to)
{
    (void)which;
    (void)to;
    for (size_t i = 0; i < n; i++)
        moments_add_value(&plain_sums, ((const float *)from)[i], 1);
}

/* FNV-1a */
static void add_bytes(uint64_t *sum, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *sum = (*sum ^ ((const unsigned char *)from)[i]) * 0x100000001b3u;
}

/* What was counted, and whether it is what was counted in plain C. */
typedef bool collector(unsigned which, uint64_t *sum);

static bool collect_histogram(unsigned which, uint64_t *sum)
{
    histogram_collect(&histograms[which], &histogram_counters[which]);
    add_bytes(sum, plain_bins[which], sizeof plain_bins[which]);
    return memcmp(histograms[which].counts, plain_bins[which], sizeof plain_bins[which]) == 0;
}

static bool collect_high(unsigned which, uint64_t *sum)
{
    (void)which;
    static uint64_t counts[BUCKETS];
    high_collect(counts, &high_counter);
    add_bytes(sum, counts, sizeof counts);
    return memcmp(counts, plain_high_counts, sizeof counts) == 0;
}

static bool collect_low(unsigned which, uint64_t *sum)
{
    (void)which;
    low_collect(&low_counts, &low_counter);
    add_bytes(sum, low_counts.counts, sizeof plain_low_counts);
    return memcmp(low_counts.counts, plain_low_counts, sizeof plain_low_counts) == 0;
}

static bool collect_moments(unsigned which, uint64_t *sum)
{
    (void)which;
    struct moments moments = {.sum = {{0}}};
    moment_sums_total(&moment_sums, &moments);
    add_bytes(sum, &moments, sizeof moments);
    return memcmp(&moments, &plain_sums, sizeof moments) == 0;
}

/* ---- all of them --------------------------------------------------------------------------- */

struct kernel {
    const char *name;
    runner *run, *plain; /* plain NULL: the kernel itself, one sample after another */
    unsigned which;
    size_t from, to;                 /* bytes that are read and written for a sample */
    size_t from_aligned, to_aligned; /* what the pointers must be a multiple of */
    enum {
        IN_PLACE = 1,
        FINITE = 2, /* NaN and infinities are not for it */
        SHORT = 4   /* the plain one takes too long for long spans */
    } traits;
    collector *collect; /* NULL: nothing is counted */
};

#define FLOATS_IN_PLACE 4, 4, 4, 4, IN_PLACE, NULL
#define FLOATS_TO(size) 4, size, 4, 1, 0, NULL
#define FLOATS_COUNTED(traits, collect) 4, 0, 4, 4, traits, collect

static const struct kernel kernels[] = {
    {"gamma 0.45", run_power, NULL, 0, FLOATS_IN_PLACE},
    {"gamma 0.5", run_power, NULL, 1, FLOATS_IN_PLACE},
    {"gamma 2", run_power, NULL, 2, FLOATS_IN_PLACE},
    {"gamma 3", run_power, NULL, 3, FLOATS_IN_PLACE},
    {"gamma 1e6", run_power, NULL, 4, FLOATS_IN_PLACE},
    {"gain 0.7", run_power, NULL, 5, FLOATS_IN_PLACE},
    {"gain 1e300", run_power, NULL, 6, FLOATS_IN_PLACE},
    {"gamma 0", run_power, NULL, 7, FLOATS_IN_PLACE},
    {"clip", run_clip, NULL, 0, FLOATS_IN_PLACE},
    {"clip, flat", run_clip, NULL, 1, FLOATS_IN_PLACE},
    {"clip, reversed", run_clip, NULL, 2, FLOATS_IN_PLACE},
    {"equalize", run_equalize, NULL, 0, FLOATS_IN_PLACE},
    {"equalize, no guess", run_equalize, NULL, 1, FLOATS_IN_PLACE},
    {"window to bytes", run_bytes, NULL, 0, FLOATS_TO(1)},
    {"window to bytes, wide", run_bytes, NULL, 1, FLOATS_TO(1)},
    {"window to bytes, flat", run_bytes, NULL, 2, FLOATS_TO(1)},
    {"window to words", run_words, NULL, 0, FLOATS_TO(2)},
    {"window to words, wide", run_words, NULL, 1, FLOATS_TO(2)},
    {"window to words, flat", run_words, NULL, 2, FLOATS_TO(2)},
    {"range", run_range, plain_range, 0, FLOATS_TO(8)},
    {"first negative", run_negative, plain_negative, 0, FLOATS_TO(8)},
    {"histogram", run_histogram, plain_histogram, 0, FLOATS_COUNTED(0, collect_histogram)},
    {"histogram, given range", run_histogram, plain_histogram, 1,
     FLOATS_COUNTED(0, collect_histogram)},
    {"histogram, no guess", run_histogram, plain_histogram, 2,
     FLOATS_COUNTED(0, collect_histogram)},
    {"high counts", run_high, plain_high, 0, FLOATS_COUNTED(FINITE, collect_high)},
    {"low counts", run_low, plain_low, 0, FLOATS_COUNTED(0, collect_low)},
    {"moments", run_moments, plain_moments, 0, FLOATS_COUNTED(FINITE, collect_moments)},
    {"codes", run_encode, plain_encode, 0, 4, 2, 4, 2, FINITE | SHORT, NULL},
    {"values", run_list, plain_list, 0, 4, 16, 4, 8, 0, NULL},
    {"float to uint8", run_from_float, plain_from_float, SAMPLE_UINT8, FLOATS_TO(1)},
    {"float to uint16", run_from_float, plain_from_float, SAMPLE_UINT16, FLOATS_TO(2)},
    {"float to float32", run_from_float, plain_from_float, SAMPLE_FLOAT32, FLOATS_TO(4)},
};

static void each_kernel(void (*act)(const struct kernel *))
{
    for (size_t i = 0; i < COUNT_OF(kernels); i++)
        act(&kernels[i]);
    for (enum sample_type type = 0; type < SAMPLE_TYPES; type++) {
        size_t size = sample_size(type);
        char names[6][40];
        const char *const formats[] = {"%s to float", "swapped %s to float", "raw %s to float",
                                       "swap %s",     "inexact %s",          "swapped inexact %s"};
        for (size_t i = 0; i < COUNT_OF(formats); i++)
            snprintf(names[i], sizeof names[i], formats[i], sample_name(type));
        const struct kernel conversions[] = {
            {names[0], run_to_float, plain_to_float, type, size, 4, 1, 4, 0, NULL},
            {names[1], run_swapped, plain_swapped, type, size, 4, 1, 4, 0, NULL},
            {names[2], run_raw, plain_raw, type, size, 4, 1, 4, 0, NULL},
            {names[3], run_swap, plain_swap, type, size, size, 1, 1, IN_PLACE, NULL},
            {names[4], run_inexact, plain_inexact, type, size, 8, 1, 1, 0, NULL},
            {names[5], run_swapped_inexact, plain_swapped_inexact, type, size, 8, 1, 1, 0, NULL},
        };
        for (size_t i = 0; i < COUNT_OF(conversions); i++)
            act(&conversions[i]);
    }
}

static bool prepare_equalize(struct equalize *equalize, const struct histogram *histogram,
                             struct fail *fail)
{
    uint64_t counts[BINS];
    for (uint64_t k = 0; k < BINS; k++)
        counts[k] = 1 + k * k % 91;
    return equalize_init(equalize, BINS, histogram->edges, counts, fail);
}

static bool prepare(struct fail *fail)
{
    static const double powers_of[][2] = {{0.45, 1}, {0.5, 1}, {2, 1},     {3, 1},
                                          {1e6, 1},  {1, 0.7}, {1, 1e300}, {0, 0.7}};
    static const double limits[][2] = {{0.1, 0.9}, {0.5, 0.5}, {-1, 3e38}};
    static const double to[][2] = {{0.1, 0.8}, {0, 0.25}, {1, -1}};
    static const double inner[2] = {0.1, 0.7};
    static const uint16_t buckets[] = {0x3eff, 0xbeef, 0xbf00, 0xbf7f};
    for (size_t i = 0; i < COUNT_OF(powers); i++)
        power_choose(&powers[i], powers_of[i][0], powers_of[i][1]);
    bool ok = true;
    for (size_t i = 0; i < COUNT_OF(clips); i++)
        ok = ok && clip_init(&clips[i], limits[i], to[i]);
    ok = ok && histogram_init(&histograms[0], BINS, NULL, 0, 1, fail) &&
         histogram_init(&histograms[1], BINS, inner, 0, 1, fail) &&
         histogram_init(&histograms[2], BINS, NULL, -3e38f, 3e38f, fail) &&
         prepare_equalize(&equalizes[0], &histograms[0], fail) &&
         prepare_equalize(&equalizes[1], &histograms[2], fail);
    for (size_t i = 0; ok && i < COUNT_OF(histograms); i++)
        ok = histogram_counter_init(&histogram_counters[i], &histograms[i]);
    return ok && ((high_counter_init(&high_counter) &&
                   low_counts_init(&low_counts, buckets, COUNT_OF(buckets)) &&
                   low_counter_init(&low_counter, &low_counts) &&
                   dictionary_init(&dictionary, DICTIONARY_MAX)) ||
                  fail_errno(fail, "counters"));
}

static uint64_t source[MAX_SAMPLES];
static unsigned char expected[MAX_SIZE * MAX_SAMPLES];
static struct guard from_guard, to_guard;

static void run_plain(const struct kernel *kernel, size_t n)
{
    if (kernel->plain) {
        kernel->plain(kernel->which, source, n, expected);
        return;
    }
    static uint64_t in[1],
        out[1]; /* where they are aligned for any vector or none does not matter */
    for (size_t i = 0; i < n; i++) {
        memcpy(in, (unsigned char *)source + i * kernel->from, kernel->from);
        memcpy(out, in, kernel->from);
        kernel->run(kernel->which, in, 1, out);
        memcpy(expected + i * kernel->to, out, kernel->to);
    }
}

static bool is_untouched(const unsigned char *from, const unsigned char *to)
{
    while (from < to && *from == 0xa5)
        from++;
    return from == to;
}

/* The kernel at one place, against `expected`; bytes beside the result must stay. */
static bool is_right(const struct kernel *kernel, size_t n, unsigned offset)
{
    bool end = offset == GUARD_END;
    unsigned from_at = end ? offset : offset * 5 * (unsigned)kernel->from_aligned % ALIGNMENTS;
    unsigned to_at = end ? offset : offset * (unsigned)kernel->to_aligned % ALIGNMENTS;
    size_t from_size = n * kernel->from, to_size = n * kernel->to;
    unsigned char *from = guard_place(&from_guard, from_size, from_at);
    unsigned char *to = guard_place(&to_guard, to_size, to_at);
    unsigned char *before = end ? to - ALIGNMENTS : to_guard.begin;
    unsigned char *behind = end ? to_guard.end : to + to_size + ALIGNMENTS;
    memcpy(from, source, from_size);
    memset(before, 0xa5, (size_t)(behind - before));
    if (kernel->traits & IN_PLACE)
        memcpy(to, source, to_size);
    guard_note(kernel->name, n, to_at);
    kernel->run(kernel->which, from, n, to);
    return memcmp(to, expected, to_size) == 0 && memcmp(from, source, from_size) == 0 &&
           is_untouched(before, to) && is_untouched(to + to_size, behind);
}

static void check_span(const struct kernel *kernel, size_t n, bool tame, uint64_t *sum)
{
    fill((uint32_t *)(void *)source, (n * kernel->from + 3) / 4, tame, kernel->traits & FINITE);
    memset(expected, 0xa5, n * kernel->to);
    unsigned offsets = n > 1000 ? 2 : ALIGNMENTS;
    for (unsigned i = 0; i <= offsets; i++) {
        unsigned offset = i < offsets ? i : GUARD_END;
        if (i == 0 || kernel->collect)
            run_plain(kernel, n);
        if (!is_right(kernel, n, offset)) {
            failures++;
            printf("%s: %zu samples, place %u of %u: not as in plain C\n", kernel->name, n, i,
                   offsets);
            break;
        }
    }
    add_bytes(sum, expected, n * kernel->to);
}

static void check(const struct kernel *kernel)
{
    static const size_t longer[] = {255, 256, 257, 1000, MAX_SAMPLES};
    uint64_t sum = 0xcbf29ce484222325u;
    for (int tame = 0; tame < 2; tame++) {
        for (size_t n = 0; n <= 67; n++)
            check_span(kernel, n, tame, &sum);
        for (size_t i = 0; i < COUNT_OF(longer) - ((kernel->traits & SHORT) > 0); i++)
            check_span(kernel, longer[i], tame, &sum);
    }
    if (kernel->collect && !kernel->collect(kernel->which, &sum)) {
        failures++;
        printf("%s: counts are not as in plain C\n", kernel->name);
    }
    printf("%-26s %016" PRIx64 "\n", kernel->name, sum);
}

/* Millions of a picture's samples a second: the best of many spans of one block. */
static void show_speed(const struct kernel *kernel)
{
    double best = 1;
    for (size_t i = 0; i < MAX_SAMPLES; i++)
        ((float *)(void *)source)[i] = (float)(next_random() >> 16) / 65535.0f;
    for (int turn = 0; turn < 300; turn++) {
        struct timespec begin, end;
        memcpy(from_guard.begin, source, kernel->from * MAX_SAMPLES);
        memcpy(to_guard.begin, source, kernel->from * MAX_SAMPLES);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
        kernel->run(kernel->which, from_guard.begin, MAX_SAMPLES, to_guard.begin);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
        double took =
            (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
        best = took < best ? took : best;
    }
    printf("%-26s %8.0f\n", kernel->name, MAX_SAMPLES / best / 1e6);
}

/* Every number of 8 and of 16 bits becomes the float that it becomes by way of double. */
static void check_units(void)
{
    static uint8_t bytes[MAX_SAMPLES];
    static uint16_t words[MAX_SAMPLES];
    static float v[2][MAX_SAMPLES], plain[2][MAX_SAMPLES];
    for (unsigned k = 0; k < MAX_SAMPLES; k++) {
        bytes[k] = (uint8_t)k;
        words[k] = (uint16_t)k;
    }
    run_to_float(SAMPLE_UINT8, bytes, MAX_SAMPLES, v[0]);
    run_to_float(SAMPLE_UINT16, words, MAX_SAMPLES, v[1]);
    plain_to_float(SAMPLE_UINT8, bytes, MAX_SAMPLES, plain[0]);
    plain_to_float(SAMPLE_UINT16, words, MAX_SAMPLES, plain[1]);
    if (memcmp(v, plain, sizeof v) != 0) {
        failures++;
        printf("integers become another float than by way of double\n");
    }
}

int main(int argc, char **argv)
{
    struct fail fail = {.text = ""};
    if (!cpu_choose(getenv("VOL_CPU"), &fail) || !prepare(&fail)) {
        fprintf(stderr, "check_kernels: %s\n", fail.text);
        return 2;
    }
    guard_open(&from_guard, 8 * MAX_SAMPLES + ALIGNMENTS);
    guard_open(&to_guard, MAX_SIZE * MAX_SAMPLES + 2 * ALIGNMENTS);
    guard_catch();
    bool speed = argc == 2 && strcmp(argv[1], "speed") == 0;
    each_kernel(speed ? show_speed : check);
    check_units();
    return failures > 0;
}
