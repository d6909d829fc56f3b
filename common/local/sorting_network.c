#include "common/local/sorting_network.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define VECTOR_BODY "common/local/sorting_network_body.h"
#include "common/kernel/vector.h"

/* ---- the steps ------------------------------------------------------------------------------ */

/* Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M, with his p, q, r, d. */
static void add_merge_sort(struct sorting_network *network)
{
    size_t n = network->inputs, top = 1;
    while (2 * top < n)
        top *= 2;
    for (size_t p = top; p > 0 && n > 1; p /= 2)
        for (size_t q = top, r = 0, d = p;; d = q - p, q /= 2, r = p) {
            for (size_t i = 0; i + d < n; i++)
                if ((i & p) == r) {
                    network->steps[network->count][0] = (uint16_t)i;
                    network->steps[network->count++][1] = (uint16_t)(i + d);
                }
            if (q == p)
                break;
        }
}

/* From the last step to the first: those that change what a later one needs stay. */
static void prune(struct sorting_network *network)
{
    bool needed[SORTING_NETWORK_MAX] = {false};
    size_t kept = network->count;
    needed[network->rank] = true;
    for (size_t i = network->count; i-- > 0;) {
        size_t low = network->steps[i][0], high = network->steps[i][1];
        if (!needed[low] && !needed[high])
            continue;
        needed[low] = needed[high] = true;
        memmove(network->steps[--kept], network->steps[i], sizeof *network->steps);
    }
    memmove(network->steps, network->steps + kept,
            (network->count - kept) * sizeof *network->steps);
    network->count -= kept;
}

bool sorting_network_init(struct sorting_network *network, size_t inputs, size_t rank,
                          struct fail *fail)
{
    size_t max = 4096; /* of SORTING_NETWORK_MAX inputs: 3839 */
    *network = (struct sorting_network){.inputs = inputs, .rank = rank};
    network->steps = malloc(max * sizeof *network->steps);
    if (!network->steps)
        return fail_memory(fail, "window of %zu voxels", inputs);
    add_merge_sort(network);
    prune(network);
    return true;
}

void sorting_network_free(struct sorting_network *network)
{
    free(network->steps);
}

/* ---- the windows ---------------------------------------------------------------------------- */

size_t sorting_network_scratch(size_t inputs)
{
    return inputs * 2 * 64; /* two vectors each, of at most 64 bytes */
}

CPU_CHOICE(run_row, run_row_generic,
           (const struct sorting_network *network, const float *const *from, float *to, size_t n,
            void *scratch),
           (network, from, to, n, scratch))

void sorting_network_row(const struct sorting_network *network, const float *const *from, float *to,
                         size_t n, void *scratch)
{
    run_row(network, from, to, n, scratch);
}
