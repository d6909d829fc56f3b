/* Statistics carried through programs that give each value another one, without reading the volume
 * again: the values that occur pass through the programs themselves, each once. */
#ifndef COMMON_STATS_CARRIED_H
#define COMMON_STATS_CARRIED_H

#include "common/stats/summary.h"
#include "common/stream/stream.h"

/* A volume that has each value of another one once says of how many samples,
 * and has a checksum of their statistics. */
MUST_CHECK bool volume_set_values_of(struct volume *volume, uint64_t samples, uint32_t checksum,
                                     struct fail *fail);
MUST_CHECK bool volume_drop_values_of(struct volume *volume, struct fail *fail);
bool volume_is_values(const struct volume *volume);
bool volume_is_values_of(const struct volume *volume, uint64_t samples, uint32_t checksum);
/* How many samples has the volume that this one is: of a slab, that which it is a slab of; of
 * values, that which has them. */
uint64_t volume_whole_samples(const struct volume *volume);

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
