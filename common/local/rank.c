#include "common/local/rank.h"

#include "common/local/cube_median.h"
#include "common/local/rank_search.h"

#define ALIGNMENT 64

/* ---- rows ----------------------------------------------------------------------------------- */

static bool is_cube_median(const struct rank *rank)
{
    const size_t *size = rank->footprint->size;
    return rank->footprint->count == 27 && size[0] == 3 && size[1] == 3 && size[2] == 3 &&
           rank->number == 13;
}

/* Bytes of the pointers to a row as each voxel of the window sees it. */
static size_t pointers_size(size_t count)
{
    return (count * sizeof(float *) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static void make_row(const struct rank *rank, const struct surroundings *around, size_t i,
                     float *made)
{
    const struct footprint *footprint = rank->footprint;
    const float **from = around->scratch;
    for (size_t k = 0; k < footprint->count; k++) {
        const int32_t *by = footprint->offsets[k].by;
        from[k] = surroundings_row(around, i, by[AXIS_PLANE], by[AXIS_ROW]) +
                  by[AXIS_COLUMN] * (ptrdiff_t)rank->channels;
    }
    if (rank->network.steps)
        sorting_network_row(&rank->network, from, made, around->row_samples,
                            (char *)around->scratch + pointers_size(footprint->count));
    else
        rank_search_row(from, footprint->count, rank->number, made, around->row_samples);
}

static void make_rows(const void *state, const struct surroundings *around, float *made)
{
    const struct rank *rank = state;
    if (is_cube_median(rank))
        cube_median_rows(around, rank->channels, made);
    else
        for (size_t i = 0; i < around->count; i++)
            make_row(rank, around, i, made + i * around->row_samples);
    rank_values(made, around->count * around->row_samples);
}

/* ---- setting up ----------------------------------------------------------------------------- */

static size_t number_of(size_t count, double percentile)
{
    size_t number = (size_t)((double)count * percentile / 100.0);
    return number < count ? number : count - 1;
}

bool rank_init(struct rank *rank, const struct footprint *footprint, size_t channels,
               double percentile, struct fail *fail)
{
    *rank = (struct rank){.footprint = footprint,
                          .number = number_of(footprint->count, percentile),
                          .channels = channels};
    return footprint->count > SORTING_NETWORK_MAX ||
           sorting_network_init(&rank->network, footprint->count, rank->number, fail);
}

void rank_free(struct rank *rank)
{
    sorting_network_free(&rank->network);
}

struct neighbour_filter rank_filter(const struct rank *rank)
{
    const struct footprint *footprint = rank->footprint;
    size_t cube = cube_median_scratch(rank->channels),
           other = pointers_size(footprint->count) +
                   (rank->network.steps ? sorting_network_scratch(footprint->count) : 0);
    return (struct neighbour_filter){.make = make_rows,
                                     .state = rank,
                                     .planes = footprint->reach[AXIS_PLANE],
                                     .rows = footprint->reach[AXIS_ROW],
                                     .columns = footprint->reach[AXIS_COLUMN],
                                     .prepare = rank_keys,
                                     .scratch = is_cube_median(rank) ? cube : other};
}
