/* Volumes that have each value of another volume once: the note that says so. */
#ifndef COMMON_VOLUME_VALUES_H
#define COMMON_VOLUME_VALUES_H

#include "common/volume/volume.h"

/* Such a volume says how many samples the other one has, and has a checksum of their statistics. */
MUST_CHECK bool volume_set_values_of(struct volume *volume, uint64_t samples, uint32_t checksum,
                                     struct fail *fail);
MUST_CHECK bool volume_drop_values_of(struct volume *volume, struct fail *fail);
bool volume_is_values(const struct volume *volume);
bool volume_is_values_of(const struct volume *volume, uint64_t samples, uint32_t checksum);
/* How many samples has the volume that this one is: of a slab, that which it is a slab of; of
 * values, that which has them. */
uint64_t volume_whole_samples(const struct volume *volume);

#endif
