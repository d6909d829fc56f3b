#include "common/stats/histogram.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/cpu.h"
#include "common/kernel/sortable.h"

bool histogram_range_fits(const double range[2])
{
    return fabs(range[0]) < HISTOGRAM_LIMIT && fabs(range[1]) < HISTOGRAM_LIMIT &&
           range[0] <= range[1];
}

static void set_range(struct histogram *histogram, const double *range, float minimum,
                      float maximum)
{
    bool none = !range && isnan(minimum);
    histogram->given = range != NULL;
    histogram->range[0] = range ? range[0] : none ? 0 : (double)minimum;
    histogram->range[1] = range ? range[1] : none ? 1 : (double)maximum;
}

/* numpy.histogram's outer edges: a range of one value is made wider. */
static void outer_edges(struct histogram *histogram)
{
    bool flat = histogram->range[0] == histogram->range[1];
    histogram->first = flat ? histogram->range[0] - 0.5 : histogram->range[0];
    histogram->last = flat ? histogram->range[1] + 0.5 : histogram->range[1];
}

/* How numpy gets from a sample to a bin: the distance from the first edge, in float, times bins per
 * unit. The latter is rounded to float where it fits. */
static void binning(struct histogram *histogram)
{
    /* Of the data's own minimum and maximum the difference is taken in float; should it overflow,
     * where numpy fails, in double. */
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

/* A computed bin is wrong only next to an edge. Its error, in bins: a few roundings of the product,
 * and half a unit in the last place of the edge and of the first edge. */
static float safe_margin(const struct histogram *histogram)
{
    double most = fmax(fabs(histogram->first), fabs(histogram->last));
    double extent = histogram->last - histogram->first;
    double margin = (double)histogram->bins * (4 * FLT_EPSILON + FLT_EPSILON * most / extent);
    bool tame = !histogram->precise && extent > 1e-30 && most < 1e37 && margin < 0.25;
    return tame ? (float)margin : 0;
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
    outer_edges(histogram);
    binning(histogram);
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

static inline size_t first_guess(const struct histogram *histogram, float value)
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
    size_t bin = first_guess(histogram, value);
    if (value < histogram->edges[bin] && bin > 0)
        bin--;
    if (value >= histogram->upper[bin])
        bin++;
    return bin;
}

bool histogram_counter_init(struct histogram_counter *counter, const struct histogram *histogram)
{
    size_t slots = histogram->bins + 1;
    uint32_t *all = calloc(HISTOGRAM_PARTS * slots, sizeof *all);
    for (size_t part = 0; part < HISTOGRAM_PARTS; part++)
        counter->part[part] = all ? all + part * slots : NULL;
    return all != NULL;
}

void histogram_counter_free(struct histogram_counter *counter)
{
    free(counter->part[0]);
    *counter = (struct histogram_counter){{NULL}};
}

#define GROUP 32
#define CHUNK 256 /* samples whose bins are held between the two halves of the work */

/* Bins of whole groups of samples, right unless one of a group comes near an edge or lies outside:
 * then the group is doubtful. */
static inline CPU_INLINE void bins_body(const struct histogram *histogram, const float *v, size_t n,
                                        int32_t *bin, uint32_t *doubtful)
{
    float origin = histogram->origin, scale = (float)histogram->scale;
    float bins = (float)histogram->bins, margin = histogram->margin, most = 1 - margin;
    for (size_t group = 0; group < n / GROUP; group++, v += GROUP, bin += GROUP) {
        uint32_t any = 0;
        for (int i = 0; i < GROUP; i++) {
            float place = (v[i] - origin) * scale;
            uint32_t inside = mask_bits(place >= 0) & mask_bits(place < bins);
            place = bits_float(float_bits(place) & inside);
            bin[i] = (int32_t)place;
            float part = place - (float)bin[i];
            /* The first edge is exact: nothing in range lies below it. */
            uint32_t near =
                (mask_bits(part < margin) & mask_bits(part < place)) | mask_bits(part > most);
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
    uint32_t *const part[] = {counter->part[0], counter->part[1], counter->part[2],
                              counter->part[3]};
    int32_t bin[CHUNK];
    uint32_t doubtful[CHUNK / GROUP];
    find_bins(histogram, v, n, bin, doubtful);
    for (size_t i = 0; i < n; i += GROUP) {
        for (size_t k = i; doubtful[i / GROUP] && k < i + GROUP; k++)
            bin[k] = (int32_t)histogram_bin(histogram, v[k]);
        for (size_t k = i; k < i + GROUP; k += HISTOGRAM_PARTS)
            for (size_t p = 0; p < HISTOGRAM_PARTS; p++)
                part[p][bin[k + p]]++;
    }
}

void histogram_count(struct histogram_counter *counter, const struct histogram *histogram,
                     const float *v, size_t n)
{
    size_t done = 0;
    while (histogram->margin > 0 && n - done >= GROUP) {
        size_t part = n - done < CHUNK ? (n - done) / GROUP * GROUP : CHUNK;
        count_groups(counter, histogram, v + done, part);
        done += part;
    }
    for (; done < n; done++)
        counter->part[0][histogram_bin(histogram, v[done])]++;
}

void histogram_collect(struct histogram *histogram, struct histogram_counter *counter)
{
    for (size_t k = 0; k <= histogram->bins; k++)
        for (size_t part = 0; part < HISTOGRAM_PARTS; part++) {
            histogram->counts[k] += counter->part[part][k];
            counter->part[part][k] = 0;
        }
}
