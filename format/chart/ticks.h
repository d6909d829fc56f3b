/* Positions and labels of the ticks on the axis of a plot. */
#ifndef FORMAT_CHART_TICKS_H
#define FORMAT_CHART_TICKS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/text/number.h"

#define TICKS_MAX 12

struct ticks {
    size_t count;
    double at[TICKS_MAX];
    int exponent; /* of a power of ten, shown beside the axis, by which labels are to be multiplied
                   */
    int decimals; /* of every label */
};

/* Round numbers in low..high (low < high), as many as possible up to max (2 to TICKS_MAX).
 * scientific: the exponent is that of the largest tick; else it is 0 unless labels would be long.
 */
struct ticks ticks_choose(double low, double high, size_t max, bool scientific);
const char *ticks_label(const struct ticks *ticks, size_t i, char text[NUMBER_SIZE]);

#endif
