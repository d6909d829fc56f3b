/* Connected components of a volume that comes as a stream: what hangs together, numbered in the
 * order in which a volume is read, as scipy.ndimage.label and skimage.measure.label number. */
#ifndef COMMON_OBJECTS_COMPONENTS_H
#define COMMON_OBJECTS_COMPONENTS_H

#include "common/objects/runs.h"
#include "common/stream/stream.h"

/* Voxels that touch by a face, also by an edge, also by a corner. */
enum connectivity { CONNECTED_6, CONNECTED_18, CONNECTED_26 };

struct component_rule {
    enum run_kind kind;
    enum connectivity connectivity;
    bool planes_apart; /* planes do not touch each other, nor the volume's first and last face */
};

/* Which components stay. Zeroed: all. */
struct component_choice {
    uint64_t least, most; /* voxels; most 0: any number */
    uint64_t largest;     /* so many of the largest, of equal ones the first; 0: any number */
    bool drop_border;     /* those that touch a face of the volume go */
    bool only_border;     /* the others go */
};

/* A number is first that of a piece, of which more and more turn out to be one component. */
struct components {
    uint32_t *number; /* of a piece, from 1 on: an earlier piece of the same component, or itself;
                         at last the component's number, 0 where it does not stay */
    bool counts;      /* voxels are counted: a choice asks for them */
    uint64_t *voxels; /* of a piece */
    bool *at_border;  /* of a piece */
    size_t pieces, number_capacity, voxels_capacity, border_capacity;
    uint64_t found, kept; /* components, and how many of them stay */
};

void components_free(struct components *components);
/* Whether a choice asks for numbers of voxels. */
bool components_need_counts(const struct component_choice *choice);
/* Adds a piece and returns its number; 0, with fail set, where there are too many. */
MUST_CHECK uint32_t components_add(struct components *components, const char *name,
                                   struct fail *fail);
/* The number of the first piece that is known to belong together with this one. */
uint32_t components_find(struct components *components, uint32_t piece);
/* The same of two that from here on belong together. */
uint32_t components_join(struct components *components, uint32_t a, uint32_t b);
/* Makes numbers final; voxels and at_border are those of components from here on. False, with fail
 * set, when there is no memory. */
MUST_CHECK bool components_finish(struct components *components,
                                  const struct component_choice *choice, struct fail *fail);

/* Joins the runs of a row with those of a neighbouring row, whose columns touch where they are at
 * most `reach` apart: 0 or 1. A run without a number takes one over. */
void components_touch(struct components *components, const struct component_rule *rule,
                      struct run *row, size_t count, const struct run *other, size_t other_count,
                      uint32_t reach);

#endif
