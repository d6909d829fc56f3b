/* The tiles of contrast-limited adaptive histogram equalization (CLAHE) along one axis, and the
 * cells between their centres, in which the maps of neighbouring tiles are blended. */
#ifndef COMMON_CLAHE_TILES_H
#define COMMON_CLAHE_TILES_H

#include <stdint.h>

#include "common/base/fail.h"

/* Tile t holds the samples [t * kernel, (t + 1) * kernel). The last one may reach beyond the axis:
 * there the samples are mirrored, without repeating the edge, so some are counted again. */
struct tiles {
    uint64_t size, kernel, count;
    uint32_t *again;     /* how often each sample is counted again, in the last tile */
    uint64_t first;      /* the first sample that is */
    double (*weight)[2]; /* of the tiles before and after each sample */
};

/* kernel is at most 2^31. Call tiles_free() even after a failure. */
MUST_CHECK bool tiles_init(struct tiles *tiles, uint64_t size, uint64_t kernel, struct fail *fail);
void tiles_free(struct tiles *tiles);

/* The cell of sample i lies between tiles cell - 1 and cell, of which those that don't exist are
 * stood for by the nearest. */
static inline uint64_t tiles_cell(const struct tiles *tiles, uint64_t i)
{
    return (i + tiles->kernel / 2) / tiles->kernel;
}

/* The first sample behind a cell. */
static inline uint64_t tiles_cell_end(const struct tiles *tiles, uint64_t cell)
{
    uint64_t end = (cell + 1) * tiles->kernel - tiles->kernel / 2;
    return end < tiles->size ? end : tiles->size;
}

static inline uint64_t tiles_before(uint64_t cell)
{
    return cell > 0 ? cell - 1 : 0;
}

static inline uint64_t tiles_after(const struct tiles *tiles, uint64_t cell)
{
    return cell < tiles->count ? cell : tiles->count - 1;
}

#endif
