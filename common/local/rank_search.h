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

/* Of window number x in [0, n) input i in [0, inputs) is from[i][x]; to[x] becomes the one of the
 * rank. Reads up to NEIGHBOURS_SLACK samples beyond from[i][n]. */
void rank_search_row(const float *const *from, size_t inputs, size_t rank, float *to, size_t n);

#endif
