/* Matching of histograms: scikit-image's match_histograms (0.19) of float32 samples, to the bit. */
#ifndef COMMON_EXPOSURE_MATCH_H
#define COMMON_EXPOSURE_MATCH_H

#include "common/kernel/dictionary.h"
#include "common/stats/value_stream.h"

/* What the values of the input become. */
struct match_table {
    struct dictionary values;
    float *to; /* by code */
};

/* Makes the table that gives each value of `source`, which has a list of them, the one of the same
 * quantile in `reference`, between whose values it is interpolated. reference stands at its first
 * value and is not empty. Call match_table_free() even after a failure. */
MUST_CHECK bool match_make(const struct summary *source, struct value_stream *reference,
                           struct match_table *table, struct fail *fail);
void match_table_free(struct match_table *table);
/* A kernel (loop.h); table is a struct match_table. NaN stay; refuses the first value that the
 * table does not have. */
size_t match_span(const void *table, float *v, size_t n);

/* Gives each value of `source`, which has partitions, the one that match_make() gives it. */
MUST_CHECK bool match_values(struct value_stream *source, struct value_stream *reference,
                             struct fail *fail);

/* A reader of the matched samples of source, which it owns, by a table, or (NULL) by what
 * match_values() has given them; samples where mask is 0 pass unchanged (mask.h; NULL: none). It
 * can be read once. NULL on failure (source closed). */
MUST_CHECK struct reader *match_reader(struct reader *source, struct reader *mask,
                                       const struct match_table *table, struct value_stream *values,
                                       struct fail *fail);

#endif
