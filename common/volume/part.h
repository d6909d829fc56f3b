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

/* A volume that has each value of another one once (exposure/carried.h) says of how many samples,
 * and has a checksum of their statistics. */
MUST_CHECK bool volume_set_values_of(struct volume *volume, uint64_t samples, uint32_t checksum,
                                     struct fail *fail);
MUST_CHECK bool volume_drop_values_of(struct volume *volume, struct fail *fail);
bool volume_is_values(const struct volume *volume);
bool volume_is_values_of(const struct volume *volume, uint64_t samples, uint32_t checksum);
/* How many samples has the volume that this one is: of a slab, that which it is a slab of; of
 * values, that which has them. */
uint64_t volume_whole_samples(const struct volume *volume);

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

/* Which planes of one volume were counted: parts in ascending order, none of which touches the
 * next. Zeroed: none. */
struct part_list {
    struct part *parts;
    size_t count;
    uint64_t plane_samples;
};

void part_list_free(struct part_list *list);
/* Fails where some of the planes are there already, or the part is of another volume. */
MUST_CHECK bool part_list_add(struct part_list *list, const struct part *part,
                              uint64_t plane_samples, struct fail *fail);
/* Fits 64 bits where the whole volume's do. */
uint64_t part_list_samples(const struct part_list *list);
/* Whether all planes of the volume are there. */
bool part_list_is_whole(const struct part_list *list);
/* The planes that are missing, in words: "planes 10:20, 30:40 of 60". */
#define PART_LIST_TEXT 128
const char *part_list_missing(const struct part_list *list, char text[PART_LIST_TEXT]);

#endif
