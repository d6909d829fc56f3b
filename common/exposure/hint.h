/* A hint is a note: order statistics that a volume carries, so that percentiles need no pass of
 * their own. They are believed only once they are proven: the value v is the sample of rank j
 * exactly when #(x < v) <= j < #(x <= v), which is counted while the samples go by. */
#ifndef COMMON_EXPOSURE_HINT_H
#define COMMON_EXPOSURE_HINT_H

#include "common/stats/order_statistic.h"
#include "common/stats/statistics.h"
#include "common/stream/loop.h"
#include "common/stream/stream.h"

/* The percentiles for which a note is made, as far as they cost no further scan: 0, 0.5, 1, 2, 0.1
 * and 5, and their mirrors. */
#define HINT_PERCENTILES 12
extern const double hint_percentiles[HINT_PERCENTILES];

/* Sets the note: the order statistics of the result, of a request for hint_percentiles. Sets none
 * where the volume has NaN. */
MUST_CHECK bool hint_write(struct volume *volume, const struct stats_result *result,
                           struct fail *fail);

/* Takes the note through a filter that never turns the order of two samples round; filter NULL: it
 * is dropped. None is left where a sample may become infinite. */
MUST_CHECK bool hint_pass(struct volume *volume, const struct filter *filter, struct fail *fail);

#define HINT_MOST 2 /* percentiles that are asked for at once */

/* Sets the percentiles for these quantiles from the volume's note, and replaces *reader by one that
 * proves them. If the note turns out to be untrue, reading the last samples fails with a message
 * that names --measure, so that what was made of the others is left incomplete. For a volume that
 * is read once, from its first sample to its last. OUTCOME_CANNOT: there is no note that answers;
 * measure. *reader may be NULL after a failure. */
MUST_CHECK enum outcome hint_percentiles_of(struct reader **reader, const double *quantiles,
                                            size_t count, double *percentiles, struct fail *fail);

#endif
