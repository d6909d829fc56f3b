/* The lower envelope of parabolas: distances along one axis to what is far along others. */
#ifndef COMMON_MORPHOLOGY_ENVELOPE_H
#define COMMON_MORPHOLOGY_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* What does not change from one line of samples to the next; several threads may use it. */
struct envelope {
    size_t n;        /* samples of a line */
    double step;     /* from one to the next */
    double *inverse; /* of 2 * step * step * the distance of two parabolas in samples */
};

MUST_CHECK bool envelope_init(struct envelope *envelope, size_t n, double step, struct fail *fail);
void envelope_free(struct envelope *envelope);

/* Bytes of scratch memory for one line. */
size_t envelope_scratch(size_t n);

/* line[p] becomes the minimum over q of line[q] + (step * (p - q))^2, which is infinite where all
 * are. The sum is rounded as it is written here. */
void envelope_make(const struct envelope *envelope, double *line, void *scratch);

#endif
