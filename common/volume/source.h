/* The numbers that a volume's samples were in its source. */
#ifndef COMMON_VOLUME_SOURCE_H
#define COMMON_VOLUME_SOURCE_H

#include "common/volume/volume.h"

/* Whether the source held integers, by the note "source type". largest: of their type, rounded to a
 * double. */
bool volume_source_integers(const struct volume *volume, double *largest, bool *has_sign);

/* What samples have become since. */
enum source_state {
    SOURCE_KEPT,   /* each is one of the source's */
    SOURCE_MAPPED, /* each value stands for one of the source's, or for several */
    SOURCE_CHANGED
};

/* The note "source scale": of a source of integers the one that became a sample of 1, such as
 * 65535, or 1 where integers are kept as they are; and the state. */
MUST_CHECK bool volume_set_source_scale(struct volume *volume, double scale,
                                        enum source_state state, struct fail *fail);
/* NAN, and a state that means nothing: there is no note. state may be NULL. */
double volume_source_scale(const struct volume *volume, enum source_state *state);

/* The number that turns a sample into the integer that the source held. NAN: not known, samples are
 * no longer the source's, or integers have more than 16 bits, of which floats round some. */
double volume_count_scale(const struct volume *volume);
/* Whether there are at most 65536 values: those of a source of 16 bits or fewer, or what they were
 * mapped to. */
bool volume_has_few_values(const struct volume *volume);

/* Samples have become this; a later state stays. */
MUST_CHECK bool volume_note_state(struct volume *volume, enum source_state state,
                                  struct fail *fail);

#endif
