#include "common/kernel/equalize.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "common/kernel/bits.h"

/* As in scikit-image's cumulative_distribution, centres and heights are in single precision. */
static void fill_centres(struct equalize *equalize, const float *edges)
{
    for (size_t k = 0; k < equalize->bins; k++)
        equalize->centre[k] = halfway(edges[k], edges[k + 1]);
}

static void fill_segments(struct equalize *equalize, const uint64_t *counts)
{
    struct equalize_segment *segment = equalize->segment;
    size_t bins = equalize->bins;
    uint64_t total = 0, sum = 0;
    for (size_t k = 0; k < bins; k++)
        total += counts[k];
    for (size_t k = 0; k < bins; k++) {
        sum += counts[k];
        segment[k + 1].start = (double)equalize->centre[k];
        segment[k + 1].height = (double)(float)((double)sum / (double)total);
    }
    segment[0] = segment[1];
    for (size_t k = 1; k < bins; k++)
        segment[k].slope =
            (segment[k + 1].height - segment[k].height) / (segment[k + 1].start - segment[k].start);
}

/* The scale is that of the mean distance of the centres. The error, in segments: a few roundings of
 * the product, and half a unit in the last place of each of two edges, of their sum and of the
 * origin. */
static void fill_scale(struct equalize *equalize, const float *edges)
{
    double first = (double)edges[0], last = (double)edges[equalize->bins];
    double extent = last - first, bins = (double)equalize->bins;
    double width = extent / bins;
    double largest = fmax(fabs(first), fabs(last));
    double margin = (bins + 2) * (4 * FLT_EPSILON + 2 * FLT_EPSILON * largest / extent);
    bool reliable = extent > 1e-30 && largest < 1e37 && margin < 0.25;
    equalize->origin = (float)(first - width / 2);
    equalize->scale = (float)(1 / width);
    equalize->margin = reliable ? (float)margin : 0;
}

bool equalize_init(struct equalize *equalize, uint64_t bins, const float *edges,
                   const uint64_t *counts, struct fail *fail)
{
    *equalize = (struct equalize){.bins = bins};
    equalize->centre = malloc(bins * sizeof equalize->centre[0]);
    equalize->segment = calloc(bins + 1, sizeof equalize->segment[0]);
    if (!equalize->centre || !equalize->segment) {
        equalize_free(equalize);
        return fail_errno(fail, "equalization");
    }
    fill_centres(equalize, edges);
    fill_segments(equalize, counts);
    fill_scale(equalize, edges);
    return true;
}

void equalize_free(struct equalize *equalize)
{
    free(equalize->centre);
    free(equalize->segment);
    *equalize = (struct equalize){.bins = 0};
}

/* The segment of a value is the number of centres that are not above it. */
static size_t find_segment(const struct equalize *equalize, float value)
{
    size_t low = 0, high = equalize->bins;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (equalize->centre[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static inline CPU_INLINE float height_at(const struct equalize_segment *segment, float value)
{
    return (float)(segment->slope * ((double)value - segment->start) + segment->height);
}

/* Without a computed segment: for NaN, infinities, samples near a centre. */
static float equalized(const struct equalize *equalize, float value)
{
    if (isnan(value))
        return value;
    const struct equalize_segment *segment = &equalize->segment[find_segment(equalize, value)];
    bool is_height = segment->slope == 0 || (double)value == segment->start;
    return is_height ? (float)segment->height : height_at(segment, value);
}

#define GROUP 32
#define BATCH 256 /* samples whose segments are computed before they are used */

/* Computes segments of whole groups of samples, -1 for a sample outside of them. A group with a
 * sample outside or near a centre is doubtful: segments may be off by 1. */
static inline CPU_INLINE void segments_body(const struct equalize *equalize, const float *v,
                                            size_t n, int32_t *segment, uint32_t *doubtful)
{
    float origin = equalize->origin, scale = equalize->scale, margin = equalize->margin;
    float end = (float)equalize->bins + 1, upper_margin = 1 - margin;
    for (size_t group = 0; group < n / GROUP; group++, v += GROUP, segment += GROUP) {
        uint32_t any = 0;
        for (int i = 0; i < GROUP; i++) {
            float place = (v[i] - origin) * scale;
            uint32_t inside = bits_mask(place >= 0) & bits_mask(place < end);
            place = bits_to_float(bits_of(place) & inside);
            int32_t whole = (int32_t)place;
            float fraction = place - (float)whole;
            any |= bits_mask(fraction < margin) | bits_mask(fraction > upper_margin) | ~inside;
            segment[i] = whole | (int32_t)~inside;
        }
        doubtful[group] = any;
    }
}
CPU_VARIANTS(find_segments, segments_body,
             (const struct equalize *equalize, const float *v, size_t n, int32_t *segment,
              uint32_t *doubtful),
             (equalize, v, n, segment, doubtful))

static float equalized_near(const struct equalize *equalize, int32_t computed, float value)
{
    if (computed < 0)
        return equalized(equalize, value);
    size_t segment = (size_t)computed;
    if (segment > 0 && equalize->centre[segment - 1] > value)
        segment--;
    else if (segment < equalize->bins && equalize->centre[segment] <= value)
        segment++;
    return height_at(&equalize->segment[segment], value);
}

static void equalize_groups(const struct equalize *equalize, float *v, size_t n)
{
    const struct equalize_segment *segments = equalize->segment;
    int32_t segment[BATCH];
    uint32_t doubtful[BATCH / GROUP];
    find_segments(equalize, v, n, segment, doubtful);
    for (size_t i = 0; i < n; i += GROUP)
        if (doubtful[i / GROUP])
            for (size_t k = i; k < i + GROUP; k++)
                v[k] = equalized_near(equalize, segment[k], v[k]);
        else
            for (size_t k = i; k < i + GROUP; k++)
                v[k] = height_at(&segments[segment[k]], v[k]);
}

size_t equalize_span(const void *state, float *v, size_t n)
{
    const struct equalize *equalize = state;
    size_t done = 0;
    while (equalize->margin > 0 && n - done >= GROUP) {
        size_t count = n - done < BATCH ? (n - done) / GROUP * GROUP : BATCH;
        equalize_groups(equalize, v + done, count);
        done += count;
    }
    for (; done < n; done++)
        v[done] = equalized(equalize, v[done]);
    return n;
}
