/* How much of a type's range the samples of a volume use: what scikit-image's is_low_contrast asks
 * (0.19), of the type that the file came from. */
#ifndef COMMON_EXPOSURE_CONTRAST_H
#define COMMON_EXPOSURE_CONTRAST_H

#include "common/stats/statistics.h"

#define CONTRAST_LOW 0.05

/* The percentiles between which contrast is measured: 1 and 99. */
extern const double contrast_percentiles[2];

struct contrast {
    double range; /* of the type, as the samples are scaled */
    double share; /* of it, between the percentiles; NAN: all samples are NaN */
    bool low;     /* below CONTRAST_LOW */
};

/* result: with contrast_percentiles and no others. The range is 1 for unsigned integers that were
 * scaled to 0..1, 2 for signed ones and for floats, as in scikit-image; where integers were not
 * scaled, the number of the type's values less 1. */
struct contrast contrast_of(const struct volume *volume, const struct stats_result *result);

#endif
