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

/* Bytes of the runs of inputs, or of the pointers to them that a network takes. */
static size_t inputs_size(const struct rank *rank)
{
    const struct footprint *footprint = rank->footprint;
    size_t bytes = rank->network.steps ? footprint->count * sizeof(float *)
                                       : footprint->run_count * sizeof(struct rank_run);
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Where the voxel to make first sees the first one of a run. */
static const float *run_start(const struct rank *rank, const struct surroundings *around, size_t i,
                              const struct footprint_run *run)
{
    return surroundings_row(around, i, run->first[AXIS_PLANE], run->first[AXIS_ROW]) +
           run->first[AXIS_COLUMN] * (ptrdiff_t)rank->channels;
}

static void make_row_by_network(const struct rank *rank, const struct surroundings *around,
                                size_t i, float *made)
{
    const struct footprint *footprint = rank->footprint;
    const float **from = around->scratch;
    for (size_t k = 0, at = 0; k < footprint->run_count; k++) {
        const float *start = run_start(rank, around, i, &footprint->runs[k]);
        for (size_t x = 0; x < footprint->runs[k].count; x++)
            from[at++] = start + x * rank->channels;
    }
    sorting_network_row(&rank->network, from, made, around->row_samples,
                        (char *)around->scratch + inputs_size(rank));
}

static void make_row_by_search(const struct rank *rank, const struct surroundings *around, size_t i,
                               float *made)
{
    const struct footprint *footprint = rank->footprint;
    struct rank_run *runs = around->scratch;
    struct rank_inputs from = {runs, footprint->run_count, rank->channels, footprint->count};
    for (size_t k = 0; k < footprint->run_count; k++)
        runs[k] = (struct rank_run){run_start(rank, around, i, &footprint->runs[k]),
                                    footprint->runs[k].count};
    rank_search_row(&from, rank->number, made, around->row_samples);
}

static void make_rows(const void *state, const struct surroundings *around, float *made)
{
    const struct rank *rank = state;
    if (is_cube_median(rank))
        cube_median_rows(around, rank->channels, made);
    else
        for (size_t i = 0; i < around->count; i++)
            (rank->network.steps ? make_row_by_network : make_row_by_search)(
                rank, around, i, made + i * around->row_samples);
}

/* ---- setting up ----------------------------------------------------------------------------- */

bool rank_init(struct rank *rank, const struct footprint *footprint, size_t channels,
               double percentile, struct fail *fail)
{
    size_t number = (size_t)((double)footprint->count * percentile / 100.0);
    *rank = (struct rank){.footprint = footprint,
                          .number = number < footprint->count ? number : footprint->count - 1,
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
           other = inputs_size(rank) +
                   (rank->network.steps ? sorting_network_scratch(footprint->count) : 0);
    return (struct neighbour_filter){.make = make_rows,
                                     .state = rank,
                                     .planes = footprint->reach[AXIS_PLANE],
                                     .rows = footprint->reach[AXIS_ROW],
                                     .columns = footprint->reach[AXIS_COLUMN],
                                     .prepare = rank_keys,
                                     .finish = rank_values,
                                     .scratch = is_cube_median(rank) ? cube : other};
}
