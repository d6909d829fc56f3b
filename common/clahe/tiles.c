#include "common/clahe/tiles.h"

#include <stdlib.h>

/* Counts the places [size, count * kernel), each of which mirrors a sample. */
static void count_mirrored(struct tiles *tiles)
{
    uint64_t size = tiles->size, beyond = tiles->count * tiles->kernel - size;
    uint64_t period = size > 1 ? 2 * (size - 1) : 1, whole = beyond / period;
    for (uint64_t i = 0; i < size; i++)
        tiles->again[i] = (uint32_t)(i == 0 || i == size - 1 ? whole : 2 * whole);
    for (uint64_t i = 0; i < beyond % period; i++) {
        uint64_t place = (size + i) % period;
        tiles->again[place < size ? place : period - place]++;
    }
    while (tiles->first < size && tiles->again[tiles->first] == 0)
        tiles->first++;
}

bool tiles_init(struct tiles *tiles, uint64_t size, uint64_t kernel, struct fail *fail)
{
    *tiles = (struct tiles){.size = size, .kernel = kernel, .count = (size + kernel - 1) / kernel};
    tiles->again = malloc(size * sizeof *tiles->again);
    tiles->weight = malloc(size * sizeof *tiles->weight);
    if (!tiles->again || !tiles->weight)
        return fail_errno(fail, "tiles");
    count_mirrored(tiles);
    for (uint64_t i = 0; i < size; i++) {
        double after = (double)((i + kernel / 2) % kernel) / (double)kernel;
        tiles->weight[i][0] = 1 - after;
        tiles->weight[i][1] = after;
    }
    return true;
}

void tiles_free(struct tiles *tiles)
{
    free(tiles->again);
    free(tiles->weight);
}
