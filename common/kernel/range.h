/* The smallest and the largest of a span of samples. */
#ifndef COMMON_KERNEL_RANGE_H
#define COMMON_KERNEL_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In sortable.h's order, which includes infinities and NaN. lowest > highest: there is no sample.
 */
struct sortable_range {
    uint32_t lowest, highest;
};

struct sortable_range range_of_span(const float *v, size_t n);

/* Whether all samples are finite. */
bool range_is_finite(struct sortable_range range);

#endif
