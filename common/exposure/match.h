/* Matching of histograms: scikit-image's match_histograms (0.19) of float32 samples, to the bit. */
#ifndef COMMON_EXPOSURE_MATCH_H
#define COMMON_EXPOSURE_MATCH_H

#include "common/exposure/value_table.h"
#include "common/stats/value_stream.h"

/* Makes the table that gives each value of `source`, which has a list of them, the one of the same
 * quantile in `reference`, between whose values it is interpolated. reference stands at its first
 * value and is not empty. Call value_table_free() even after a failure. */
MUST_CHECK bool match_make(const struct summary *source, struct value_stream *reference,
                           struct value_table *table, struct fail *fail);

/* Gives each value of `source`, which has partitions, the one that match_make() gives it. */
MUST_CHECK bool match_values(struct value_stream *source, struct value_stream *reference,
                             struct fail *fail);

/* A reader of the matched samples of source, which it owns, by a table, or (NULL) by what
 * match_values() has given them; samples where mask is 0 pass unchanged (mask.h; NULL: none). It
 * can be read once. NULL on failure (source closed). */
MUST_CHECK struct reader *match_reader(struct reader *source, struct reader *mask,
                                       const struct value_table *table, struct value_stream *values,
                                       struct fail *fail);

#endif
