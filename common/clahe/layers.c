#include "common/clahe/layers.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/number.h"
#include "common/clahe/blend.h"
#include "common/clahe/map.h"

#define TILES_MEMORY (16u << 20) /* histograms and maps */
#define MAX_KERNEL INT32_MAX     /* voxels, so that counts fit */

static uint64_t tiles_of_layer(const struct layers *layers)
{
    return layers->channels * layers->tiles[AXIS_ROW].count * layers->tiles[AXIS_COLUMN].count;
}

static uint64_t tile_number(const struct layers *layers, uint64_t channel, uint64_t row,
                            uint64_t column)
{
    return (channel * layers->tiles[AXIS_ROW].count + row) * layers->tiles[AXIS_COLUMN].count +
           column;
}

/* ---- counting ------------------------------------------------------------------------------- */

static void count_span(int32_t *counts, const uint16_t *bins, size_t n, int32_t weight)
{
    for (size_t i = 0; i < n; i++)
        counts[bins[i]] += weight;
}

/* Counts one row in one column of tiles, in the tile whose counts these are. */
static void count_row(const struct layers *layers, const uint16_t *bins, uint64_t column,
                      int32_t *counts, uint64_t weight)
{
    const struct tiles *tiles = &layers->tiles[AXIS_COLUMN];
    uint64_t first = column * tiles->kernel, end = min_u64(first + tiles->kernel, tiles->size);
    count_span(counts, bins + first, end - first, (int32_t)weight);
    if (column == tiles->count - 1)
        for (uint64_t x = tiles->first; x < tiles->size; x++)
            counts[bins[x]] += (int32_t)(weight * tiles->again[x]);
}

void layers_count(const struct layers *layers, const struct chunk *chunk, uint64_t layer,
                  uint64_t weight, uint64_t column)
{
    const struct tiles *tiles = &layers->tiles[AXIS_ROW];
    int32_t *counts = layers->counts[layer % 2];
    size_t size = layers->bins + 1;
    const uint16_t *line = chunk->v;
    for (uint64_t y = chunk->first; y < chunk->end; y++)
        for (uint64_t c = 0; c < layers->channels; c++, line += layers->columns) {
            uint64_t own = y / tiles->kernel, last = tiles->count - 1, again = tiles->again[y];
            uint64_t times = own == last ? 1 + again : 1;
            count_row(layers, line, column, counts + tile_number(layers, c, own, column) * size,
                      weight * times);
            if (own < last && again > 0)
                count_row(layers, line, column,
                          counts + tile_number(layers, c, last, column) * size, weight * again);
        }
}

/* ---- maps ----------------------------------------------------------------------------------- */

/* The map that stands in for one that a tile lacks: that of the nearest tile of the layer, else
 * that of the layer before, else one that changes nothing. */
static void fill_map(struct layers *layers, uint64_t tile)
{
    size_t bins = layers->bins, size = bins * sizeof(uint16_t);
    uint16_t *maps = layers->maps[layers->made % 2], *map = maps + tile * bins;
    uint64_t columns = layers->tiles[AXIS_COLUMN].count,
             in_channel = columns * layers->tiles[1].count;
    uint64_t first = tile / in_channel * in_channel, nearest = UINT64_MAX, from = 0;
    for (uint64_t i = first; i < first + in_channel; i++) {
        int64_t dy = (int64_t)(i / columns) - (int64_t)(tile / columns),
                dx = (int64_t)(i % columns) - (int64_t)(tile % columns);
        uint64_t far = (uint64_t)(dy * dy + dx * dx);
        if (layers->mapped[i] && far < nearest) {
            nearest = far;
            from = i;
        }
    }
    if (nearest < UINT64_MAX)
        memcpy(map, maps + from * bins, size);
    else if (layers->made > 0)
        memcpy(map, layers->maps[(layers->made - 1) % 2] + tile * bins, size);
    else
        tile_map_identity(bins, map);
}

void layers_make_maps(struct layers *layers)
{
    size_t bins = layers->bins;
    int32_t *counts = layers->counts[layers->made % 2];
    uint16_t *maps = layers->maps[layers->made % 2];
    uint64_t tiles = tiles_of_layer(layers);
    for (uint64_t i = 0; i < tiles; i++)
        layers->mapped[i] =
            tile_map(counts + i * (bins + 1), bins, layers->clip_limit, maps + i * bins);
    for (uint64_t i = 0; i < tiles; i++)
        if (!layers->mapped[i])
            fill_map(layers, i);
    memset(counts, 0, tiles * (bins + 1) * sizeof *counts);
    layers->made++;
}

/* Brings the maps of the eight tiles around a cell together. */
void layers_table(const struct layers *layers, uint64_t channel, const uint64_t cell[AXES],
                  uint16_t *table)
{
    size_t bins = layers->bins;
    const uint16_t *maps[BLEND_CORNERS];
    for (size_t i = 0; i < BLEND_CORNERS; i++) {
        uint64_t at[AXES];
        for (size_t axis = 0; axis < AXES; axis++)
            at[axis] = i >> (AXES - 1 - axis) & 1 ? tiles_after(&layers->tiles[axis], cell[axis])
                                                  : tiles_before(cell[axis]);
        maps[i] = layers->maps[at[0] % 2] + tile_number(layers, channel, at[1], at[2]) * bins;
    }
    for (size_t bin = 0; bin < bins; bin++)
        for (size_t i = 0; i < BLEND_CORNERS; i++)
            table[bin * BLEND_CORNERS + i] = maps[i][bin];
    memset(table + bins * BLEND_CORNERS, 0, BLEND_CORNERS * sizeof *table);
}

/* ---- setting up ----------------------------------------------------------------------------- */

static bool tiles_fit(const struct layers *layers, const struct volume *volume,
                      const uint64_t tile[AXES], struct fail *fail)
{
    double voxels = (double)tile[0] * (double)tile[1] * (double)tile[2];
    double tiles = (double)layers->channels, each = 6. * (double)layers->bins + 4;
    for (enum axis axis = AXIS_ROW; axis < AXES; axis++)
        tiles *= (double)((volume->size[axis] - 1) / tile[axis] + 1);
    if (voxels > MAX_KERNEL)
        return fail_set(fail, "a tile of %.0f voxels, %d at most", voxels, MAX_KERNEL);
    if (2 * tiles * each > TILES_MEMORY)
        return fail_set(fail,
                        "%.0f tiles in a plane of %zu bins each take %.0f MiB of memory, %u at "
                        "most: take a larger --kernel or fewer --bins",
                        tiles, layers->bins, 2 * tiles * each / (1 << 20), TILES_MEMORY >> 20);
    return true;
}

static bool allocate(struct layers *layers, struct fail *fail)
{
    size_t bins = layers->bins, tiles = tiles_of_layer(layers);
    for (size_t i = 0; i < 2; i++) {
        layers->counts[i] = calloc(tiles * (bins + 1), sizeof *layers->counts[i]);
        layers->maps[i] = malloc(tiles * bins * sizeof *layers->maps[i]);
        if (!layers->counts[i] || !layers->maps[i])
            return fail_errno(fail, "tiles");
    }
    layers->mapped = malloc(tiles * sizeof *layers->mapped);
    return layers->mapped || fail_errno(fail, "tiles");
}

bool layers_init(struct layers *layers, const struct volume *volume, const uint64_t kernel[AXES],
                 size_t bins, double clip_limit, struct fail *fail)
{
    *layers = (struct layers){.channels = volume->channels,
                              .columns = volume->size[AXIS_COLUMN],
                              .bins = bins,
                              .clip_limit = clip_limit};
    if (!tiles_fit(layers, volume, kernel, fail))
        return false;
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        if (!tiles_init(&layers->tiles[axis], volume->size[axis], kernel[axis], fail))
            return false;
    return allocate(layers, fail);
}

void layers_free(struct layers *layers)
{
    for (enum axis axis = AXIS_PLANE; axis < AXES; axis++)
        tiles_free(&layers->tiles[axis]);
    for (size_t i = 0; i < 2; i++) {
        free(layers->counts[i]);
        free(layers->maps[i]);
    }
    free(layers->mapped);
}
