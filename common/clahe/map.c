#include "common/clahe/map.h"

static int64_t add_up(const int32_t *counts, size_t bins)
{
    int64_t sum = 0;
    for (size_t i = 0; i < bins; i++)
        sum += counts[i];
    return sum;
}

/* Cuts off what is above the limit; returns how much. */
static int64_t cut(int32_t *counts, size_t bins, int32_t limit)
{
    int64_t excess = 0;
    for (size_t i = 0; i < bins; i++)
        if (counts[i] > limit) {
            excess += counts[i] - limit;
            counts[i] = limit;
        }
    return excess;
}

/* Adds the same to each bin, as far as the limit lets it. What is left may be negative. */
static int64_t raise_evenly(int32_t *counts, size_t bins, int32_t limit, int64_t excess)
{
    int32_t step = (int32_t)(excess / (int64_t)bins), upper = limit - step;
    for (size_t i = 0; i < bins; i++)
        if (counts[i] < upper) {
            excess -= step;
            counts[i] += step;
        }
    for (size_t i = 0; i < bins; i++)
        if (counts[i] >= upper && counts[i] < limit) {
            excess += counts[i] - limit;
            counts[i] = limit;
        }
    return excess;
}

static size_t count_below(const int32_t *counts, size_t bins, int32_t limit)
{
    size_t below = 0;
    for (size_t i = 0; i < bins; i++)
        below += counts[i] < limit;
    return below;
}

/* Adds one to bins below the limit, in strides, of which each begins one bin later. */
static int64_t spread_once(int32_t *counts, size_t bins, int32_t limit, int64_t excess)
{
    for (size_t first = 0; first < bins && excess > 0; first++) {
        size_t stride = count_below(counts, bins, limit) / (size_t)excess;
        stride = stride > 0 ? stride : 1;
        for (size_t i = first; i < bins; i += stride)
            if (counts[i] < limit) {
                counts[i]++;
                excess--;
            }
    }
    return excess;
}

static void clip(int32_t *counts, size_t bins, int32_t limit)
{
    int64_t excess = cut(counts, bins, limit);
    excess = raise_evenly(counts, bins, limit, excess);
    for (int64_t before = excess + 1; excess > 0 && excess != before;) {
        before = excess;
        excess = spread_once(counts, bins, limit, excess);
    }
}

bool tile_map(int32_t *counts, size_t bins, double clip_limit, uint16_t *map)
{
    int64_t total = add_up(counts, bins), sum = 0;
    if (total == 0)
        return false;
    double limit = clip_limit * (double)total;
    if (clip_limit > 0 && limit < (double)total)
        clip(counts, bins, limit > 1 ? (int32_t)limit : 1);
    double scale = (TILE_LEVELS - 1.0) / (double)total;
    for (size_t i = 0; i < bins; i++) {
        sum += counts[i];
        double level = (double)sum * scale;
        map[i] = (uint16_t)(level < TILE_LEVELS - 1.0 ? level : TILE_LEVELS - 1.0);
    }
    return true;
}

void tile_map_identity(size_t bins, uint16_t *map)
{
    size_t width = tile_bin_width(bins);
    for (size_t i = 0; i < bins; i++) {
        size_t level = i * width + width / 2;
        map[i] = (uint16_t)(level < TILE_LEVELS ? level : TILE_LEVELS - 1);
    }
}
