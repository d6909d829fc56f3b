#include "common/shape/accumulators.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/cpu.h"
#include "common/local/rank_search.h"

#define SLACK 64 /* floats that rank_search_row() may read behind a row */

size_t accumulators_size(enum reduction kind, size_t most)
{
    switch (kind) {
    case REDUCE_MEAN:
    case REDUCE_SUM:
        return sizeof(uint32_t) + sizeof(double);
    case REDUCE_DEVIATION:
        return sizeof(uint32_t) + 2 * sizeof(double) + sizeof(float);
    case REDUCE_MEDIAN:
    case REDUCE_MODE:
        return sizeof(uint32_t) + most * sizeof(float);
    default:
        return sizeof(uint32_t) + sizeof(float);
    }
}

static bool sums(enum reduction kind)
{
    return kind == REDUCE_MEAN || kind == REDUCE_SUM || kind == REDUCE_DEVIATION;
}

bool accumulators_init(struct accumulators *to, enum reduction kind, size_t n, size_t most,
                       struct fail *fail)
{
    bool keeps = kind == REDUCE_MEDIAN || kind == REDUCE_MODE;
    *to = (struct accumulators){.kind = kind, .n = n, .most = most};
    to->count = malloc(n * sizeof *to->count);
    to->sum = sums(kind) ? malloc(n * sizeof *to->sum) : NULL;
    to->squares = kind == REDUCE_DEVIATION ? malloc(n * sizeof *to->squares) : NULL;
    to->value = malloc(n * sizeof *to->value);
    to->kept = keeps ? calloc(n * most + SLACK, sizeof *to->kept) : NULL;
    to->sorted = keeps && n > 1 ? malloc(most * sizeof *to->sorted) : to->kept;
    if (!to->count || !to->value || (sums(kind) && !to->sum) ||
        (kind == REDUCE_DEVIATION && !to->squares) || (keeps && (!to->kept || !to->sorted)))
        return fail_errno(fail, "%zu sums", n);
    accumulators_clear(to);
    return true;
}

void accumulators_free(struct accumulators *of)
{
    free(of->count);
    free(of->sum);
    free(of->squares);
    free(of->value);
    if (of->sorted != of->kept)
        free(of->sorted);
    free(of->kept);
}

void accumulators_clear(struct accumulators *of)
{
    memset(of->count, 0, of->n * sizeof *of->count);
    if (of->sum)
        memset(of->sum, 0, of->n * sizeof *of->sum);
    if (of->squares)
        memset(of->squares, 0, of->n * sizeof *of->squares);
}

/* ---- adding --------------------------------------------------------------------------------- */

/* One value to one accumulator. */
static inline CPU_INLINE void add_one(const struct accumulators *to, enum reduction kind, size_t i,
                                      float v)
{
    bool number = v == v;
    uint32_t count = to->count[i];
    if (kind == REDUCE_MEAN || kind == REDUCE_SUM) {
        to->sum[i] += number ? (double)v : 0;
    } else if (kind == REDUCE_MAXIMUM) {
        to->value[i] = number && (count == 0 || v > to->value[i]) ? v : to->value[i];
    } else if (kind == REDUCE_MINIMUM) {
        to->value[i] = number && (count == 0 || v < to->value[i]) ? v : to->value[i];
    } else if (kind == REDUCE_FIRST) {
        to->value[i] = number && count == 0 ? v : to->value[i];
    } else if (kind == REDUCE_DEVIATION) {
        float shift = count == 0 && number ? v : to->value[i];
        double d = number ? (double)v - (double)shift : 0;
        to->value[i] = shift;
        to->sum[i] += d;
        to->squares[i] += d * d;
    } else if (number) {
        to->kept[count * to->n + i] = v;
    }
    to->count[i] = count + number;
}

/* With a factor of 1 each voxel has accumulators of its own, so the loop can be vectorized. */
static inline CPU_INLINE void add_kind(const struct accumulators *shared, enum reduction kind,
                                       size_t first, const float *v, size_t n, size_t channels,
                                       size_t factor)
{
    const struct accumulators to = *shared;
    if (factor == 1) {
        for (size_t i = 0; i < n * channels; i++)
            add_one(&to, kind, first + i, v[i]);
        return;
    }
    for (size_t x = 0; x < n; x += factor, first += channels) {
        size_t end = n - x < factor ? n : x + factor;
        for (size_t c = 0; c < channels; c++)
            for (size_t i = x; i < end; i++)
                add_one(&to, kind, first + c, v[i * channels + c]);
    }
}

#define ADDER(name, kind)                                                                          \
    static inline CPU_INLINE void name##_body(const struct accumulators *to, size_t first,         \
                                              const float *v, size_t n, size_t channels,           \
                                              size_t factor)                                       \
    {                                                                                              \
        add_kind(to, kind, first, v, n, channels, factor);                                         \
    }                                                                                              \
    CPU_VARIANTS(name, name##_body,                                                                \
                 (const struct accumulators *to, size_t first, const float *v, size_t n,           \
                  size_t channels, size_t factor),                                                 \
                 (to, first, v, n, channels, factor))
ADDER(add_sum, REDUCE_SUM)
ADDER(add_maximum, REDUCE_MAXIMUM)
ADDER(add_minimum, REDUCE_MINIMUM)
ADDER(add_deviation, REDUCE_DEVIATION)
ADDER(add_kept, REDUCE_MEDIAN)
ADDER(add_first, REDUCE_FIRST)

void accumulators_add(struct accumulators *to, size_t first, const float *v, size_t n,
                      size_t channels, size_t factor)
{
    static void (*const adders[])(const struct accumulators *, size_t, const float *, size_t,
                                  size_t, size_t) = {[REDUCE_MEAN] = add_sum,
                                                     [REDUCE_SUM] = add_sum,
                                                     [REDUCE_MAXIMUM] = add_maximum,
                                                     [REDUCE_MINIMUM] = add_minimum,
                                                     [REDUCE_DEVIATION] = add_deviation,
                                                     [REDUCE_MEDIAN] = add_kept,
                                                     [REDUCE_MODE] = add_kept,
                                                     [REDUCE_FIRST] = add_first};
    adders[to->kind](to, first, v, n, channels, factor);
}

/* ---- finishing ------------------------------------------------------------------------------ */

static float deviation(const struct accumulators *of, size_t i)
{
    double n = of->count[i], rest = of->squares[i] - of->sum[i] * of->sum[i] / n;
    return n > 1 ? (float)sqrt((rest > 0 || rest != rest ? rest : 0) / (n - 1)) : (float)(0 * rest);
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float middle(float low, float high)
{
    return (float)(((double)low + (double)high) / 2);
}

/* Sorts the values of an accumulator and returns how many there are. */
static size_t sort_values(const struct accumulators *of, size_t i)
{
    size_t n = of->count[i];
    for (size_t k = 0; k < n; k++)
        of->sorted[k] = of->kept[k * of->n + i];
    qsort(of->sorted, n, sizeof *of->sorted, compare);
    return n;
}

/* The median of an accumulator that has fewer values than others. */
static float median_of_some(const struct accumulators *of, size_t i)
{
    size_t n = sort_values(of, i);
    return n > 0 ? middle(of->sorted[(n - 1) / 2], of->sorted[n / 2]) : NAN;
}

static float mode_of(const struct accumulators *of, size_t i)
{
    const float *sorted = of->sorted;
    size_t n = sort_values(of, i), most = 0;
    float mode = NAN;
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && sorted[end] == sorted[first];)
            end++;
        mode = end - first > most ? sorted[first] : mode;
        most = end - first > most ? end - first : most;
    }
    return mode;
}

static bool have_all_values(const struct accumulators *of, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (of->count[i] < of->most)
            return false;
    return true;
}

static void finish_medians(struct accumulators *of, float *made, size_t n)
{
    if (!have_all_values(of, n)) {
        for (size_t i = 0; i < n; i++)
            made[i] = median_of_some(of, i);
        return;
    }
    struct rank_run all = {of->kept, of->most};
    struct rank_inputs from = {&all, 1, of->n, of->most};
    rank_keys(of->kept, of->n * of->most);
    rank_search_row(&from, (of->most - 1) / 2, made, n);
    rank_search_row(&from, of->most / 2, of->value, n);
    rank_values(made, n);
    rank_values(of->value, n);
    for (size_t i = 0; i < n; i++)
        made[i] = middle(made[i], of->value[i]);
}

static float result(const struct accumulators *of, size_t i)
{
    if (of->count[i] == 0)
        return NAN;
    if (of->kind == REDUCE_MODE)
        return mode_of(of, i);
    if (of->kind == REDUCE_MEAN)
        return (float)(of->sum[i] / of->count[i]);
    if (of->kind == REDUCE_SUM)
        return (float)of->sum[i];
    return of->kind == REDUCE_DEVIATION ? deviation(of, i) : of->value[i];
}

void accumulators_finish(struct accumulators *of, float *made, size_t n)
{
    if (of->kind == REDUCE_MEDIAN)
        finish_medians(of, made, n);
    for (size_t i = 0; of->kind != REDUCE_MEDIAN && i < n; i++)
        made[i] = result(of, i);
    accumulators_clear(of);
}
