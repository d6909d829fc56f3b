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

/* A reader of the matched samples of source, which it owns; values is of source, which is read
 * twice for each of its groups. The result is kept in a file without a name. NULL on failure
 * (source closed). */
MUST_CHECK struct reader *match_reader(struct value_stream *values, struct value_stream *reference,
                                       struct reader *source, struct fail *fail);

#endif
