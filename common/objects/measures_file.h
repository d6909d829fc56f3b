/* Measurements of a slab as text, to be added to those of the other slabs. */
#ifndef COMMON_OBJECTS_MEASURES_FILE_H
#define COMMON_OBJECTS_MEASURES_FILE_H

#include "common/objects/columns.h"

#define MEASURES_MAX 16 /* volumes of intensities */

/* What was measured, and where. */
struct measures {
    struct objects objects;
    char *names[MEASURES_MAX]; /* of the intensities */
    struct grid grid;          /* of the slab that is read, or the first one of the volume */
    bool has_grid;             /* all steps are known */
    char unit[UNIT_SIZE];
    struct part part;
    uint64_t rows, columns;
    struct measured_faces faces;
};

void measures_free(struct measures *measures);
MUST_CHECK bool measures_write(struct text_out *out, const struct measures *measures);
/* Reads the texts of all slabs of a volume and adds them up in *sum. On failure *sum is empty. */
MUST_CHECK bool measures_join(char *const *paths, size_t count, struct measures *sum,
                              struct fail *fail);

#endif
