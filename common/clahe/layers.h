/* The layers of tiles of CLAHE: what is counted in each tile, and the maps that are made of it.
 *
 * A layer is counted by itself, in bands of rows of tiles where its counts take too much memory at
 * once, and then has maps. Each channel keeps the maps of two layers, the newest ones in which
 * anything was counted: a plane lies between them, or behind both. Maps that take too much
 * memory are kept in a file without a name. */
#ifndef COMMON_CLAHE_LAYERS_H
#define COMMON_CLAHE_LAYERS_H

#include "common/clahe/tiles.h"
#include "common/volume/volume.h"

/* Rows of a plane as bins: channel c of voxel (y, x) is v[((y - first) * channels + c) * columns +
 * x]. */
struct bin_rows {
    uint16_t *v;
    uint64_t plane, first, end;
};

/* The layers of one channel. */
struct channel_layers {
    uint64_t next; /* that is counted next */
    uint64_t full; /* layers so far in which anything was counted; number i is at place i % 2 */
    uint64_t low, high; /* the last two of them; if there is one, it is high */
    bool counts;        /* the layer that is counted now is one of this channel */
};

struct layers {
    struct tiles tiles[AXES];
    uint64_t channels, columns;
    size_t bins;
    double clip_limit;
    struct channel_layers *channel;

    /* Rows [first, end) of tiles that are counted, at most band_rows. */
    uint64_t band_rows, first, end;
    int32_t *counts; /* bins + 1 a tile, the last one for NaN; ordered by channel, row, column */

    /* For all tiles, in the same order: */
    uint16_t *maps; /* of two layers, bins a tile; NULL: in the file */
    int file;       /* -1: none */
    bool *mapped;   /* tiles of the newest layer that have a map of their own */
    uint16_t *identity;
    uint64_t *sums;          /* of maps */
    uint64_t window_columns; /* of tiles that a window holds */
};

/* Room of one thread for maps: those of the file that lie around cells of one row. */
struct map_window {
    uint16_t *maps;      /* layers_window_size() of them */
    uint64_t first, end; /* columns of tiles; nothing is held where they are the same */
};

size_t layers_window_size(const struct layers *layers);

/* Tiles of kernel voxels. Fails where a row of them takes too much memory. Call layers_free() even
 * after a failure. */
MUST_CHECK bool layers_init(struct layers *layers, const struct volume *volume,
                            const uint64_t kernel[AXES], size_t bins, double clip_limit,
                            struct fail *fail);
void layers_free(struct layers *layers);

/* Counting a layer: begin it; begin each band, count it and make its maps; end the layer. */

/* Begins the layer that must be counted before planes in this cell are mapped, of the channels that
 * need it, and returns its number; UINT64_MAX: none. With `ahead`, layers are counted until there
 * is one behind the cell in which anything is, since that may be nearest to a layer that is empty;
 * without, samples of a layer that is empty are not mapped. */
uint64_t layers_begin(struct layers *layers, uint64_t cell, bool ahead);
void layers_begin_band(struct layers *layers, uint64_t first);
/* Rows [*first, *end) of voxels are counted in the band. */
void layers_band_rows(const struct layers *layers, uint64_t *first, uint64_t *end);
/* Counts these rows, `weight` times, in one column of tiles. Several threads may count in different
 * columns, and make the maps of them. */
void layers_count(const struct layers *layers, const struct bin_rows *chunk, uint64_t weight,
                  uint64_t column);
/* map: room for one. Sets errno where it fails. */
MUST_CHECK bool layers_make_maps(const struct layers *layers, uint64_t column, uint16_t *map);
/* A tile in which nothing was counted takes the map of the nearest one of the layer, or the mean of
 * several. map: room for one. Sets errno where it fails. */
MUST_CHECK bool layers_end(struct layers *layers, uint64_t layer, uint16_t *map);

/* Fills the table of a blend (blend.h) with the maps of the eight tiles around a cell. A layer in
 * which nothing was counted takes the maps of the nearest one; of two as near, the one on the
 * cell's side. Sets errno where it fails. window->first and end are 0 for another row of cells or
 * channel. */
MUST_CHECK bool layers_table(const struct layers *layers, uint64_t channel,
                             const uint64_t cell[AXES], struct map_window *window, uint16_t *table);

#endif
