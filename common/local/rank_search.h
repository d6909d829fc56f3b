/* A sample of given rank in each window, by bisection of the values: for windows of any size.
 * Samples are signed integers in the order of their values. */
#ifndef COMMON_LOCAL_RANK_SEARCH_H
#define COMMON_LOCAL_RANK_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/* Makes signed integers of floats, in their order, and floats of them again, in place. NaN become
 * one, which is larger than all else; -0 is smaller than 0. */
void rank_keys(float *v, size_t n);
void rank_values(float *v, size_t n);

/* Inputs that follow each other `stride` samples apart. */
struct rank_run {
    const float *first;
    size_t count;
};

struct rank_inputs {
    const struct rank_run *runs; /* not empty */
    size_t run_count, stride;
    size_t count; /* of all runs */
};

/* The inputs of window number x in [0, n) are those of window 0, x samples on; to[x] becomes the
 * one of the rank. Reads up to NEIGHBOURS_SLACK samples beyond the last of an input. */
void rank_search_row(const struct rank_inputs *from, size_t rank, float *to, size_t n);

#endif
