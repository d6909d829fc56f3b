#include "common/clahe/levels.h"

#include <math.h>
#include <stdlib.h>

#include "common/clahe/map.h"
#include "common/kernel/bits.h"

#define UINT16_LEVELS 65536
#define BATCH 1024

static bool allocate(struct tile_bins *to, size_t bins, size_t levels, struct fail *fail)
{
    *to = (struct tile_bins){.bins = bins, .levels = levels};
    to->bin = malloc((levels + 1) * sizeof *to->bin);
    if (!to->bin)
        return fail_errno(fail, "bins");
    to->bin[levels] = (uint16_t)bins;
    return true;
}

static float as_uint16(float v)
{
    return rintf(fminf(fmaxf(v * 65535.0f, 0), 65535));
}

bool tile_bins_of_extremes(struct tile_bins *to, size_t bins, float minimum, float maximum,
                           struct fail *fail)
{
    *to = (struct tile_bins){.bins = bins};
    if (minimum < -1 || maximum > 1)
        return fail_set(fail,
                        "samples from %.9g to %.9g, where -1 to 1 are needed: say --range LO,HI",
                        (double)minimum, (double)maximum);
    if (!allocate(to, bins, UINT16_LEVELS, fail))
        return false;
    double low = (double)as_uint16(minimum), high = (double)as_uint16(maximum);
    for (size_t q = 0; q < UINT16_LEVELS; q++) {
        double last = TILE_LEVELS - 1.0;
        double level = high > low ? rint(((double)q - low) / (high - low) * last) : (double)q;
        level = fmin(fmax(level, 0), last);
        to->bin[q] = (uint16_t)((size_t)level / tile_bin_width(bins));
    }
    return true;
}

bool tile_bins_of_range(struct tile_bins *to, size_t bins, double low, double high,
                        struct fail *fail)
{
    if (!allocate(to, bins, TILE_LEVELS, fail))
        return false;
    to->ranged = true;
    to->low = low;
    to->extent = high - low;
    for (size_t level = 0; level < TILE_LEVELS; level++)
        to->bin[level] = (uint16_t)(level / tile_bin_width(bins));
    return true;
}

void tile_bins_free(struct tile_bins *of)
{
    free(of->bin);
}

static inline CPU_INLINE int32_t unless_nan(float v, int32_t level, int32_t nan)
{
    uint32_t is_nan = bits_mask(v != v);
    return (int32_t)(((uint32_t)level & ~is_nan) | ((uint32_t)nan & is_nan));
}

/* In the comparisons NaN become the lower limit, so that every conversion is defined. */
static inline CPU_INLINE void extremes_body(const float *v, size_t n, int32_t *levels)
{
    for (size_t i = 0; i < n; i++) {
        float level = v[i] * 65535.0f;
        level = level > 0 ? level : 0;
        level = level < 65535 ? level : 65535;
        levels[i] = unless_nan(v[i], (int32_t)round_half_even(level), UINT16_LEVELS);
    }
}
CPU_VARIANTS(find_levels, extremes_body, (const float *v, size_t n, int32_t *levels),
             (v, n, levels))

static inline CPU_INLINE void range_body(double low, double extent, const float *v, size_t n,
                                         int32_t *levels)
{
    for (size_t i = 0; i < n; i++) {
        const double shift = 6755399441055744.0; /* 1.5 * 2^52: rounds, halves to even */
        double share = ((double)v[i] - low) / extent;
        share = share > 0 ? share : 0;
        share = share < 1 ? share : 1;
        double level = (share * (TILE_LEVELS - 1.0) + shift) - shift;
        levels[i] = unless_nan(v[i], (int32_t)level, TILE_LEVELS);
    }
}
CPU_VARIANTS(find_levels_in_range, range_body,
             (double low, double extent, const float *v, size_t n, int32_t *levels),
             (low, extent, v, n, levels))

void tile_bins_find(const struct tile_bins *of, const float *v, size_t n, uint16_t *bins)
{
    int32_t levels[BATCH];
    for (size_t count; n > 0; v += count, bins += count, n -= count) {
        count = n < BATCH ? n : BATCH;
        if (of->ranged)
            find_levels_in_range(of->low, of->extent, v, count, levels);
        else
            find_levels(v, count, levels);
        for (size_t i = 0; i < count; i++)
            bins[i] = of->bin[levels[i]];
    }
}
