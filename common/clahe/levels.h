/* From samples to the bins that CLAHE counts, by way of scikit-image's 16384 gray levels. */
#ifndef COMMON_CLAHE_LEVELS_H
#define COMMON_CLAHE_LEVELS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

struct tile_bins {
    size_t bins;
    bool ranged;
    double low, extent; /* of the range */
    uint16_t *bin;      /* of each level; behind the last one, that of NaN, which is `bins` */
    size_t levels;
};

/* Levels of samples from -1 to 1 between the volume's minimum and maximum: as img_as_uint and
 * rescale_intensity make them, so that negative samples count as 0. Fails where the extremes lie
 * outside. bins: 1 to TILE_LEVELS. Call tile_bins_free() even after a failure. */
MUST_CHECK bool tile_bins_of_extremes(struct tile_bins *to, size_t bins, float minimum,
                                      float maximum, struct fail *fail);
/* Levels between low and high, which are different; samples outside take the first and last. */
MUST_CHECK bool tile_bins_of_range(struct tile_bins *to, size_t bins, double low, double high,
                                   struct fail *fail);
void tile_bins_free(struct tile_bins *of);

void tile_bins_find(const struct tile_bins *of, const float *v, size_t n, uint16_t *bins);

#endif
