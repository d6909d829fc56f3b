/* The smallest of samples, which are signed integers in the order of their values: rows of windows
 * that are boxes, in about three operations a sample for each axis, whatever the size. */
#ifndef COMMON_MORPHOLOGY_MINIMUM_H
#define COMMON_MORPHOLOGY_MINIMUM_H

#include <stddef.h>
#include <stdint.h>

/* to[i] becomes the smaller of a[i] and b[i], for i from 0 to n - 1; `to` may be a or b, or lie
 * before them in the same array. */
void minimum_pair(float *to, const float *a, const float *b, size_t n);

/* Makes `made` rows of n samples, the first at `to`, the others to_stride further: row i is the
 * minimum of rows i, i + 1, ... i + size - 1 of those at from[0], from[from_stride], ... */
void minimum_across(const float *const *from, size_t from_stride, size_t size, float *to,
                    size_t to_stride, size_t made, size_t n);

/* to[i] becomes the minimum of v[i], v[i + stride], ... v[i + (size - 1) * stride]. v is changed.
 */
void minimum_along(float *v, size_t stride, size_t size, float *to, size_t n);

#endif
