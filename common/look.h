/* The passes that statistics take over a volume: each counts into a summary, on several threads. */
#ifndef COMMON_LOOK_H
#define COMMON_LOOK_H

#include "common/stream.h"
#include "common/summary.h"

/* Counts everything that the summary keeps. The reader is rewound first where it needs it; nothing
 * is read where it has counted its values itself. */
bool look_first(struct summary *summary, bool take_infinities, struct reader *reader,
                struct fail *fail);
/* Counts for the summary's fine counts and histogram alone, which hold nothing yet. */
bool look_second(struct summary *summary, bool take_infinities, struct reader *reader,
                 struct fail *fail);

/* Makes the next sample the first one. */
bool look_rewind(struct reader *reader, struct fail *fail);
/* The failure that is infinite sample number `at`. */
bool look_infinity_fails(const struct reader *reader, uint64_t at, struct fail *fail);

#endif
