#include "common/kernel/equalize.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "common/kernel/cpu.h"
#include "common/kernel/sortable.h"

/* scikit-image's cumulative_distribution: both in single precision. */
static void fill_centres(struct equalize *equalize, const float *edges)
{
    for (size_t k = 0; k < equalize->bins; k++)
        equalize->centre[k] = (edges[k] + edges[k + 1]) / 2.0f;
}

static void fill_segments(struct equalize *equalize, const uint64_t *counts)
{
    struct equalize_segment *segment = equalize->segment;
    size_t bins = equalize->bins; /* slopes are 0 to begin with */
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

/* The segment is computed by the centres' mean distance and wrong only next to one. The error, in
 * segments: a few roundings of the product, half a unit in the last place of each of two edges, of
 * their sum and of the origin. */
static void fill_guess(struct equalize *equalize, const float *edges)
{
    double first = (double)edges[0], last = (double)edges[equalize->bins];
    double extent = last - first, bins = (double)equalize->bins;
    double width = extent / bins;
    double most = fmax(fabs(first), fabs(last));
    double margin = (bins + 2) * (4 * FLT_EPSILON + 2 * FLT_EPSILON * most / extent);
    bool tame = extent > 1e-30 && most < 1e37 && margin < 0.25;
    equalize->origin = (float)(first - width / 2);
    equalize->scale = (float)(1 / width);
    equalize->margin = tame ? (float)margin : 0;
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
    fill_guess(equalize, edges);
    return true;
}

void equalize_free(struct equalize *equalize)
{
    free(equalize->centre);
    free(equalize->segment);
    *equalize = (struct equalize){.bins = 0};
}

/* The segment of a number: how many centres are not above it. */
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

/* What no guess is needed for: NaN, infinities, samples near a centre. */
static float equalized(const struct equalize *equalize, float value)
{
    if (isnan(value))
        return value;
    const struct equalize_segment *segment = &equalize->segment[find_segment(equalize, value)];
    bool level = segment->slope == 0 || (double)value == segment->start;
    return level ? (float)segment->height : height_at(segment, value);
}

#define GROUP 32
#define CHUNK 256 /* samples whose segments are held between the two halves of the work */

/* Segments of whole groups of samples, -1 for a sample that has none by this way. Where one comes
 * near a centre or has none, its group is doubtful: the others are wrong by 1 at most. */
static inline CPU_INLINE void segments_body(const struct equalize *equalize, const float *v,
                                            size_t n, int32_t *segment, uint32_t *doubtful)
{
    float origin = equalize->origin, scale = equalize->scale, margin = equalize->margin;
    float end = (float)equalize->bins + 1, most = 1 - margin;
    for (size_t group = 0; group < n / GROUP; group++, v += GROUP, segment += GROUP) {
        uint32_t any = 0;
        for (int i = 0; i < GROUP; i++) {
            float place = (v[i] - origin) * scale;
            uint32_t inside = mask_bits(place >= 0) & mask_bits(place < end);
            place = bits_float(float_bits(place) & inside);
            int32_t whole = (int32_t)place;
            float part = place - (float)whole;
            any |= mask_bits(part < margin) | mask_bits(part > most) | ~inside;
            segment[i] = whole | (int32_t)~inside;
        }
        doubtful[group] = any;
    }
}
CPU_VARIANTS(find_segments, segments_body,
             (const struct equalize *equalize, const float *v, size_t n, int32_t *segment,
              uint32_t *doubtful),
             (equalize, v, n, segment, doubtful))

static float equalized_near(const struct equalize *equalize, int32_t guess, float value)
{
    if (guess < 0)
        return equalized(equalize, value);
    size_t segment = (size_t)guess;
    if (segment > 0 && equalize->centre[segment - 1] > value)
        segment--;
    else if (segment < equalize->bins && equalize->centre[segment] <= value)
        segment++;
    return height_at(&equalize->segment[segment], value);
}

static void equalize_groups(const struct equalize *equalize, float *v, size_t n)
{
    const struct equalize_segment *segments = equalize->segment;
    int32_t segment[CHUNK];
    uint32_t doubtful[CHUNK / GROUP];
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
        size_t part = n - done < CHUNK ? (n - done) / GROUP * GROUP : CHUNK;
        equalize_groups(equalize, v + done, part);
        done += part;
    }
    for (; done < n; done++)
        v[done] = equalized(equalize, v[done]);
    return n;
}
