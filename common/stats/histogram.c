/* Edges are numpy.linspace's, rounded to float; a sample belongs to the bin between whose edges it
 * lies. To search them for each sample would be slow, so a bin is computed as numpy does, by a
 * product, and corrected by one where the edges say otherwise. Samples on an edge make the
 * difference: the product may be rounded over it.
 *
 * In vectors there is no room for the correction. So the bins of 32 samples are computed at once,
 * and with them whether any sample is outside or so near to an edge that rounding may matter. The
 * margin is an upper bound of that error; groups without doubt are counted as computed, the others
 * one sample at a time. Where no margin below a quarter of a bin can be promised (many bins, a
 * narrow range far from 0) every sample is looked at alone.
 *
 * Threads count in counters of their own and read the histogram, whose edges and scale don't
 * change after histogram_init(); histogram_collect() writes to its counts, so the caller locks
 * them. */
#include "common/stats/histogram.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/bits.h"

bool histogram_range_fits(const double range[2])
{
    return fabs(range[0]) < HISTOGRAM_LIMIT && fabs(range[1]) < HISTOGRAM_LIMIT &&
           range[0] <= range[1];
}

/* numpy.histogram widens a range of one value. */
static void set_range(struct histogram *histogram, const double *range, float minimum,
                      float maximum)
{
    bool none = !range && isnan(minimum);
    histogram->given = range != NULL;
    histogram->range[0] = range ? range[0] : none ? 0 : (double)minimum;
    histogram->range[1] = range ? range[1] : none ? 1 : (double)maximum;
    bool flat = histogram->range[0] == histogram->range[1];
    histogram->first = flat ? histogram->range[0] - 0.5 : histogram->range[0];
    histogram->last = flat ? histogram->range[1] + 0.5 : histogram->range[1];
}

/* numpy multiplies a sample's distance from the first edge, in float, by the bins per unit, which
 * it rounds to float where they fit. */
static void set_scale(struct histogram *histogram)
{
    /* numpy subtracts the data's own minimum and maximum in float; where that overflows, and numpy
     * fails, we subtract in double. */
    double extent = histogram->last - histogram->first;
    bool huge = isinf((float)extent), flat = histogram->range[0] == histogram->range[1];
    if (!histogram->given && !flat && !huge)
        extent = (double)((float)histogram->last - (float)histogram->first);
    histogram->scale = (double)histogram->bins / extent;
    histogram->precise = huge || (fabs(histogram->scale) >= 3.4e38 && isfinite(histogram->scale));
    histogram->low = (float)histogram->first;
    histogram->high = (float)histogram->last;
    histogram->origin = (float)histogram->first;
}

/* The error of a computed bin: a few roundings of the product, and half a unit in the last place of
 * the edge and of the first edge. */
static float safe_margin(const struct histogram *histogram)
{
    double largest = fmax(fabs(histogram->first), fabs(histogram->last));
    double extent = histogram->last - histogram->first;
    double margin = (double)histogram->bins * (4 * FLT_EPSILON + FLT_EPSILON * largest / extent);
    bool reliable = !histogram->precise && extent > 1e-30 && largest < 1e37 && margin < 0.25;
    return reliable ? (float)margin : 0;
}

/* numpy.linspace in double, rounded to float. */
static void fill_edges(struct histogram *histogram)
{
    uint64_t bins = histogram->bins;
    double step = (histogram->last - histogram->first) / (double)bins;
    for (uint64_t k = 0; k < bins; k++) {
        double offset = (double)k * step;
        histogram->edges[k] = (float)(offset + histogram->first);
    }
    histogram->edges[bins] = (float)histogram->last;
    memcpy(histogram->upper, histogram->edges + 1, bins * sizeof histogram->upper[0]);
    histogram->upper[bins - 1] = INFINITY;
}

bool histogram_init(struct histogram *histogram, uint64_t bins, const double *range, float minimum,
                    float maximum, struct fail *fail)
{
    *histogram = (struct histogram){.bins = bins};
    histogram->edges = malloc((bins + 1) * sizeof histogram->edges[0]);
    histogram->upper = malloc(bins * sizeof histogram->upper[0]);
    histogram->counts = calloc(bins + 1, sizeof histogram->counts[0]);
    if (!histogram->edges || !histogram->upper || !histogram->counts) {
        histogram_free(histogram);
        return fail_errno(fail, "histogram");
    }
    set_range(histogram, range, minimum, maximum);
    set_scale(histogram);
    histogram->margin = safe_margin(histogram);
    fill_edges(histogram);
    return true;
}

void histogram_free(struct histogram *histogram)
{
    free(histogram->edges);
    free(histogram->upper);
    free(histogram->counts);
    *histogram = (struct histogram){.bins = 0};
}

bool histogram_same(const struct histogram *a, const struct histogram *b)
{
    return a->bins == b->bins &&
           (a->bins == 0 ||
            (a->given == b->given && a->range[0] == b->range[0] && a->range[1] == b->range[1]));
}

static inline size_t computed_bin(const struct histogram *histogram, float value)
{
    float distance = value - histogram->origin;
    double place;
    if (!histogram->precise)
        place = (double)(distance * (float)histogram->scale);
    else if (isinf(distance))
        place = ((double)value - histogram->first) * histogram->scale;
    else
        place = (double)distance * histogram->scale;
    if (!(place >= 1))
        return 0;
    return place < (double)histogram->bins ? (size_t)place : histogram->bins - 1;
}

size_t histogram_bin(const struct histogram *histogram, float value)
{
    if (!(value >= histogram->low && value <= histogram->high))
        return histogram->bins;
    size_t bin = computed_bin(histogram, value);
    if (value < histogram->edges[bin] && bin > 0)
        bin--;
    if (value >= histogram->upper[bin])
        bin++;
    return bin;
}

bool histogram_counter_init(struct histogram_counter *counter, const struct histogram *histogram)
{
    size_t counters = histogram->bins + 1;
    uint32_t *all = calloc(HISTOGRAM_COPIES * counters, sizeof *all);
    for (size_t k = 0; k < HISTOGRAM_COPIES; k++)
        counter->copy[k] = all ? all + k * counters : NULL;
    return all != NULL;
}

void histogram_counter_free(struct histogram_counter *counter)
{
    free(counter->copy[0]);
    *counter = (struct histogram_counter){{NULL}};
}

#define GROUP 32
#define BATCH 256 /* samples whose bins are computed before they are counted */

/* Computes bins of whole groups of samples. A group with a sample outside or near an edge is
 * doubtful: bins may be wrong. */
static inline CPU_INLINE void bins_body(const struct histogram *histogram, const float *v, size_t n,
                                        int32_t *bin, uint32_t *doubtful)
{
    float origin = histogram->origin, scale = (float)histogram->scale;
    float bins = (float)histogram->bins, margin = histogram->margin;
    float upper_margin = 1 - margin;
    for (size_t group = 0; group < n / GROUP; group++, v += GROUP, bin += GROUP) {
        uint32_t any = 0;
        for (int i = 0; i < GROUP; i++) {
            float place = (v[i] - origin) * scale;
            uint32_t inside = bits_mask(place >= 0) & bits_mask(place < bins);
            place = bits_to_float(bits_of(place) & inside);
            bin[i] = (int32_t)place;
            float fraction = place - (float)bin[i];
            /* The first edge is exact: no sample in the range lies below it. */
            uint32_t near = (bits_mask(fraction < margin) & bits_mask(fraction < place)) |
                            bits_mask(fraction > upper_margin);
            any |= near | ~inside;
        }
        doubtful[group] = any;
    }
}
CPU_VARIANTS(find_bins, bins_body,
             (const struct histogram *histogram, const float *v, size_t n, int32_t *bin,
              uint32_t *doubtful),
             (histogram, v, n, bin, doubtful))

static void count_groups(struct histogram_counter *counter, const struct histogram *histogram,
                         const float *v, size_t n)
{
    uint32_t *const copy[] = {counter->copy[0], counter->copy[1], counter->copy[2],
                              counter->copy[3]};
    int32_t bin[BATCH];
    uint32_t doubtful[BATCH / GROUP];
    find_bins(histogram, v, n, bin, doubtful);
    for (size_t i = 0; i < n; i += GROUP) {
        for (size_t k = i; doubtful[i / GROUP] && k < i + GROUP; k++)
            bin[k] = (int32_t)histogram_bin(histogram, v[k]);
        for (size_t k = i; k < i + GROUP; k += HISTOGRAM_COPIES)
            for (size_t c = 0; c < HISTOGRAM_COPIES; c++)
                copy[c][bin[k + c]]++;
    }
}

void histogram_count(struct histogram_counter *counter, const struct histogram *histogram,
                     const float *v, size_t n)
{
    size_t done = 0;
    while (histogram->margin > 0 && n - done >= GROUP) {
        size_t count = n - done < BATCH ? (n - done) / GROUP * GROUP : BATCH;
        count_groups(counter, histogram, v + done, count);
        done += count;
    }
    for (; done < n; done++)
        counter->copy[0][histogram_bin(histogram, v[done])]++;
}

void histogram_collect(struct histogram *histogram, struct histogram_counter *counter)
{
    for (size_t k = 0; k <= histogram->bins; k++)
        for (size_t c = 0; c < HISTOGRAM_COPIES; c++) {
            histogram->counts[k] += counter->copy[c][k];
            counter->copy[c][k] = 0;
        }
}
