/* What a program does to samples, and what follows from that for the notes about them. A program
 * states its effect; nothing asks which program it is. */
#ifndef COMMON_CLI_EFFECT_H
#define COMMON_CLI_EFFECT_H

#include "common/shape/accumulators.h"
#include "common/stream/loop.h"
#include "common/volume/volume.h"

enum effect_kind {
    EFFECT_KEEPS,  /* each sample that is passed on is one that was read: parts, other orders */
    EFFECT_BLENDS, /* new samples between those that were read: what is black and white stays */
    EFFECT_MAPS,   /* each value becomes another one, wherever it lies */
    EFFECT_MAKES   /* samples of another meaning */
};

struct effect {
    enum effect_kind kind;
    const struct filter *map; /* EFFECT_MAPS: what a value becomes; NULL: not known */
    bool keeps_order;         /* EFFECT_MAPS: no two values change places, also by rounding */
    const double *window;     /* black and white from here on; NULL: as the effect has it */
    bool makes_mask;          /* samples are 0 and 1 from here on, which are black and white */
    const uint32_t *labels; /* samples are labels from here on, this the largest; NULL: as above */
};

/* The kind of what becomes of blocks of samples. */
enum effect_kind effect_of_reduction(enum reduction kind);

/* Takes the volume's notes through a program. `line` goes to the end of "history". "window" is kept
 * or blended along, mapped, or dropped; "source scale" (source.h) tells what became of the source's
 * samples; order statistics (hint.h) are mapped or dropped; that a volume is a mask or labels
 * (labels.h) is dropped unless samples are kept, and blending labels is refused; that it is a list
 * of values (values.h), unless they are mapped. */
MUST_CHECK bool effect_pass(const struct effect *effect, const char *line, struct volume *volume,
                            struct fail *fail);

#endif
