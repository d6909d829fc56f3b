/* Watersheds of a volume inside a mask, whose components are flooded one by one: what does not
 * touch does not matter to each other. */
#ifndef COMMON_OBJECTS_WATERSHED_H
#define COMMON_OBJECTS_WATERSHED_H

#include "common/stream/stream.h"

struct watershed_request {
    bool invert;          /* high samples are flooded first */
    bool lines;           /* voxels where two labels meet get none */
    uint64_t most_memory; /* bytes that components may take at once */
};

struct watershed_count {
    uint64_t components;
    uint64_t most;    /* bytes that the components took that were open at once */
    uint32_t largest; /* label of a marker in the mask */
};

/* A reader of labels: those of the markers, grown through the mask in the order of the samples of
 * source, whose volume it has. The three have one shape and one channel; it owns them, and reads
 * them at once, each once. Markers are labels, 0 where there is none. NULL on failure (all three
 * closed). */
MUST_CHECK struct reader *watershed_reader(const struct watershed_request *request,
                                           struct reader *source, struct reader *markers,
                                           struct reader *mask, struct watershed_count *count,
                                           struct fail *fail);

#endif
