#include "common/kernel/above.h"

#include <math.h>

#include "common/kernel/bits.h"

void above_init(struct above *above, double threshold)
{
    float limit = (float)threshold;
    above->limit = (double)limit > threshold ? nextafterf(limit, -INFINITY) : limit;
}

static inline CPU_INLINE void above_body(float limit, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = v[i] > limit ? 1 : 0;
}
CPU_VARIANTS(above_all, above_body, (float limit, float *v, size_t n), (limit, v, n))

size_t above_span(const void *above, float *v, size_t n)
{
    above_all(((const struct above *)above)->limit, v, n);
    return n;
}
