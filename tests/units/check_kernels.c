/* Every kernel that is compiled for several vector levels, and the counters beside them, on samples
 * that are the same everywhere. VOL_CPU chooses the level, as it does for the programs.
 *
 *   check_kernels          a checksum of the results of each kernel: the same on every machine
 *   check_kernels speed    millions of samples a second: figures for people */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/kernel/clip.h"
#include "common/kernel/cpu.h"
#include "common/kernel/equalize.h"
#include "common/kernel/power.h"
#include "common/kernel/range.h"
#include "common/kernel/sample.h"
#include "common/kernel/sortable.h"
#include "common/picture/window.h"
#include "common/stats/histogram.h"
#include "common/stats/moments.h"
#include "common/stats/radix.h"

#define MOST 65536 /* samples of a span */
#define BINS 256
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

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

/* What a picture holds; now and then one beside the window or on the edge of a bin. */
static float tame_sample(void)
{
    uint32_t any = next_random();
    if (any % 512 == 0)
        return (float)(int)(any >> 22) / 256 - 1;
    return (float)(any >> 16) / 65535.0f;
}

/* Any bits: all magnitudes, infinities, NaN with any payload, and what lies on an edge. */
static float wild_sample(void)
{
    static const uint32_t edges[] = {0,          0x80000000, 0x00000001, 0x80000001,
                                     0x007fffff, 0x00800000, 0x3f7fffff, 0x3f800000,
                                     0xbf800000, 0x7f7fffff, 0xff7fffff, 0x7f800000,
                                     0xff800000, 0x7fc00000, 0xffc12345, 0x3f000000};
    uint32_t any = next_random(), pick = next_random() >> 8;
    uint32_t quiet = (any & 0x7fffffff) > 0x7f800000 ? 0x00400000 : 0;
    if (pick % 4 == 0)
        return bits_float(edges[pick / 4 % COUNT_OF(edges)]);
    return pick % 4 == 1 ? tame_sample() : bits_float(any | quiet);
}

static float finite_sample(void)
{
    float value = wild_sample();
    return value - value == 0 ? value : tame_sample();
}

/* ---- kernels ------------------------------------------------------------------------------- */

static struct power powers[7];
static struct clip clips[3];
static struct equalize equalize;
static struct histogram histogram;
static struct histogram_counter histogram_counter;
static struct high_counter high_counter;
static struct low_counts low_counts;
static struct low_counter low_counter;
static struct moment_sums moment_sums;
static const struct window windows[] = {{0.1, 0.9}, {-3e38, 3e38}, {0.5, 0.5}};

static bool prepare(struct fail *fail)
{
    static const double powers_of[][2] = {{0.45, 1}, {0.5, 1}, {2, 1},    {3, 1},
                                          {1e6, 1},  {1, 0.7}, {1, 1e300}};
    static const double limits[][2] = {{0.1, 0.9}, {0.5, 0.5}, {-1, 3e38}};
    static const double to[][2] = {{0.1, 0.8}, {0, 0.25}, {1, -1}};
    static const uint16_t buckets[] = {0xbeef, 0xbf00, 0xbf7f};
    for (size_t i = 0; i < COUNT_OF(powers); i++)
        power_choose(&powers[i], powers_of[i][0], powers_of[i][1]);
    for (size_t i = 0; i < COUNT_OF(clips); i++)
        clip_init(&clips[i], limits[i], to[i]);
    if (!histogram_init(&histogram, BINS, NULL, 0, 1, fail))
        return false;
    uint64_t counts[BINS];
    for (uint64_t k = 0; k < BINS; k++)
        counts[k] = 1 + k * k % 91;
    return equalize_init(&equalize, BINS, histogram.edges, counts, fail) &&
           ((histogram_counter_init(&histogram_counter, &histogram) &&
             high_counter_init(&high_counter) &&
             low_counts_init(&low_counts, buckets, COUNT_OF(buckets)) &&
             low_counter_init(&low_counter, &low_counts)) ||
            fail_errno(fail, "counters"));
}

/* A kernel changes v, writes to `to` (8 bytes a sample at most), or counts. */
typedef void runner(size_t which, float *v, size_t n, unsigned char *to);

static void run_power(size_t which, float *v, size_t n, unsigned char *to)
{
    (void)to;
    power_span(&powers[which], v, n);
}

static void run_clip(size_t which, float *v, size_t n, unsigned char *to)
{
    (void)to;
    clip_span(&clips[which], v, n);
}

static void run_equalize(size_t which, float *v, size_t n, unsigned char *to)
{
    (void)which;
    (void)to;
    equalize_span(&equalize, v, n);
}

static void run_bytes(size_t which, float *v, size_t n, unsigned char *to)
{
    window_bytes(&windows[which], v, n, to);
}

static void run_words(size_t which, float *v, size_t n, unsigned char *to)
{
    window_words(&windows[which], v, n, to);
}

static void run_range(size_t which, float *v, size_t n, unsigned char *to)
{
    (void)which;
    struct sortable_range range = range_of_span(v, n);
    memcpy(to, &range, n > 0 ? sizeof range : 0);
}

static void run_negative(size_t which, float *v, size_t n, unsigned char *to)
{
    (void)which;
    uint64_t first = span_first_negative(v, n);
    memcpy(to, &first, n > 0 ? sizeof first : 0);
}

static void run_histogram(size_t which, float *v, size_t n, unsigned char *to)
{
    (void)which;
    (void)to;
    histogram_count(&histogram_counter, &histogram, v, n);
}

static void run_coarse(size_t which, float *v, size_t n, unsigned char *to)
{
    (void)which;
    (void)to;
    high_count(&high_counter, v, n);
}

static void run_fine(size_t which, float *v, size_t n, unsigned char *to)
{
    (void)which;
    (void)to;
    low_count(&low_counter, v, n);
}

static void run_sum(size_t which, float *v, size_t n, unsigned char *to)
{
    (void)which;
    (void)to;
    moment_sums_add(&moment_sums, v, n);
}

/* From an odd address, as many as there are bytes for. */
static void convert(enum sample_type type, bool swapped, float *v, size_t n, unsigned char *to)
{
    size_t bytes = n * sizeof *v, most = bytes == 0 ? 0 : (bytes - 1) / sample_size(type);
    sample_to_float(type, swapped, sample_unit_scale(type), (unsigned char *)v + 1,
                    (float *)(void *)to, most < n ? most : n);
}

static void run_to_float(size_t which, float *v, size_t n, unsigned char *to)
{
    convert((enum sample_type)which, false, v, n, to);
}

static void run_swapped(size_t which, float *v, size_t n, unsigned char *to)
{
    convert((enum sample_type)which, true, v, n, to);
}

static void run_raw(size_t which, float *v, size_t n, unsigned char *to)
{
    sample_to_float((enum sample_type)which, false, 1, v, (float *)(void *)to, n);
}

static void run_from_float(size_t which, float *v, size_t n, unsigned char *to)
{
    sample_from_float((enum sample_type)which, which == SAMPLE_UINT8 ? 255 : 65535, v, to, n);
}

/* ---- what they count ----------------------------------------------------------------------- */

/* FNV-1a */
static void add_bytes(uint64_t *sum, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *sum = (*sum ^ ((const unsigned char *)from)[i]) * 0x100000001b3u;
}

static void collect_histogram(uint64_t *sum)
{
    histogram_collect(&histogram, &histogram_counter);
    add_bytes(sum, histogram.counts, (BINS + 1) * sizeof histogram.counts[0]);
}

static void collect_coarse(uint64_t *sum)
{
    static uint64_t counts[BUCKETS];
    high_collect(counts, &high_counter);
    add_bytes(sum, counts, sizeof counts);
}

static void collect_fine(uint64_t *sum)
{
    low_collect(&low_counts, &low_counter);
    add_bytes(sum, low_counts.counts, low_counts.buckets * BUCKETS * sizeof low_counts.counts[0]);
}

static void collect_sum(uint64_t *sum)
{
    struct moments moments = {.sum = {{0}}};
    moment_sums_total(&moment_sums, &moments);
    add_bytes(sum, &moments, sizeof moments);
}

/* ---- all of them --------------------------------------------------------------------------- */

static const struct kernel {
    const char *name;
    runner *run;
    size_t which;
    void (*collect)(uint64_t *sum);
    bool finite; /* takes no NaN and no infinities */
} kernels[] = {
    {"gamma 0.45", run_power, 0, NULL, false},
    {"gamma 0.5", run_power, 1, NULL, false},
    {"gamma 2", run_power, 2, NULL, false},
    {"gamma 3", run_power, 3, NULL, false},
    {"gamma 1e6", run_power, 4, NULL, false},
    {"gain 0.7", run_power, 5, NULL, false},
    {"gain 1e300", run_power, 6, NULL, false},
    {"first negative", run_negative, 0, NULL, false},
    {"clip", run_clip, 0, NULL, false},
    {"clip, flat", run_clip, 1, NULL, false},
    {"clip, reversed", run_clip, 2, NULL, false},
    {"equalize", run_equalize, 0, NULL, false},
    {"window to bytes", run_bytes, 0, NULL, false},
    {"window to bytes, wide", run_bytes, 1, NULL, false},
    {"window to bytes, flat", run_bytes, 2, NULL, false},
    {"window to words", run_words, 0, NULL, false},
    {"range", run_range, 0, NULL, false},
    {"histogram", run_histogram, 0, collect_histogram, false},
    {"coarse count", run_coarse, 0, collect_coarse, true},
    {"fine count", run_fine, 0, collect_fine, false},
    {"exact sum", run_sum, 0, collect_sum, true},
    {"uint8 to float", run_to_float, SAMPLE_UINT8, NULL, false},
    {"int8 to float", run_to_float, SAMPLE_INT8, NULL, false},
    {"uint16 to float", run_to_float, SAMPLE_UINT16, NULL, false},
    {"int16 to float", run_to_float, SAMPLE_INT16, NULL, false},
    {"uint32 to float", run_to_float, SAMPLE_UINT32, NULL, false},
    {"int32 to float", run_to_float, SAMPLE_INT32, NULL, false},
    {"uint64 to float", run_to_float, SAMPLE_UINT64, NULL, false},
    {"int64 to float", run_to_float, SAMPLE_INT64, NULL, false},
    {"float64 to float", run_to_float, SAMPLE_FLOAT64, NULL, false},
    {"swapped uint16 to float", run_swapped, SAMPLE_UINT16, NULL, false},
    {"swapped float32 to float", run_swapped, SAMPLE_FLOAT32, NULL, false},
    {"swapped float64 to float", run_swapped, SAMPLE_FLOAT64, NULL, false},
    {"raw uint8 to float", run_raw, SAMPLE_UINT8, NULL, false},
    {"raw uint16 to float", run_raw, SAMPLE_UINT16, NULL, false},
    {"float to uint8", run_from_float, SAMPLE_UINT8, NULL, false},
    {"float to uint16", run_from_float, SAMPLE_UINT16, NULL, false},
};

static float samples[MOST + 16];
static unsigned char results[8 * MOST];

static void add_span(const struct kernel *kernel, size_t begin, size_t n, bool tame, uint64_t *sum)
{
    for (size_t i = 0; i < begin + n; i++)
        samples[i] = tame ? tame_sample() : kernel->finite ? finite_sample() : wild_sample();
    memset(results, 0, 8 * n);
    kernel->run(kernel->which, samples + begin, n, results);
    add_bytes(sum, samples, (begin + n) * sizeof *samples);
    add_bytes(sum, results, 8 * n);
}

/* Spans that no vector divides, wherever they begin. */
static void show_sum(const struct kernel *kernel)
{
    uint64_t sum = 0xcbf29ce484222325u;
    for (int tame = 0; tame < 2; tame++) {
        for (size_t n = 0; n < 70; n++)
            add_span(kernel, n % 17, n, tame, &sum);
        add_span(kernel, 1, 255, tame, &sum);
        add_span(kernel, 5, 4099, tame, &sum);
        add_span(kernel, 0, MOST, tame, &sum);
    }
    if (kernel->collect)
        kernel->collect(&sum);
    printf("%-26s %016" PRIx64 "\n", kernel->name, sum);
}

/* Millions of a picture's samples a second: the best of many spans of one block. */
static void show_speed(const struct kernel *kernel)
{
    static float source[MOST];
    double best = 1;
    for (size_t i = 0; i < MOST; i++)
        source[i] = (float)(next_random() >> 16) / 65535.0f;
    for (int turn = 0; turn < 300; turn++) {
        struct timespec begin, end;
        memcpy(samples, source, sizeof source);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
        kernel->run(kernel->which, samples, MOST, results);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
        double took =
            (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
        best = took < best ? took : best;
    }
    printf("%-26s %8.0f\n", kernel->name, MOST / best / 1e6);
}

/* Of 8 and 16 bits every number there is, which becomes what it becomes by way of double. */
static bool check_units(void)
{
    static uint8_t bytes[MOST];
    static uint16_t words[MOST];
    static float v[2][MOST];
    size_t wrong = 0;
    for (unsigned k = 0; k < MOST; k++) {
        bytes[k] = (uint8_t)k;
        words[k] = (uint16_t)k;
    }
    sample_to_float(SAMPLE_UINT8, false, 1 / 255.0, bytes, v[0], MOST);
    sample_to_float(SAMPLE_UINT16, false, 1 / 65535.0, words, v[1], MOST);
    for (unsigned k = 0; k < MOST; k++)
        wrong += v[0][k] != (float)(bytes[k] * (1 / 255.0)) ||
                 v[1][k] != (float)(words[k] * (1 / 65535.0));
    if (wrong > 0)
        printf("%zu integers become another float than by way of double\n", wrong);
    return wrong == 0;
}

int main(int argc, char **argv)
{
    struct fail fail = {{0}};
    if (!cpu_choose(getenv("VOL_CPU"), &fail) || !prepare(&fail)) {
        fail_print(&fail, "check_kernels");
        return 2;
    }
    bool speed = argc == 2 && strcmp(argv[1], "speed") == 0;
    for (size_t i = 0; i < COUNT_OF(kernels); i++)
        (speed ? show_speed : show_sum)(&kernels[i]);
    return check_units() ? 0 : 1;
}
