/* PNG's filters: rows of all lengths and alignments between guard pages give what plain C gives,
 * and what is filtered becomes the row again as the PNG specification says. VOL_CPU chooses the
 * level. Prints a checksum of all filtered rows, the same on every machine; exits with 1 after a
 * line for each row that is wrong. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/cpu.h"
#include "format/png/filter.h"
#include "tests/units/guard.h"

#define MAX_ROW 2048
#define OFFSETS 64

enum { NONE, SUB, UP, AVERAGE, PAETH, FILTERS };

static unsigned failures;
static struct guard row_guard, above_guard;
static unsigned char source[MAX_ROW], above[MAX_ROW];

/* Marsaglia's xorshift. */
static uint32_t next_random(void)
{
    static uint32_t state = 2463534242;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* Rows for which each filter is the best now and then. */
static void fill(size_t n, size_t pixel, unsigned kind)
{
    for (size_t i = 0; i < n; i++) {
        unsigned noise = next_random() >> 8 & 3, left = i < pixel ? 0 : source[i - pixel];
        above[i] = (unsigned char)(kind % 2 ? next_random() >> 24 : 200 + noise + i * 7);
        unsigned corner = i < pixel ? 0 : above[i - pixel];
        const unsigned values[] = {noise,
                                   left + noise,
                                   above[i] + noise,
                                   (left + above[i]) / 2 + noise,
                                   left + above[i] - corner + noise,
                                   next_random() >> 24};
        source[i] = (unsigned char)values[kind % 6];
    }
}

static int predicted(unsigned filter, const unsigned char *row, size_t i, size_t pixel)
{
    int left = i < pixel ? 0 : row[i - pixel], corner = i < pixel ? 0 : above[i - pixel];
    int up = above[i], sum = left + up - corner;
    int by_left = abs(sum - left), by_up = abs(sum - up), by_corner = abs(sum - corner);
    switch (filter) {
    case SUB:
        return left;
    case UP:
        return up;
    case AVERAGE:
        return (left + up) / 2;
    case PAETH:
        return by_left <= by_up && by_left <= by_corner ? left : by_up <= by_corner ? up : corner;
    default:
        return 0;
    }
}

static unsigned best_filter(size_t n, size_t pixel)
{
    uint64_t sums[FILTERS] = {0};
    unsigned best = NONE;
    for (unsigned filter = 0; filter < FILTERS; filter++) {
        for (size_t i = 0; i < n; i++)
            sums[filter] +=
                (uint64_t)abs((int8_t)(source[i] - predicted(filter, source, i, pixel)));
        best = sums[filter] < sums[best] ? filter : best;
    }
    return best;
}

/* In longer rows some bytes count twice or not at all when the filter is chosen. */
static bool is_right(const unsigned char *row, unsigned filter, size_t n, size_t pixel)
{
    unsigned char whole[MAX_ROW];
    if (filter >= FILTERS || (n - pixel <= 64 && filter != best_filter(n, pixel)))
        return false;
    for (size_t i = 0; i < n; i++)
        whole[i] = (unsigned char)(row[i] + predicted(filter, whole, i, pixel));
    return memcmp(whole, source, n) == 0;
}

/* FNV-1a */
static void add_bytes(uint64_t *sum, const unsigned char *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *sum = (*sum ^ from[i]) * 0x100000001b3u;
}

static void check_row(size_t n, size_t pixel, unsigned kind, uint64_t *sum)
{
    unsigned char first = 0;
    fill(n, pixel, kind);
    for (unsigned i = 0; i <= OFFSETS; i++) {
        unsigned offset = i < OFFSETS ? i : GUARD_END;
        unsigned char *row = guard_place(&row_guard, n, offset);
        unsigned char *over = guard_place(&above_guard, n, i < OFFSETS ? i * 5 % 64 : GUARD_END);
        memcpy(row, source, n);
        memcpy(over, above, n);
        guard_note("PNG filter", n, offset);
        unsigned char filter = png_filter_row(row, over, n, pixel);
        first = i == 0 ? filter : first;
        if (filter != first || !is_right(row, filter, n, pixel) || memcmp(over, above, n) != 0) {
            failures++;
            printf("row %u of %zu bytes, %zu a pixel, place %u: filter %d is wrong\n", kind, n,
                   pixel, i, filter);
            return;
        }
    }
    add_bytes(sum, &first, 1);
    add_bytes(sum, guard_place(&row_guard, n, GUARD_END), n);
}

int main(void)
{
    static const size_t pixels[] = {1, 2, 3, 4, 6, 8};
    static const size_t longer[] = {255, 256, 257, 511, 512, 513, 577, 1000, MAX_ROW};
    const size_t pixel_count = sizeof pixels / sizeof *pixels;
    const size_t longer_count = sizeof longer / sizeof *longer;
    uint64_t sum = 0xcbf29ce484222325u;
    struct fail fail = {.text = ""};
    if (!cpu_choose(getenv("VOL_CPU"), &fail)) {
        fprintf(stderr, "check_filter: %s\n", fail.text);
        return 2;
    }
    guard_open(&row_guard, MAX_ROW + OFFSETS);
    guard_open(&above_guard, MAX_ROW + OFFSETS);
    guard_catch();
    for (size_t p = 0; p < pixel_count; p++)
        for (unsigned kind = 0; kind < 12; kind++) {
            for (size_t n = pixels[p]; n <= 140; n++)
                check_row(n, pixels[p], kind, &sum);
            for (size_t i = 0; i < longer_count; i++)
                check_row(longer[i], pixels[p], kind, &sum);
        }
    printf("%016" PRIx64 "\n", sum);
    return failures > 0;
}
