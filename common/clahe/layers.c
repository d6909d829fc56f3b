/* CLAHE divides the volume into tiles. The histogram of a tile is clipped, so that even parts of
 * the volume don't get all the contrast, and its sums become a map from levels to levels (map.h). A
 * sample is mapped by the eight tiles around it, and the results are blended by the distances to
 * their centres (blend.h). Between the same eight centres, in a cell, all samples need the same
 * maps: these are brought together in one table, so that the inner loop looks eight levels up in a
 * row of memory.
 *
 * What is kept: planes are mapped in order, so along planes two layers of tiles are enough, that
 * before a plane and that behind it. The reader (reader.c) counts a layer when the first plane of
 * the cell before it is to be mapped, either of planes that are kept until they are mapped, or by
 * reading them twice. The last layer counts planes again that it mirrors; these may be part of the
 * layer before, and are still at hand. Counts are made in bands of rows of tiles, and maps go to a
 * file, where there are too many for the memory.
 *
 * Where nothing is counted: a layer in which there is nothing but NaN, or that a mask leaves out,
 * is stood for by the nearest one in which something is counted, so that no map that nobody asked
 * for is blended in. In a cell one of whose layers is empty, that is the other one: no layer but
 * the two around a cell needs to be known. Only where samples that are not counted are mapped, as
 * with a mask, may both be empty; then layers are counted ahead until the next one that is not.
 * Between two layers that are full in a channel all others are empty, so that two layers of maps
 * are enough for each channel, whichever they are.
 *
 * Threads count, and make maps, in different columns of tiles, so that none writes to what another
 * one writes to; while planes are mapped, all of it is read-only. */
#include "common/clahe/layers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/count.h"
#include "common/clahe/blend.h"
#include "common/clahe/map.h"
#include "common/io/descriptor.h"
#include "common/io/temporary.h"

#define MAX_ROW_BINS 1500000       /* of a row of tiles, all channels counted; counts of a band */
#define MAPS_MEMORY (4u << 20)     /* of two layers; more are in a file */
#define WINDOW_MEMORY (256u << 10) /* of maps of the file, for each thread */
#define MAX_TILES (2u << 20)       /* of a layer and channel */
#define MAX_KERNEL INT32_MAX       /* voxels, so that counts fit */

static uint64_t tiles_of_channel(const struct layers *layers)
{
    return layers->tiles[AXIS_ROW].count * layers->tiles[AXIS_COLUMN].count;
}

static uint64_t tile_number(const struct layers *layers, uint64_t channel, uint64_t row,
                            uint64_t column)
{
    return (channel * layers->tiles[AXIS_ROW].count + row) * layers->tiles[AXIS_COLUMN].count +
           column;
}

/* ---- which layers --------------------------------------------------------------------------- */

static bool is_ready(const struct layers *layers, uint64_t c, uint64_t after, bool ahead)
{
    const struct channel_layers *channel = &layers->channel[c];
    if (!ahead)
        return channel->next > after;
    return channel->next == layers->tiles[AXIS_PLANE].count ||
           (channel->full > 0 && channel->high >= after);
}

uint64_t layers_begin(struct layers *layers, uint64_t cell, bool ahead)
{
    uint64_t after = tiles_after(&layers->tiles[AXIS_PLANE], cell), wanted = UINT64_MAX;
    for (uint64_t c = 0; c < layers->channels; c++)
        if (!is_ready(layers, c, after, ahead))
            wanted = min_u64(wanted, layers->channel[c].next);
    for (uint64_t c = 0; c < layers->channels; c++)
        layers->channel[c].counts =
            layers->channel[c].next == wanted && !is_ready(layers, c, after, ahead);
    return wanted;
}

/* The place of the maps that stand for those of a layer on one side of a cell, `after` or before
 * it. */
static uint64_t place_of(const struct channel_layers *channel, uint64_t layer, bool after)
{
    uint64_t high = (channel->full - 1) % 2;
    if (channel->full == 1 || layer >= channel->high)
        return high;
    uint64_t to_low = layer - channel->low, to_high = channel->high - layer;
    return to_low < to_high || (after && to_low == to_high) ? 1 - high : high;
}

/* ---- maps, in memory or in the file --------------------------------------------------------- */

static uint64_t map_offset(const struct layers *layers, uint64_t place, uint64_t tile)
{
    uint64_t number = place * layers->channels * tiles_of_channel(layers) + tile;
    return number * layers->bins * sizeof(uint16_t);
}

static uint16_t *map_at(const struct layers *layers, uint64_t place, uint64_t tile)
{
    return layers->maps +
           (place * layers->channels * tiles_of_channel(layers) + tile) * layers->bins;
}

static bool write_map(const struct layers *layers, uint64_t place, uint64_t tile,
                      const uint16_t *map)
{
    size_t size = layers->bins * sizeof *map;
    if (layers->maps)
        return memcpy(map_at(layers, place, tile), map, size);
    return descriptor_write_at(layers->file, map, size, map_offset(layers, place, tile));
}

/* Reads the maps of tiles that follow each other. */
static bool read_maps(const struct layers *layers, uint64_t place, uint64_t tile, uint64_t count,
                      uint16_t *maps)
{
    size_t size = count * layers->bins * sizeof *maps;
    if (layers->maps)
        return memcpy(maps, map_at(layers, place, tile), size);
    size_t got;
    errno = EIO; /* for a file that somebody has cut off */
    return descriptor_read_at(layers->file, maps, size, map_offset(layers, place, tile), &got) &&
           got == size;
}

/* ---- counting ------------------------------------------------------------------------------- */

/* Counts one row in one column of tiles, in the tile whose counts these are. */
static void count_row(const struct layers *layers, const uint16_t *bins, uint64_t column,
                      int32_t *counts, uint64_t weight)
{
    const struct tiles *tiles = &layers->tiles[AXIS_COLUMN];
    uint64_t first = column * tiles->kernel, end = min_u64(first + tiles->kernel, tiles->size);
    for (uint64_t x = first; x < end; x++)
        counts[bins[x]] += (int32_t)weight;
    if (column == tiles->count - 1)
        for (uint64_t x = tiles->first; x < tiles->size; x++)
            counts[bins[x]] += (int32_t)(weight * tiles->again[x]);
}

void layers_begin_band(struct layers *layers, uint64_t first)
{
    layers->first = first;
    layers->end = min_u64(first + layers->band_rows, layers->tiles[AXIS_ROW].count);
    memset(layers->counts, 0,
           layers->channels * layers->band_rows * layers->tiles[AXIS_COLUMN].count *
               (layers->bins + 1) * sizeof *layers->counts);
}

void layers_band_rows(const struct layers *layers, uint64_t *first, uint64_t *end)
{
    const struct tiles *tiles = &layers->tiles[AXIS_ROW];
    *first = layers->first * tiles->kernel;
    *end = min_u64(layers->end * tiles->kernel, tiles->size);
    if (layers->end == tiles->count) /* where rows may be counted again */
        *first = min_u64(*first, tiles->first);
}

static int32_t *counts_at(const struct layers *layers, uint64_t channel, uint64_t row,
                          uint64_t column)
{
    uint64_t in_band = channel * layers->band_rows + row - layers->first;
    return layers->counts +
           (in_band * layers->tiles[AXIS_COLUMN].count + column) * (layers->bins + 1);
}

void layers_count(const struct layers *layers, const struct bin_rows *chunk, uint64_t weight,
                  uint64_t column)
{
    const struct tiles *tiles = &layers->tiles[AXIS_ROW];
    const uint16_t *line = chunk->v;
    uint64_t last = tiles->count - 1;
    for (uint64_t y = chunk->first; y < chunk->end; y++)
        for (uint64_t c = 0; c < layers->channels; c++, line += layers->columns) {
            if (!layers->channel[c].counts)
                continue;
            uint64_t own = y / tiles->kernel, again = tiles->again[y];
            if (own >= layers->first && own < layers->end)
                count_row(layers, line, column, counts_at(layers, c, own, column),
                          weight * (own == last ? 1 + again : 1));
            if (own < last && again > 0 && last < layers->end)
                count_row(layers, line, column, counts_at(layers, c, last, column), weight * again);
        }
}

/* ---- maps ----------------------------------------------------------------------------------- */

bool layers_make_maps(const struct layers *layers, uint64_t column, uint16_t *map)
{
    bool ok = true;
    for (uint64_t c = 0; c < layers->channels; c++)
        for (uint64_t y = layers->first; layers->channel[c].counts && y < layers->end; y++) {
            uint64_t tile = tile_number(layers, c, y, column);
            layers->mapped[tile] =
                tile_map(counts_at(layers, c, y, column), layers->bins, layers->clip_limit, map);
            ok = ok && (!layers->mapped[tile] ||
                        write_map(layers, layers->channel[c].full % 2, tile, map));
        }
    return ok;
}

/* What lies as near to a tile as any that has a map of its own, in its layer and channel. */
struct nearest {
    uint64_t far, count; /* the square of the distance; how many */
};

/* Looks at the tile that lies dy rows and dx columns away. With `add`, those that are as near as
 * the nearest are added up. */
static bool look_at(const struct layers *layers, uint64_t tile, int64_t dy, int64_t dx,
                    struct nearest *nearest, uint16_t *add)
{
    uint64_t columns = layers->tiles[AXIS_COLUMN].count,
             in_channel = tile % tiles_of_channel(layers);
    uint64_t y = in_channel / columns + (uint64_t)dy, x = in_channel % columns + (uint64_t)dx;
    if (y >= layers->tiles[AXIS_ROW].count || x >= columns)
        return true; /* also before 0 */
    uint64_t far = (uint64_t)(dy * dy + dx * dx), at = tile - in_channel + y * columns + x;
    if (!layers->mapped[at] || far > nearest->far)
        return true;
    nearest->far = far;
    if (!add)
        return true;
    nearest->count++;
    bool ok =
        read_maps(layers, layers->channel[tile / tiles_of_channel(layers)].full % 2, at, 1, add);
    for (size_t bin = 0; bin < layers->bins; bin++)
        layers->sums[bin] += add[bin];
    return ok;
}

/* Looks at the tiles of a ring around a tile, which are at least as far away as its number. */
static bool look_around(const struct layers *layers, uint64_t tile, int64_t ring,
                        struct nearest *nearest, uint16_t *add)
{
    bool ok = true;
    for (int64_t dy = -ring; dy <= ring; dy++)
        for (int64_t dx = -ring, step = dy == -ring || dy == ring ? 1 : 2 * ring; dx <= ring;
             dx += step)
            ok = look_at(layers, tile, dy, dx, nearest, add) && ok;
    return ok;
}

static bool fill_map(struct layers *layers, uint64_t place, uint64_t tile, uint16_t *map)
{
    struct nearest nearest = {.far = UINT64_MAX};
    uint64_t ring = 1;
    bool ok = true;
    for (; ring * ring <= nearest.far; ring++)
        (void)look_around(layers, tile, (int64_t)ring, &nearest, NULL);
    memset(layers->sums, 0, layers->bins * sizeof *layers->sums);
    while (--ring > 0)
        ok = look_around(layers, tile, (int64_t)ring, &nearest, map) && ok;
    for (size_t bin = 0; bin < layers->bins; bin++)
        map[bin] = (uint16_t)(layers->sums[bin] / nearest.count);
    return ok && write_map(layers, place, tile, map);
}

static bool end_channel(struct layers *layers, uint64_t layer, uint64_t c, uint16_t *map)
{
    struct channel_layers *channel = &layers->channel[c];
    uint64_t first = tile_number(layers, c, 0, 0), end = first + tiles_of_channel(layers);
    bool *mapped = layers->mapped;
    bool ok = true;
    channel->next = layer + 1;
    if (!memchr(mapped + first, true, end - first))
        return true;
    for (uint64_t tile = first; ok && tile < end; tile++)
        ok = mapped[tile] || fill_map(layers, channel->full % 2, tile, map);
    channel->low = channel->high;
    channel->high = layer;
    channel->full++;
    return ok;
}

bool layers_end(struct layers *layers, uint64_t layer, uint16_t *map)
{
    bool ok = true;
    for (uint64_t c = 0; c < layers->channels; c++)
        ok = ok && (!layers->channel[c].counts || end_channel(layers, layer, c, map));
    return ok;
}

/* ---- tables --------------------------------------------------------------------------------- */

/* Places of the maps before and after a cell, and the rows of tiles. */
struct around {
    uint64_t place[2], row[2];
};

/* Reads the maps of tiles around cells of one row, from a column of tiles on. */
static bool fill_window(const struct layers *layers, uint64_t channel, const struct around *around,
                        uint64_t first, struct map_window *window)
{
    window->first = first;
    window->end = min_u64(first + layers->window_columns, layers->tiles[AXIS_COLUMN].count);
    for (size_t i = 0; i < 4; i++)
        if (!read_maps(layers, around->place[i / 2],
                       tile_number(layers, channel, around->row[i % 2], first), window->end - first,
                       window->maps + i * layers->window_columns * layers->bins)) {
            window->end = first;
            return false;
        }
    return true;
}

/* The map of a tile: plane and row of the pair of around, column of tiles. */
static const uint16_t *map_around(const struct layers *layers, uint64_t channel,
                                  const struct around *around, size_t pair, uint64_t column,
                                  const struct map_window *window)
{
    if (layers->channel[channel].full == 0)
        return layers->identity;
    if (layers->maps)
        return map_at(layers, around->place[pair / 2],
                      tile_number(layers, channel, around->row[pair % 2], column));
    return window->maps + (pair * layers->window_columns + column - window->first) * layers->bins;
}

/* Brings the maps of the eight tiles around a cell together. */
bool layers_table(const struct layers *layers, uint64_t c, const uint64_t cell[AXES],
                  struct map_window *window, uint16_t *table)
{
    size_t bins = layers->bins;
    const struct channel_layers *channel = &layers->channel[c];
    const struct tiles *tiles = layers->tiles;
    const uint64_t layer[2] = {tiles_before(cell[0]), tiles_after(&tiles[AXIS_PLANE], cell[0])},
                   column[2] = {tiles_before(cell[2]), tiles_after(&tiles[AXIS_COLUMN], cell[2])};
    struct around around = {.row = {tiles_before(cell[1]), tiles_after(&tiles[AXIS_ROW], cell[1])}};
    const uint16_t *maps[BLEND_CORNERS];
    for (size_t i = 0; channel->full > 0 && i < 2; i++)
        around.place[i] = place_of(channel, layer[i], i == 1);
    if (!layers->maps && channel->full > 0 &&
        (column[0] < window->first || column[1] >= window->end) &&
        !fill_window(layers, c, &around, column[0], window))
        return false;
    for (size_t i = 0; i < BLEND_CORNERS; i++)
        maps[i] = map_around(layers, c, &around, i / 2, column[i % 2], window);
    for (size_t bin = 0; bin < bins; bin++)
        for (size_t i = 0; i < BLEND_CORNERS; i++)
            table[bin * BLEND_CORNERS + i] = maps[i][bin];
    memset(table + bins * BLEND_CORNERS, 0, BLEND_CORNERS * sizeof *table);
    return true;
}

/* ---- setting up ----------------------------------------------------------------------------- */

static bool tiles_fit(const struct layers *layers, const struct volume *volume,
                      const uint64_t tile[AXES], struct fail *fail)
{
    double voxels = (double)tile[0] * (double)tile[1] * (double)tile[2];
    double across = (double)((volume->size[AXIS_COLUMN] - 1) / tile[AXIS_COLUMN] + 1),
           down = (double)((volume->size[AXIS_ROW] - 1) / tile[AXIS_ROW] + 1),
           channels = (double)layers->channels, most = MAX_ROW_BINS;
    if (voxels > MAX_KERNEL)
        return fail_set(fail, "a tile of %.0f voxels, %d at most", voxels, MAX_KERNEL);
    if (channels * across * down > MAX_TILES)
        return fail_set(fail, "%.0f tiles in a plane, %u at most: take a larger --kernel",
                        channels * across * down, MAX_TILES);
    if (channels * across * (double)(layers->bins + 1) > most)
        return fail_set(fail,
                        "%.0f tiles in a row have %.0f bins, %.0f at most: take a larger --kernel "
                        "or fewer --bins",
                        channels * across, channels * across * (double)(layers->bins + 1), most);
    return true;
}

static bool allocate(struct layers *layers, struct fail *fail)
{
    size_t bins = layers->bins, tiles = layers->channels * tiles_of_channel(layers),
           row = layers->channels * layers->tiles[AXIS_COLUMN].count * (bins + 1),
           columns = WINDOW_MEMORY / sizeof(uint16_t) / 4 / bins;
    layers->band_rows = min_u64(MAX_ROW_BINS / row, layers->tiles[AXIS_ROW].count);
    layers->window_columns = columns > 2 ? columns : 2;
    layers->counts = malloc(layers->band_rows * row * sizeof *layers->counts);
    layers->mapped = calloc(tiles, sizeof *layers->mapped);
    layers->channel = calloc(layers->channels, sizeof *layers->channel);
    layers->identity = malloc(bins * sizeof *layers->identity);
    layers->sums = malloc(bins * sizeof *layers->sums);
    bool in_file = tiles > MAPS_MEMORY / 2 / sizeof *layers->maps / bins;
    layers->maps = in_file ? NULL : malloc(2 * tiles * bins * sizeof *layers->maps);
    if (!layers->counts || !layers->mapped || !layers->channel || !layers->identity ||
        !layers->sums || (!in_file && !layers->maps))
        return fail_errno(fail, "tiles");
    tile_map_identity(bins, layers->identity);
    layers->file = in_file ? temporary_file() : -1;
    return !in_file || layers->file >= 0 ||
           fail_errno(fail, "maps of tiles are kept in %s", temporary_folder());
}

size_t layers_window_size(const struct layers *layers)
{
    return layers->maps ? 0 : 4 * layers->window_columns * layers->bins;
}

bool layers_init(struct layers *layers, const struct volume *volume, const uint64_t kernel[AXES],
                 size_t bins, double clip_limit, struct fail *fail)
{
    *layers = (struct layers){.channels = volume->channels,
                              .columns = volume->size[AXIS_COLUMN],
                              .bins = bins,
                              .clip_limit = clip_limit,
                              .file = -1};
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
    if (layers->file >= 0)
        close(layers->file);
    free(layers->channel);
    free(layers->counts);
    free(layers->maps);
    free(layers->mapped);
    free(layers->identity);
    free(layers->sums);
}
