/* How large an object is, on the command line: a number of voxels, or a volume such as "5um3". */
#ifndef COMMON_OBJECTS_OBJECT_SIZE_H
#define COMMON_OBJECTS_OBJECT_SIZE_H

#include "common/objects/components.h"

struct object_size {
    double value;         /* >= 0 */
    char unit[UNIT_SIZE]; /* of length, whose cube it is; "": voxels */
};

/* Parses "100", "5um3", "0.2mm^3"; value is a struct object_size. For an option row (option.h). */
MUST_CHECK bool object_size_parse(const char *text, void *value, struct fail *fail);

/* The steps along the axes in metres, NAN where they are unknown. */
void volume_steps_metres(const struct volume *volume, double steps[AXES]);

/* How many voxels with such steps have that size, not rounded but where it is a whole number but
 * for rounding. Fails where there is a unit and a step is unknown. */
MUST_CHECK bool object_size_voxels(const struct object_size *size, const double steps[AXES],
                                   double *voxels, struct fail *fail);
/* The least number of voxels that is not smaller. */
uint64_t object_size_least(double voxels);

/* Which objects stay, as it is asked for. */
struct object_choice {
    struct object_size least, most;
    bool has_most;
    uint64_t largest; /* 0: any number */
    bool drop_border;
};

/* The same in voxels. */
MUST_CHECK bool object_choice_voxels(const struct object_choice *asked, const double steps[AXES],
                                     struct component_choice *choice, struct fail *fail);

#endif
