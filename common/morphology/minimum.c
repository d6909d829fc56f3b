#include "common/morphology/minimum.h"

#include <string.h>

#define TILE 1024 /* samples of a row that stay in fast memory while other rows come */

#define VECTOR_BODY "common/morphology/minimum_body.h"
#include "common/kernel/vector.h"

CPU_CHOICE(run_pair, run_pair_generic, (float *to, const float *a, const float *b, size_t n),
           (to, a, b, n))

void minimum_pair(float *to, const float *a, const float *b, size_t n)
{
    run_pair(to, a, b, n);
}

/* The windows of `made` <= size rows all see rows made - 1 to size - 1. Those before are added from
 * there backwards, those behind forwards: van Herk's and Gil and Werman's algorithm. */
static void across_tile(const float *const *from, size_t from_stride, size_t size, float *to,
                        size_t to_stride, size_t made, size_t x, size_t n)
{
    float ahead[TILE], *last = to + (made - 1) * to_stride + x;
    memcpy(last, from[(made - 1) * from_stride] + x, n * sizeof *last);
    for (size_t i = made; i < size; i++)
        minimum_pair(last, last, from[i * from_stride] + x, n);
    for (size_t i = made - 1; i-- > 0;)
        minimum_pair(to + i * to_stride + x, to + (i + 1) * to_stride + x,
                     from[i * from_stride] + x, n);
    const float *sum = ahead;
    for (size_t i = 1; i < made; i++) {
        const float *next = from[(size + i - 1) * from_stride] + x;
        if (i > 1)
            minimum_pair(ahead, sum, next, n);
        sum = i > 1 ? ahead : next;
        minimum_pair(to + i * to_stride + x, to + i * to_stride + x, sum, n);
    }
}

void minimum_across(const float *const *from, size_t from_stride, size_t size, float *to,
                    size_t to_stride, size_t made, size_t n)
{
    for (size_t i = 0, part; i < made; i += part) {
        part = made - i < size ? made - i : size;
        for (size_t x = 0; x < n; x += TILE)
            across_tile(from + i * from_stride, from_stride, size, to + i * to_stride, to_stride,
                        part, x, n - x < TILE ? n - x : TILE);
    }
}

/* Windows of 2, 4, 8, ... samples, each of two of those before; at last two that overlap. */
void minimum_along(float *v, size_t stride, size_t size, float *to, size_t n)
{
    size_t width = 1, end = n + (size - 1) * stride;
    for (; 2 * width <= size; width *= 2) {
        end -= width * stride;
        minimum_pair(v, v, v + width * stride, end);
    }
    minimum_pair(to, v, v + (size - width) * stride, n);
}
