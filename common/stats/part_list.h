/* Which planes of a volume were counted. */
#ifndef COMMON_STATS_PART_LIST_H
#define COMMON_STATS_PART_LIST_H

#include "common/volume/part.h"

/* Parts of one volume in ascending order, none of which touches the
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
