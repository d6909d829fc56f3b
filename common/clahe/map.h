/* From the histogram of a CLAHE tile to its map of gray levels: clip_histogram and map_histogram of
 * scikit-image 0.19, to the bit. */
#ifndef COMMON_CLAHE_MAP_H
#define COMMON_CLAHE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TILE_LEVELS 16384 /* gray levels of a map's values, and of what is binned */

/* Levels that fall into one bin. */
static inline size_t tile_bin_width(size_t bins)
{
    return 1 + TILE_LEVELS / bins;
}

/* Makes map[bins] from counts[bins], which it changes; their sum is below 2^31. A bin's count is
 * clipped at clip_limit, a fraction of the sum, and what is cut off is spread over the others; 0
 * and 1 clip nothing. False where nothing was counted: there is no map. */
bool tile_map(int32_t *counts, size_t bins, double clip_limit, uint16_t *map);

/* The map that leaves levels as they are, but for the bins. */
void tile_map_identity(size_t bins, uint16_t *map);

#endif
