#include "common/picture/dark.h"

#include <math.h>

/* A volume is dark if nearly all samples lie in the lowest of this many parts of the window. */
#define DARK_PART 8

void dark_count(struct dark_counts *counts, const struct window *window, const float *v, size_t n)
{
    double scale = DARK_BINS / (window->high - window->low);
    for (size_t i = 0; i < n; i++) {
        double bin = (v[i] - window->low) * scale;
        if (bin == bin)
            counts->bins[bin >= DARK_BINS ? DARK_BINS - 1 : bin > 0 ? (size_t)bin : 0]++;
    }
}

/* The bin of the sample with this many before it, when they are in order. */
static size_t bin_of_rank(const struct dark_counts *counts, double rank)
{
    double below = 0;
    for (size_t i = 0; i < DARK_BINS; i++)
        if ((below += (double)counts->bins[i]) > rank)
            return i;
    return DARK_BINS - 1;
}

bool dark_lighten(const struct dark_counts *counts, struct window *window)
{
    double width = (window->high - window->low) / DARK_BINS, last = -1;
    for (size_t i = 0; i < DARK_BINS; i++)
        last += (double)counts->bins[i];
    size_t low = bin_of_rank(counts, floor(0.005 * last)),
           high = bin_of_rank(counts, ceil(0.995 * last));
    if (!(width > 0) || high >= DARK_BINS / DARK_PART)
        return false;
    *window = (struct window){window->low + width * (double)low,
                              window->low + width * (double)(high + 1)};
    return true;
}
