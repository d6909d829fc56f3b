/* Order statistics that a volume carries in a note, so that percentiles need no pass of their own.
 * They are believed only once they are proven: the value v is the sample of rank j exactly when
 * #(x < v) <= j < #(x <= v), which is counted while the samples go by. */
#ifndef COMMON_EXPOSURE_HINT_H
#define COMMON_EXPOSURE_HINT_H

#include <stdatomic.h>

#include "common/stats/order_statistic.h"
#include "common/stats/statistics.h"
#include "common/volume/stream.h"

/* The percentiles for which a note is made: 0.5 and 1, and their mirrors. With more of them,
 * volumes of many values would need a further pass. */
#define HINT_PERCENTILES 4
extern const double hint_percentiles[HINT_PERCENTILES];

/* Sets the note: the result's order statistics, of a request for hint_percentiles, after each has
 * been through `map`, which must keep their order. Sets none where the volume has NaN. The next
 * command in the history drops the note (volume_add_history()). */
MUST_CHECK bool hint_write(struct volume *volume, const struct stats_result *result,
                           float (*map)(const void *state, float value), const void *state,
                           struct fail *fail);

#define HINT_MOST 2 /* percentiles */

struct hint {
    double percentiles[HINT_MOST]; /* those that were asked for */
    uint64_t samples;
    size_t count; /* order statistics behind them */
    uint64_t rank[2 * HINT_MOST];
    float value[2 * HINT_MOST];
    _Atomic uint64_t finite, below[2 * HINT_MOST], upto[2 * HINT_MOST]; /* counted so far */
};

/* False: the volume has no note that answers, and must be measured. */
bool hint_find(const struct volume *volume, const double *quantiles, size_t count,
               struct hint *hint);
/* Counts v[0..n); from any thread. */
void hint_count(struct hint *hint, const float *v, size_t n);
/* Whether the order statistics hold, once all samples have been counted. */
bool hint_holds(const struct hint *hint);

/* A writer that passes samples on to `writer`, which it owns, but the last ones only if the hint
 * holds; otherwise it fails, and names the option that measures instead. name: the input's. NULL on
 * failure (writer closed). */
MUST_CHECK struct writer *hint_writer(struct writer *writer, const struct hint *hint,
                                      uint64_t samples, const char *name, const char *option,
                                      struct fail *fail);

#endif
