/* Measurements as columns of a table, a row for each object. */
#ifndef COMMON_OBJECTS_COLUMNS_H
#define COMMON_OBJECTS_COLUMNS_H

#include "common/io/output.h"
#include "common/objects/measure.h"

enum table_kind { TABLE_TSV, TABLE_CSV, TABLE_JSON };

/* What measurements in physical units need. */
struct grid {
    double direction[AXES][3], origin[3];
    double voxel;               /* its volume */
    double surface[DIRECTIONS]; /* surface_weights() */
};

/* Unknown steps are 1, an unknown place 0. False: some are unknown. */
bool grid_init(struct grid *grid, const struct volume *volume);
/* Sets what follows from the directions. */
void grid_finish(struct grid *grid);

struct table {
    const struct objects *objects;
    const struct grid *grid;
    const char *const *names; /* of the intensities; with one alone its columns go without */
    const char *unit;         /* of length, for JSON */
};

/* Prints all columns; numbers read back as the same doubles. */
MUST_CHECK bool table_print(const struct table *table, enum table_kind kind, struct output *to,
                            struct fail *fail);

/* The value of a column, by its name in the table, for each object in their order; freed by the
 * caller. NULL, with fail set: there is no such column, or no memory. */
MUST_CHECK double *table_column(const struct table *table, const char *name, struct fail *fail);

#endif
