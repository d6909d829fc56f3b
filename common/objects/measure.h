/* What is measured of each object of a volume of labels. All of it is whole numbers and exact sums,
 * so that it depends neither on the order of samples nor on how a volume is cut into slabs. */
#ifndef COMMON_OBJECTS_MEASURE_H
#define COMMON_OBJECTS_MEASURE_H

#include "common/objects/plane_runs.h"
#include "common/objects/surface.h"
#include "common/stats/moments.h"
#include "common/stream/stream.h"
#include "common/volume/part.h"

struct object {
    uint32_t label;
    uint8_t
        faces; /* of the volume that it touches: bit 2 * axis the first, the next bit the last */
    uint64_t voxels;
    uint64_t first[AXES], end[AXES]; /* of its box, half open */
    uint64_t places[AXES];           /* sums of indices along each axis */
    int64_t euler;                   /* of the voxels as closed cubes: 26 neighbours */
    uint64_t crossings[DIRECTIONS];  /* pairs of voxels in each direction, one of which is in it */
};

/* Samples of another volume in an object. NaN are left out. */
struct intensity {
    uint64_t nans;
    float minimum, maximum;
    struct moments moments;
    struct int768 places[AXES]; /* sums of sample times index, in units of 2^-149 */
};

struct objects {
    struct object *object;       /* in the order in which they are met */
    struct intensity *intensity; /* `intensities` for each object */
    size_t count, intensities, capacity, intensity_capacity;
    uint32_t **index; /* of each label in object, plus 1; in pages, of which NULL has none */
};

/* No objects. False, with errno set, when there is no memory. */
MUST_CHECK bool objects_init(struct objects *objects, size_t intensities);
void objects_free(struct objects *objects);
/* Finds a label's object, or adds an empty one. SIZE_MAX, with errno set, when there is no memory.
 */
MUST_CHECK size_t objects_find(struct objects *objects, uint32_t label);
/* Goes to the next label that there is, from 0 on. False: there is none. */
MUST_CHECK bool objects_next(const struct objects *objects, uint32_t *label, size_t *at);
/* Adds what two parts of an object have. */
void object_add(struct object *to, const struct object *part);
void intensity_add(struct intensity *to, const struct intensity *part);

/* Measures what lies between two planes, of which either may be NULL for what is outside: neither
 * voxels nor samples, but surfaces. False, with errno set, when there is no memory. */
MUST_CHECK bool measure_between(struct objects *objects, const struct plane_runs *before,
                                const struct plane_runs *plane, uint64_t columns);

/* The first and the last plane of a slab, whose numbers are labels. */
struct measured_faces {
    struct plane_runs first, last;
};

/* Measures a volume of labels, from `labels`, and in volumes of the same shape, one for each
 * intensity, which are read along. part: which planes these are; faces: NULL for a whole volume.
 * Fails where a sample is no label. */
MUST_CHECK bool measure_volume(struct objects *objects, struct reader *labels,
                               struct reader *const *volumes, const struct part *part,
                               struct measured_faces *faces, struct fail *fail);

#endif
