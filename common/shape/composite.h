/* Channels as colours: a volume of any channels becomes one of red, green and blue. */
#ifndef COMMON_SHAPE_COMPOSITE_H
#define COMMON_SHAPE_COMPOSITE_H

#include "common/stream/stream.h"

#define COMPOSITE_MAX 16 /* channels */

struct composite_channel {
    double low, high;        /* samples that are black, and of the full colour */
    unsigned char colour[3]; /* red, green, blue */
};

/* A reader of colours from 0 to 1, which add up over the channels of source, one entry for each;
 * NaN are black. It owns source. The window becomes 0 to 1. NULL on failure (source closed). */
MUST_CHECK struct reader *composite_reader(const struct composite_channel *channels,
                                           struct reader *source, struct fail *fail);

#endif
