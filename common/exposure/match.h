/* Matching of histograms: scikit-image's match_histograms (0.19) of float32 samples, to the bit. */
#ifndef COMMON_EXPOSURE_MATCH_H
#define COMMON_EXPOSURE_MATCH_H

#include "common/exposure/value_table.h"
#include "common/stats/summary.h"

/* Makes the table that gives each value of `source` the one of the same quantile in `reference`,
 * between whose values it is interpolated. Both have lists of values, not empty. Call
 * value_table_free() even after a failure. */
MUST_CHECK bool match_make(const struct summary *source, const struct summary *reference,
                           struct value_table *table, struct fail *fail);

#endif
