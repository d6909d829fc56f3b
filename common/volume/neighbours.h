/* The loop for filters that see the neighbours of a sample: rows y-r..y+r of planes z-r..z+r. The
 * planes are kept in a ring of memory; where they are too large for that, bands of their rows are
 * read again from a file, each plane by a clone of the reader. */
#ifndef COMMON_VOLUME_NEIGHBOURS_H
#define COMMON_VOLUME_NEIGHBOURS_H

#include "common/volume/stream.h"

/* What stands for samples beyond the first and last plane and row: the nearest one (a a | a b c),
 * or the volume mirrored with its edge repeated (b a | a b c). Columns are the kernel's own. */
enum edge { EDGE_NEAREST, EDGE_REFLECT };

/* Rows of one plane that a kernel is to make, and the rows of the input around them. */
struct surroundings {
    uint64_t plane, row;       /* of the first row to make */
    size_t count;              /* rows to make */
    size_t row_samples;        /* channels counted */
    size_t reach[2];           /* planes and rows that are seen on each side */
    const float *const *table; /* of rows, see surroundings_row() */
};

/* The row of the input that lies dz planes and dy rows from row number i to make (0..count). */
static inline const float *surroundings_row(const struct surroundings *around, size_t i,
                                            ptrdiff_t dz, ptrdiff_t dy)
{
    size_t rows = around->count + 2 * around->reach[1];
    size_t plane = around->reach[0] + (size_t)dz, row = i + around->reach[1] + (size_t)dy;
    return around->table[plane * rows + row];
}

/* Makes around->count rows, one after the other. Several threads may call; state is read-only. */
typedef void neighbour_kernel(const void *state, const struct surroundings *around, float *made);

struct neighbour_filter {
    neighbour_kernel *make;
    const void *state;
    size_t planes, rows; /* seen on each side */
    enum edge edge;
    size_t memory; /* bytes for rows of the input, at most where one row a plane fits; 0: 24 MiB */
};

/* Reads the whole volume, filters it and writes a volume of the same shape. *reader stands at its
 * first sample; it may become another reader of the same samples, and NULL on failure. */
MUST_CHECK bool neighbours_run(const struct neighbour_filter *filter, struct reader **reader,
                               struct writer *writer, struct fail *fail);

#endif
