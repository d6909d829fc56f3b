/* Statistics carried through programs that give each value another one, without reading the volume
 * again: the values that occur pass through the programs themselves, each once. */
#ifndef COMMON_STATS_CARRIED_H
#define COMMON_STATS_CARRIED_H

#include "common/stats/summary.h"
#include "common/stream/stream.h"

/* Makes *volume the shape of the values that occur, one plane of one row, ascending, with a note of
 * how many samples they stand for. Fails where the summary lists no values, because there were too
 * many or none. name: of the summary's file, for messages. */
MUST_CHECK bool carried_volume(const struct summary *summary, const char *name,
                               struct volume *volume, struct fail *fail);
/* Writes the values themselves. */
MUST_CHECK bool carried_write(const struct summary *summary, struct writer *writer,
                              struct fail *fail);

/* Sets *after (initialized by this) to the statistics of the volume of *before after the programs
 * that reader's values have been through. Fails where these programs do more than give each value
 * another one, or reader is no volume of these values. */
MUST_CHECK bool carried_count(const struct summary *before, const char *name, struct reader *reader,
                              struct summary *after, struct fail *fail);

#endif
