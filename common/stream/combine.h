/* Several volumes of one shape, side by side, as one. */
#ifndef COMMON_STREAM_COMBINE_H
#define COMMON_STREAM_COMBINE_H

#include "common/stream/stream.h"

#define COMBINE_MAX 26

/* Makes made[0..n) of sources[0][0..n), sources[1][0..n), ...; made may be sources[0]. Several
 * threads may call; state is read-only. */
typedef void combiner(const void *state, const float *const *sources, float *made, size_t n);

/* A reader of what `combine` makes of the samples of `count` sources (1 to COMBINE_MAX), which it
 * owns and which have one shape (shape/broadcast.h); what else is known of the volume is the first
 * one's. It can be cloned where all of them can. NULL on failure (sources closed). */
MUST_CHECK struct reader *combine_reader(combiner *combine, const void *state,
                                         struct reader *const *sources, size_t count,
                                         struct fail *fail);

#endif
