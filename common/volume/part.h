/* Slabs: volumes that are some planes of a larger one, and say which. */
#ifndef COMMON_VOLUME_PART_H
#define COMMON_VOLUME_PART_H

#include "common/volume/volume.h"

/* Planes [first, end) of a volume of `of` planes. */
struct part {
    uint64_t first, end, of;
};

/* "10:20 of 60": some planes of so many, at least one. */
MUST_CHECK bool part_read(const char *text, struct part *part);

/* What the volume's note "part" says: "planes 10:20 of 60". False where there is none that fits the
 * volume. */
bool volume_part(const struct volume *volume, struct part *part);
/* Sets the note; a part that is all planes has none. */
MUST_CHECK bool volume_set_part(struct volume *volume, const struct part *part, struct fail *fail);
MUST_CHECK bool volume_drop_part(struct volume *volume, struct fail *fail);

/* Which of how many slabs is wanted: number 1 to count; count 0: none. */
struct part_choice {
    uint64_t number, count;
};

/* Parses "K/N"; value is a struct part_choice. For an option row (option.h). */
MUST_CHECK bool part_parse(const char *text, void *value, struct fail *fail);
/* Sets the planes of a slab of a volume of `planes`; slabs are as equal as can be. Fails where
 * there are fewer planes than slabs. */
MUST_CHECK bool part_planes(const struct part_choice *choice, uint64_t planes, struct part *part,
                            struct fail *fail);

#endif
