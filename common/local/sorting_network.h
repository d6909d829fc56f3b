/* A sample of given rank in each window, by a sorting network: for windows of up to some hundred
 * voxels. Samples are signed integers in the order of their values. */
#ifndef COMMON_LOCAL_SORTING_NETWORK_H
#define COMMON_LOCAL_SORTING_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

#define SORTING_NETWORK_MAX 256 /* inputs */

/* Which two of the inputs are put in order, one step after the other. */
struct sorting_network {
    uint16_t (*steps)[2];
    size_t count;
    size_t inputs, rank; /* what the steps leave at place `rank` is the input of this rank */
};

/* Batcher's odd-even merge sort, without the steps that the rank does not depend on. */
MUST_CHECK bool sorting_network_init(struct sorting_network *network, size_t inputs, size_t rank,
                                     struct fail *fail);
void sorting_network_free(struct sorting_network *network);

/* Bytes of scratch memory that sorting_network_row() takes, aligned to 64. */
size_t sorting_network_scratch(size_t inputs);

/* Input i of window number x in [0, n) is from[i][x]; to[x] becomes the one of the rank. Reads up
 * to NEIGHBOURS_SLACK samples beyond from[i][n]. */
void sorting_network_row(const struct sorting_network *network, const float *const *from, float *to,
                         size_t n, void *scratch);

#endif
