/* Gray morphology: what becomes of a volume by erosions and dilations, one after the other. */
#ifndef COMMON_MORPHOLOGY_OPERATION_H
#define COMMON_MORPHOLOGY_OPERATION_H

#include "common/morphology/extreme.h"

enum morphology {
    MORPHOLOGY_ERODE,
    MORPHOLOGY_DILATE,
    MORPHOLOGY_OPEN,      /* an erosion, then a dilation: small bright parts are gone */
    MORPHOLOGY_CLOSE,     /* a dilation, then an erosion: small dark parts are gone */
    MORPHOLOGY_TOPHAT,    /* what an opening removes */
    MORPHOLOGY_BOTTOMHAT, /* what a closing adds */
    MORPHOLOGIES
};

/* A reader of the result for source, which it owns; extremes must last. NULL on failure (source
 * closed). */
MUST_CHECK struct reader *morphology_reader(const struct extremes *extremes, enum morphology what,
                                            struct reader *source, struct fail *fail);

/* A reader of 1 where a sample of source, which it owns, is the largest of its window and at least
 * *least, else 0; NaN are none. extremes and least must last. NULL on failure (source closed). */
MUST_CHECK struct reader *morphology_peaks(const struct extremes *extremes, const float *least,
                                           struct reader *source, struct fail *fail);

#endif
