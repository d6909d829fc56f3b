/* Li's threshold, of minimum cross entropy: scikit-image's threshold_li (0.19) of float32 samples.
 * Computed in double precision, and rounded to float once. */
#ifndef COMMON_EXPOSURE_LI_H
#define COMMON_EXPOSURE_LI_H

#include "common/stats/summary.h"
#include "common/stream/stream.h"

/* For samples that are neither NaN nor infinite. Where the summary has no list of their values, the
 * reader is read once for each step of the iteration, from its first sample; NULL then fails. */
MUST_CHECK bool li_threshold(const struct summary *summary, struct reader *reader, float *threshold,
                             struct fail *fail);

#endif
