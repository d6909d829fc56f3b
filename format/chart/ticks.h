/* Where the ticks of a plot's axis stand and what is written at them. */
#ifndef FORMAT_CHART_TICKS_H
#define FORMAT_CHART_TICKS_H

#include <stddef.h>

#include "common/base/number.h"

#define TICKS_MAX 12

struct ticks {
    size_t count;
    double at[TICKS_MAX];
    int exponent; /* labels are to be multiplied by 10^exponent, which stands beside the axis */
    int decimals; /* of every label */
};

/* Round numbers in low..high, as many as may be and at most `most` (2 to TICKS_MAX); low < high.
 * scientific: the exponent is that of the largest tick; else only where labels would be long. */
struct ticks ticks_choose(double low, double high, size_t most, bool scientific);
const char *ticks_label(const struct ticks *ticks, size_t i, char text[NUMBER_SIZE]);

#endif
