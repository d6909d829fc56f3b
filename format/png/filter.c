#include "format/png/filter.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/kernel/cpu.h"

enum filter { FILTER_NONE, FILTER_SUB, FILTER_UP, FILTER_AVERAGE, FILTER_PAETH, FILTERS };

#define SPAN 256     /* bytes filtered at once */
#define LONG_ROW 512 /* bytes */
/* Bytes of a row are summed in samples of SAMPLE bytes, whose sum fits 16 bits; in a long row they
 * begin SAMPLES_APART bytes apart, which is no multiple of usual tile widths. */
#define SAMPLE 64
#define SAMPLES_APART 136

static inline CPU_INLINE unsigned char distance(unsigned char a, unsigned char b)
{
    return a > b ? a - b : b - a;
}

/* The one of left, above and corner that is nearest to left + above - corner, or the first of them
 * if several are. That can be the corner only if it lies between the others; it is then as far
 * away as its distances to them differ. All in bytes, so that vectors hold many. */
static inline CPU_INLINE unsigned char paeth(unsigned char left, unsigned char above,
                                             unsigned char corner)
{
    unsigned char by_left = distance(above, corner), by_above = distance(left, corner);
    unsigned char low = left < above ? left : above, high = left < above ? above : left;
    unsigned char nearer = by_left <= by_above ? left : above;
    unsigned char by_nearer = by_left <= by_above ? by_left : by_above;
    bool is_corner = (corner > low) & (corner < high) & (distance(by_left, by_above) < by_nearer);
    return is_corner ? corner : nearer;
}

static inline CPU_INLINE unsigned char predict(enum filter filter, unsigned char left,
                                               unsigned char above, unsigned char corner)
{
    switch (filter) {
    case FILTER_SUB:
        return left;
    case FILTER_UP:
        return above;
    case FILTER_AVERAGE:
        return (unsigned char)((left + above) >> 1);
    case FILTER_PAETH:
        return paeth(left, above, corner);
    default:
        return 0;
    }
}

/* The absolute value of the residual as a signed byte. */
static inline CPU_INLINE uint16_t residual_size(unsigned char byte, unsigned char predicted)
{
    unsigned char residual = (unsigned char)(byte - predicted);
    unsigned char negative = (unsigned char)-residual;
    return residual < negative ? residual : negative;
}

/* Adds to sums the absolute residuals of each filter for bytes that have left neighbours; in a long
 * row, for those in samples so close that the others hardly matter. */
static inline CPU_INLINE void sum_residuals_body(const unsigned char *row,
                                                 const unsigned char *above, size_t n, size_t pixel,
                                                 uint64_t sums[FILTERS])
{
    bool all = n < LONG_ROW;
    size_t step = all ? SAMPLE : SAMPLES_APART, last = all ? n : n - SAMPLE + 1;
    for (size_t next = 0; next < last; next += step) {
        /* Only whole samples are vectorized, so the last one may overlap the one before. */
        size_t start = n >= SAMPLE && n - next < SAMPLE ? n - SAMPLE : next;
        size_t end = n - start < SAMPLE ? n : start + SAMPLE;
        uint16_t none = 0, sub = 0, up = 0, average = 0, nearest = 0;
        for (size_t i = start; i < end; i++) {
            unsigned char left = row[i - pixel], over = above[i], corner = above[i - pixel];
            none += residual_size(row[i], 0);
            sub += residual_size(row[i], left);
            up += residual_size(row[i], over);
            average += residual_size(row[i], predict(FILTER_AVERAGE, left, over, corner));
            nearest += residual_size(row[i], predict(FILTER_PAETH, left, over, corner));
        }
        sums[FILTER_NONE] += none;
        sums[FILTER_SUB] += sub;
        sums[FILTER_UP] += up;
        sums[FILTER_AVERAGE] += average;
        sums[FILTER_PAETH] += nearest;
    }
}
CPU_VARIANTS(sum_residuals, sum_residuals_body,
             (const unsigned char *row, const unsigned char *above, size_t n, size_t pixel,
              uint64_t sums[FILTERS]),
             (row, above, n, pixel, sums))

static enum filter choose(const unsigned char *row, const unsigned char *above, size_t n,
                          size_t pixel)
{
    uint64_t sums[FILTERS] = {0};
    enum filter best = FILTER_NONE;
    for (size_t i = 0; i < pixel; i++)
        for (enum filter f = FILTER_NONE; f < FILTERS; f++)
            sums[f] += residual_size(row[i], predict(f, 0, above[i], 0));
    sum_residuals(row + pixel, above + pixel, n - pixel, pixel, sums);
    for (enum filter f = FILTER_SUB; f < FILTERS; f++)
        if (sums[f] < sums[best])
            best = f;
    return best;
}

static inline CPU_INLINE void subtract_prediction_span(enum filter filter, const unsigned char *row,
                                                       const unsigned char *above, size_t n,
                                                       size_t pixel, unsigned char *residuals)
{
    for (size_t i = 0; i < n; i++)
        residuals[i] =
            (unsigned char)(row[i] - predict(filter, row[i - pixel], above[i], above[i - pixel]));
}

/* A loop for each filter, without a branch in it. */
static void subtract_prediction(enum filter filter, const unsigned char *row,
                                const unsigned char *above, size_t n, size_t pixel,
                                unsigned char *residuals)
{
    switch (filter) {
    case FILTER_SUB:
        subtract_prediction_span(FILTER_SUB, row, above, n, pixel, residuals);
        break;
    case FILTER_UP:
        subtract_prediction_span(FILTER_UP, row, above, n, pixel, residuals);
        break;
    case FILTER_AVERAGE:
        subtract_prediction_span(FILTER_AVERAGE, row, above, n, pixel, residuals);
        break;
    default:
        subtract_prediction_span(FILTER_PAETH, row, above, n, pixel, residuals);
    }
}

/* From right to left, because bytes to the left must still be unfiltered. */
unsigned char png_filter_row(unsigned char *row, const unsigned char *above, size_t n, size_t pixel)
{
    enum filter filter = choose(row, above, n, pixel);
    unsigned char residuals[SPAN];
    if (filter == FILTER_NONE)
        return FILTER_NONE;
    for (size_t end = n; end > pixel;) {
        size_t part = end - pixel < SPAN ? end - pixel : SPAN;
        end -= part;
        subtract_prediction(filter, row + end, above + end, part, pixel, residuals);
        memcpy(row + end, residuals, part);
    }
    for (size_t i = 0; i < pixel; i++)
        row[i] = (unsigned char)(row[i] - predict(filter, 0, above[i], 0));
    return (unsigned char)filter;
}
