#include "common/kernel/range.h"

#include "common/kernel/cpu.h"
#include "common/kernel/sortable.h"

/* As signed integers: SSE2, the generic level of x86-64, does not compare unsigned ones. */
static inline CPU_INLINE void range_body(const float *v, size_t n, struct sortable_range *range)
{
    int32_t lowest = INT32_MAX, highest = INT32_MIN;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = bits_of(v[i]);
        int32_t signed_bits = (int32_t)(bits ^ -(bits >> 31) >> 1);
        lowest = signed_bits < lowest ? signed_bits : lowest;
        highest = signed_bits > highest ? signed_bits : highest;
    }
    *range = (struct sortable_range){(uint32_t)lowest ^ SORTABLE_ZERO,
                                     (uint32_t)highest ^ SORTABLE_ZERO};
}
CPU_VARIANTS(find_range, range_body, (const float *v, size_t n, struct sortable_range *range),
             (v, n, range))

struct sortable_range range_of_span(const float *v, size_t n)
{
    struct sortable_range range;
    find_range(v, n, &range);
    return range;
}

bool range_is_finite(struct sortable_range range)
{
    return range.lowest > SORTABLE_MINUS_INFINITY && range.highest < SORTABLE_INFINITY;
}
