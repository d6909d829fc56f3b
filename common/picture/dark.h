/* Volumes that are nearly black between their minimum and maximum, because of a few bright samples.
 * What shows one picture of such a volume begins with percentiles, and says so. */
#ifndef COMMON_PICTURE_DARK_H
#define COMMON_PICTURE_DARK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/picture/window.h"

#define DARK_BINS 4096

/* How many samples each part of a window has. Zeroed: none. */
struct dark_counts {
    uint64_t bins[DARK_BINS];
};

/* Counts v[0..n); NaN are left out. */
void dark_count(struct dark_counts *counts, const struct window *window, const float *v, size_t n);
/* Whether 99.5 % of the samples lie in the lowest eighth of the window; then *window becomes that
 * of the percentiles 0.5 and 99.5, rounded outwards to bins. */
bool dark_lighten(const struct dark_counts *counts, struct window *window);

#endif
