/* The power kernel: fixed results, special samples, and that a span gives what its samples give one
 * by one, wherever it lies and however long it is.
 *
 *   check_power                      all checks; exit 1 with a line for each that fails
 *   check_power raise GAMMA GAIN     floats from standard input, their powers to standard output,
 *                                    both as this machine's bytes: for reference/power.py
 *   check_power speed GAMMA          figures for people */
#include "common/kernel/power.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/kernel/bits.h"
#include "tests/units/guard.h"

#define SAMPLES 1024
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static unsigned failures;

static void expect_bits(const char *what, double gamma, double gain, float x, float found,
                        uint32_t expected)
{
    if (bits_of(found) == expected)
        return;
    failures++;
    printf("%s: gamma %g, gain %g, sample %a (%08x): %08x, expected %08x\n", what, gamma, gain,
           (double)x, bits_of(x), bits_of(found), expected);
}

static void expect_index(const char *what, size_t found, size_t expected)
{
    if (found == expected)
        return;
    failures++;
    printf("%s: %zu, expected %zu\n", what, found, expected);
}

static const double gammas[] = {0,   0.1, 0.45, 1 / 2.2, 0.5, 0.75, 1,   1.5,   2,
                                2.2, 3,   4,    7.3,     100, 1e-3, 1e6, 1e-50, 1e300};

/* From `power.py table`: true powers rounded to float. */
static const uint32_t bases[] = {0x00000001, 0x00800000, 0x37800080, 0x3dcccccd,
                                 0x3f7fffff, 0x3f800001, 0x41100000, 0x60ad78ec};
static const struct {
    double gamma;
    uint32_t power[COUNT_OF(bases)];
} powers[] = {
    {0.1,
     {0x38092fde, 0x3928e5a1, 0x3ea8e5b3, 0x3f4b5918, 0x3f800000, 0x3f800000, 0x3f9f741d,
      0x42c80001}},
    {0.45,
     {0x1df747ae, 0x231d962f, 0x3bdedccd, 0x3eb5aa1a, 0x3f800000, 0x3f800000, 0x402c0626,
      0x4e6e6b20}},
    {0.45454545454545453,
     {0x1d9aa29f, 0x22d3e793, 0x3bd3e802, 0x3eb3c5e4, 0x3f800000, 0x3f800000, 0x402dc02e,
      0x4e92f785}},
    {0.5,
     {0x1a3504f3, 0x20000000, 0x3b800040, 0x3ea1e89b, 0x3f7fffff, 0x3f800000, 0x40400000,
      0x501502f9}},
    {0.75,
     {0x079837f0, 0x103504f3, 0x39800060, 0x3e361887, 0x3f7fffff, 0x3f800001, 0x40a646e1,
      0x58635fa9}},
    {1,
     {0x00000001, 0x00800000, 0x37800080, 0x3dcccccd, 0x3f7fffff, 0x3f800001, 0x41100000,
      0x60ad78ec}},
    {1.5,
     {0x00000000, 0x00000000, 0x338000c0, 0x3d0186e3, 0x3f7fffff, 0x3f800002, 0x41d80000,
      0x7149f2ca}},
    {2,
     {0x00000000, 0x00000000, 0x2f800100, 0x3c23d70b, 0x3f7ffffe, 0x3f800002, 0x42a20000,
      0x7f800000}},
    {2.2,
     {0x00000000, 0x00000000, 0x2ddede49, 0x3bcec089, 0x3f7ffffe, 0x3f800002, 0x42fb6625,
      0x7f800000}},
    {3,
     {0x00000000, 0x00000000, 0x27800180, 0x3a83126f, 0x3f7ffffd, 0x3f800003, 0x44364000,
      0x7f800000}},
    {7.3,
     {0x00000000, 0x00000000, 0x05130ca9, 0x3357421a, 0x3f7ffff9, 0x3f800007, 0x4b0d1692,
      0x7f800000}},
    {100,
     {0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x3f7fff9c, 0x3f800064, 0x7f800000,
      0x7f800000}},
    {0.001,
     {0x3f66e14e, 0x3f6a9723, 0x3f7d2d33, 0x3f7f6945, 0x3f800000, 0x3f800000, 0x3f804814,
      0x3f86084f}},
    {1000000.0,
     {0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x3f712fe3, 0x3f90349d, 0x7f800000,
      0x7f800000}},
};

static void check_powers(void)
{
    for (size_t g = 0; g < COUNT_OF(powers); g++) {
        struct power power;
        power_choose(&power, powers[g].gamma, 1);
        for (size_t i = 0; i < COUNT_OF(bases); i++) {
            float x = bits_to_float(bases[i]);
            expect_bits("power", powers[g].gamma, 1, x, power_sample(&power, x),
                        powers[g].power[i]);
        }
    }
}

#define NAN_BITS 0x7fc00000u
#define OTHER_NAN 0xffc12345u
#define INF_BITS 0x7f800000u
#define MINUS 0x80000000u
#define ONE 0x3f800000u

/* What scikit-image 0.19.3 with numpy 1.24 gives, except for the bits of NaN (see power.h);
 * samples below 0, which it refuses, as numpy's power. */
static const struct {
    double gamma, gain;
    uint32_t x, expected;
} specials[] = {
    {0, 1, NAN_BITS, ONE},
    {0, 1, 0, ONE},
    {0, 1, MINUS, ONE},
    {0, 1, INF_BITS, ONE},
    {0, 1, 0xc0000000, ONE},
    {1e-50, 1, NAN_BITS, ONE}, /* 0 as a float32 */
    {1e-50, 1, 0, ONE},
    {0.5, 1, NAN_BITS, NAN_BITS},
    {0.5, 1, OTHER_NAN, OTHER_NAN},
    {0.5, 1, 0, 0},
    {0.5, 1, MINUS, MINUS},
    {0.5, 1, INF_BITS, INF_BITS},
    {0.5, 1, MINUS | INF_BITS, NAN_BITS},
    {0.5, 1, 0xc0000000, NAN_BITS},
    {0.5, 1, 0x40800000, 0x40000000},
    {1, 1, OTHER_NAN, OTHER_NAN},
    {1, 1, 0xc0000000, 0xc0000000},
    {1, 1, MINUS, MINUS},
    {1, 1, 0x00000001, 0x00000001},
    {2, 1, OTHER_NAN, OTHER_NAN},
    {2, 1, MINUS, 0},
    {2, 1, 0xc0000000, 0x40800000},
    {2, 1, MINUS | INF_BITS, INF_BITS},
    {2, 1, 0x60000000, INF_BITS},
    {0.45, 1, NAN_BITS, NAN_BITS},
    {0.45, 1, OTHER_NAN, OTHER_NAN},
    {0.45, 1, 0, 0},
    {0.45, 1, MINUS, 0},
    {0.45, 1, ONE, ONE},
    {0.45, 1, INF_BITS, INF_BITS},
    {0.45, 1, MINUS | INF_BITS, INF_BITS},
    {0.45, 1, MINUS | ONE, NAN_BITS},
    {0.45, 1, MINUS | 1, NAN_BITS},
    {0.001, 1, 0, 0},
    {0.001, 1, INF_BITS, INF_BITS},
    {1e-40, 1, 0, 0},
    {1e-40, 1, INF_BITS, INF_BITS},
    {1e-40, 1, 0x00000001, ONE},
    {3, 1, OTHER_NAN, OTHER_NAN},
    {3, 1, MINUS, MINUS},
    {3, 1, 0xc0000000, 0xc1000000},
    {3, 1, MINUS | INF_BITS, MINUS | INF_BITS},
    {3, 1, MINUS | 1, MINUS},
    {4, 1, MINUS, 0},
    {4, 1, 0xc0000000, 0x41800000},
    {4, 1, MINUS | INF_BITS, INF_BITS},
    {1e300, 1, NAN_BITS, NAN_BITS},
    {1e300, 1, 0, 0},
    {1e300, 1, 0x3f7fffff, 0},
    {1e300, 1, ONE, ONE},
    {1e300, 1, 0x3f800001, INF_BITS},
    {1e300, 1, INF_BITS, INF_BITS},
    {0, 0.1, NAN_BITS, 0x3dcccccd},
    {0.5, 0.1, 0x40800000, 0x3e4ccccd},
    {0.5, 0.1, OTHER_NAN, OTHER_NAN},
    {1, 0.1, 0x00000001, 0},
    {1, -2, ONE, 0xc0000000},
    {1, 0, INF_BITS, NAN_BITS},
    {0.45, 0, INF_BITS, NAN_BITS},
    {3, 2, 0x40000000, 0x41800000},
    {1, 1e300, 0, 0}, /* a gain that is no float32: multiplied in double */
    {1, 1e300, 0x00000001, INF_BITS},
    {1, 3.4e38, 0x3f00012e, 0x7effcbfa},
};

static void check_specials(void)
{
    for (size_t i = 0; i < COUNT_OF(specials); i++) {
        struct power power;
        power_choose(&power, specials[i].gamma, specials[i].gain);
        float x = bits_to_float(specials[i].x);
        expect_bits("special", specials[i].gamma, specials[i].gain, x, power_sample(&power, x),
                    specials[i].expected);
    }
}

/* Marsaglia's xorshift: the same samples everywhere. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Any bits, so all magnitudes and NaN with any payload; every fourth is an image's 0 to 1, every
 * sixteenth is special. */
static float random_sample(uint32_t *state)
{
    static const uint32_t special[] = {0,         MINUS,      INF_BITS,   MINUS | INF_BITS,
                                       NAN_BITS,  OTHER_NAN,  ONE,        1,
                                       MINUS | 1, 0x007fffff, 0x7f7fffff, 0x3f7fffff};
    uint32_t any = next_random(state);
    uint32_t quiet = 0x00400000; /* a signalling NaN may not survive being handed around */
    uint32_t pick = next_random(state) >> 8;

    if (pick % 16 == 1)
        return bits_to_float(special[pick / 16 % COUNT_OF(special)]);
    if (pick % 4 == 0)
        return (float)(any >> 16) / 65535.0f;
    return bits_to_float((any & ~MINUS) > INF_BITS ? any | quiet : any);
}

/* One number for the bits of a million results: what it is here it must be everywhere. */
static void check_sum(void)
{
    const uint64_t expected = 0xac6f46ec2b200decu;
    uint64_t sum = 0xcbf29ce484222325u; /* FNV-1a */
    uint32_t state = 2463534242;

    for (size_t g = 0; g < COUNT_OF(gammas); g++) {
        struct power power;
        float v[1000];
        power_choose(&power, gammas[g], g % 3 == 2 ? 0.7 : 1);
        for (size_t part = 0; part < 56; part++) {
            for (size_t i = 0; i < COUNT_OF(v); i++)
                v[i] = random_sample(&state);
            power_span(&power, v, COUNT_OF(v));
            for (size_t i = 0; i < COUNT_OF(v); i++)
                sum = (sum ^ bits_of(v[i])) * 0x100000001b3u;
        }
    }
    if (sum != expected) {
        failures++;
        printf("sum of all results: %016llx, expected %016llx\n", (unsigned long long)sum,
               (unsigned long long)expected);
    }
}

static struct guard guard;

/* Raises v[begin..begin+n) of SAMPLES samples as one span; the others must stay. */
static void check_span(const struct power *power, const float *source, size_t begin, size_t n)
{
    float *v = guard_place(&guard, SAMPLES * sizeof *v, GUARD_END);
    memcpy(v, source, SAMPLES * sizeof *v);
    guard_note("power", n, (unsigned)(begin * sizeof *v));
    power_span(power, v + begin, n);
    for (size_t i = 0; i < SAMPLES; i++) {
        bool inside = i >= begin && i < begin + n;
        expect_bits(inside ? "sample of a span" : "sample beside a span", (double)power->gamma,
                    power->gain, source[i], v[i],
                    bits_of(inside ? power_sample(power, source[i]) : source[i]));
    }
}

static void check_spans_of(const struct power *power, const float *source)
{
    for (size_t n = 0; n <= 67; n++) {
        for (size_t begin = 0; begin < 16; begin++)
            check_span(power, source, begin, n);
        check_span(power, source, SAMPLES - n, n);
    }
    check_span(power, source, 0, SAMPLES);
    check_span(power, source, 3, 511);
    check_span(power, source, 1, 513);
}

static void check_spans(void)
{
    float source[SAMPLES];
    uint32_t state = 88675123;
    for (size_t g = 0; g < COUNT_OF(gammas); g++) {
        struct power power;
        power_choose(&power, gammas[g], g % 2 ? 1 : 0.3);
        for (size_t i = 0; i < SAMPLES; i++)
            source[i] = random_sample(&state);
        check_spans_of(&power, source);
    }
}

static void check_first_negative(void)
{
    static const uint32_t negative[] = {MINUS | ONE, MINUS | 1, MINUS | INF_BITS};
    static const uint32_t other[] = {0, MINUS, ONE, NAN_BITS, OTHER_NAN, INF_BITS, 1};

    for (size_t n = 0; n <= 600; n += n < 67 ? 1 : 89) {
        float *v = guard_place(&guard, n * sizeof *v, GUARD_END);
        guard_note("first negative", n, GUARD_END);
        for (size_t i = 0; i < n; i++)
            v[i] = bits_to_float(other[i % COUNT_OF(other)]);
        expect_index("no negative sample", span_first_negative(v, n), n);
        for (size_t at = n; at-- > 0;) {
            v[at] = bits_to_float(negative[at % COUNT_OF(negative)]);
            expect_index("first negative sample", span_first_negative(v, n), at);
        }
    }
}

/* Neighbouring samples: the result may fall by its last place at most, where the true power hardly
 * changes. */
static void check_order(void)
{
    static const float starts[] = {1e-44f,  1.1754e-38f, 1e-6f, 0.1f, 0.70708f,
                                   0.9999f, 1.4141f,     2,     1e5f, 1e30f};
    for (size_t g = 0; g < COUNT_OF(gammas); g++)
        for (size_t s = 0; s < COUNT_OF(starts); s++) {
            struct power power;
            float v[2048];
            power_choose(&power, gammas[g], 1);
            for (uint32_t i = 0; i < COUNT_OF(v); i++)
                v[i] = bits_to_float(bits_of(starts[s]) + i);
            power_span(&power, v, COUNT_OF(v));
            for (size_t i = 1; i < COUNT_OF(v); i++)
                if (bits_of(v[i]) + 1 < bits_of(v[i - 1])) {
                    failures++;
                    printf("gamma %g falls from %a to %a near %a\n", gammas[g], (double)v[i - 1],
                           (double)v[i], (double)starts[s]);
                }
        }
}

static int check_all(void)
{
    guard_open(&guard, SAMPLES * sizeof(float));
    guard_catch();
    check_powers();
    check_specials();
    check_sum();
    check_spans();
    check_first_negative();
    check_order();
    guard_close(&guard);
    if (failures)
        printf("%u checks of the power failed\n", failures);
    return failures != 0;
}

static int raise_input(double gamma, double gain)
{
    struct power power;
    float v[2048];
    size_t n;

    power_choose(&power, gamma, gain);
    while ((n = fread(v, sizeof *v, COUNT_OF(v), stdin)) > 0) {
        power_span(&power, v, n);
        if (fwrite(v, sizeof *v, n, stdout) != n)
            return 1;
    }
    return ferror(stdin) || fflush(stdout) ? 1 : 0;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void kernel_span(const void *power, float *v, size_t n)
{
    power_span(power, v, n);
}

static void libm_span(const void *gamma, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = powf(v[i], *(const float *)gamma);
}

/* Millions of samples a second, the best of many spans of one block. */
static double speed(void (*raise)(const void *, float *, size_t), const void *state)
{
    enum { BLOCK = 65536, TURNS = 200 };
    static float v[BLOCK];
    double best = INFINITY;

    for (int turn = 0; turn < TURNS; turn++) {
        for (size_t i = 0; i < BLOCK; i++)
            v[i] = (float)(i * 40503 % 65535 + 1) / 65535.0f;
        double begin = seconds();
        raise(state, v, BLOCK);
        best = fmin(best, seconds() - begin);
    }
    return BLOCK / best / 1e6;
}

static int show_speed(double gamma)
{
    struct power power;
    float single = (float)gamma;
    power_choose(&power, gamma, 1);
    printf("gamma %g: %.0f million samples a second, powf %.0f\n", gamma,
           speed(kernel_span, &power), speed(libm_span, &single));
    return 0;
}

int main(int argc, char **argv)
{
    struct fail fail = {.text = ""};
    if (!cpu_choose(getenv("VOL_CPU"), &fail)) {
        fprintf(stderr, "check_power: %s\n", fail.text);
        return 2;
    }
    if (argc == 1)
        return check_all();
    if (argc == 4 && strcmp(argv[1], "raise") == 0)
        return raise_input(strtod(argv[2], NULL), strtod(argv[3], NULL));
    if (argc == 3 && strcmp(argv[1], "speed") == 0)
        return show_speed(strtod(argv[2], NULL));
    fprintf(stderr, "usage: check_power [raise GAMMA GAIN | speed GAMMA]\n");
    return 2;
}
