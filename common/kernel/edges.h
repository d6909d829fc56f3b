/* Where samples change along a row, as bits: bit i % 64 of word i / 64 is that of v[i]. The bits
 * behind the last sample are 0. */
#ifndef COMMON_KERNEL_EDGES_H
#define COMMON_KERNEL_EDGES_H

#include <stddef.h>
#include <stdint.h>

#define EDGES_WORDS(n) (((n) + 63) / 64)

/* Set where v[i] is 0 and the sample before it is not, or the other way round. `before` is the one
 * before v[0]. */
void edges_of_zeros(const float *v, size_t n, float before, uint64_t *bits);
/* Set where v[i] differs from the sample before it; NaN are equal. */
void edges_of_values(const float *v, size_t n, float before, uint64_t *bits);

#endif
