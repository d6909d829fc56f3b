/* The smallest of samples along planes, for windows of any number of planes in the same time. */
#ifndef COMMON_MORPHOLOGY_MINIMUM_PLANES_H
#define COMMON_MORPHOLOGY_MINIMUM_PLANES_H

#include "common/stream/stream.h"

struct minimum_planes {
    uint64_t before, after;              /* planes of the window, less than the volume has */
    void (*prepare)(float *v, size_t n); /* makes integers of samples, in their order */
    void (*finish)(float *v, size_t n);  /* and samples of them; NULL: they stay integers */
};

/* Bytes that the reader needs for planes. */
double minimum_planes_memory(const struct minimum_planes *options, const struct volume *volume);

/* A reader of the minimum of planes z - before ... z + after of source, which it owns. NULL on
 * failure (source closed). */
MUST_CHECK struct reader *minimum_planes_reader(const struct minimum_planes *options,
                                                struct reader *source, struct fail *fail);

#endif
