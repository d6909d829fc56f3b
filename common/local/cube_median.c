#include "common/local/cube_median.h"

/* Samples of a row that are sorted before the next row, so that they stay in fast memory. */
#define TILE 256

/* Samples of a tile with those beside it. The last vector may reach beyond. */
static size_t tile_stride(size_t channels)
{
    return (TILE + 2 * channels + NEIGHBOURS_SLACK) / 16 * 16;
}

#define VECTOR_BODY "common/local/cube_median_body.h"
#include "common/kernel/vector.h"

CPU_CHOICE(run_rows, run_rows_generic,
           (const struct surroundings *around, size_t channels, float *made),
           (around, channels, made))

size_t cube_median_scratch(size_t channels)
{
    return (3 * 3 + 9) * tile_stride(channels) * sizeof(int32_t);
}

void cube_median_rows(const struct surroundings *around, size_t channels, float *made)
{
    run_rows(around, channels, made);
}
