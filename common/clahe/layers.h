/* The layers of tiles of CLAHE: what is counted in each tile, and the maps that are made of it. Two
 * layers are kept: those whose maps are blended, and of counts the one that is counted and the last
 * one, in which planes may be counted again. */
#ifndef COMMON_CLAHE_LAYERS_H
#define COMMON_CLAHE_LAYERS_H

#include "common/clahe/tiles.h"
#include "common/volume/volume.h"

/* Rows of a plane as bins: channel c of voxel (y, x) is v[((y - first) * channels + c) * columns +
 * x]. */
struct chunk {
    uint16_t *v;
    uint64_t plane, first, end;
};

struct layers {
    struct tiles tiles[AXES];
    uint64_t channels, columns;
    size_t bins;
    double clip_limit;
    uint64_t made; /* layers that have maps */

    /* Layer number i is at i % 2. Tiles are ordered by channel, row, column. */
    int32_t *counts[2]; /* bins + 1 a tile, the last one for NaN */
    uint16_t *maps[2];  /* bins a tile */
    bool *mapped;       /* tiles of the newest layer that have a map of their own */
};

/* Tiles of kernel voxels. Fails where they take too much memory. Call layers_free() even after a
 * failure. */
MUST_CHECK bool layers_init(struct layers *layers, const struct volume *volume,
                            const uint64_t kernel[AXES], size_t bins, double clip_limit,
                            struct fail *fail);
void layers_free(struct layers *layers);

/* Counts a chunk, `weight` times, in one column of tiles of a layer. Several threads may count in
 * different columns. */
void layers_count(const struct layers *layers, const struct chunk *chunk, uint64_t layer,
                  uint64_t weight, uint64_t column);

/* Makes the maps of the next layer of its counts, which are complete. A tile in which nothing was
 * counted takes the map of the nearest one of the layer, else of the layer before. */
void layers_make_maps(struct layers *layers);

/* Fills the table of a blend (blend.h) with the maps of the eight tiles around a cell. */
void layers_table(const struct layers *layers, uint64_t channel, const uint64_t cell[AXES],
                  uint16_t *table);

#endif
