/* Scans of a volume for statistics, on several threads. */
#ifndef COMMON_STATS_SCAN_H
#define COMMON_STATS_SCAN_H

#include "common/stats/summary.h"
#include "common/stream/stream.h"

/* Counts everything that the summary has. Rewinds the reader first if needed. Reads nothing if the
 * values were counted while the samples were kept (second_pass.h). */
MUST_CHECK bool scan_first(struct summary *summary, bool allow_infinities, struct reader *reader,
                           struct fail *fail);
/* Counts only low counts and histogram, which must be empty. Rewinds the reader first. */
MUST_CHECK bool scan_second(struct summary *summary, struct reader *reader, struct fail *fail);

/* The next sample becomes the first one. */
MUST_CHECK bool scan_rewind(struct reader *reader, struct fail *fail);

#endif
