/* The passes that statistics take over a volume: each counts into a summary, on several threads. */
#ifndef COMMON_STATS_SCAN_H
#define COMMON_STATS_SCAN_H

#include "common/stats/summary.h"
#include "common/volume/stream.h"

/* Counts everything that the summary keeps. The reader is rewound first where it needs it; nothing
 * is read where it has counted its values itself. */
bool scan_first(struct summary *summary, bool take_infinities, struct reader *reader,
                struct fail *fail);
/* Counts for the summary's fine counts and histogram alone, which hold nothing yet. */
bool scan_second(struct summary *summary, bool take_infinities, struct reader *reader,
                 struct fail *fail);

/* Makes the next sample the first one. */
bool scan_rewind(struct reader *reader, struct fail *fail);
/* The failure that is infinite sample number `at`. */
bool scan_refuse_infinity(const struct reader *reader, uint64_t at, struct fail *fail);

#endif
