/* Readers for filters that see the neighbours of a sample: rows y-r..y+r of planes z-r..z+r. The
 * planes are kept in a ring of memory; where they are too large for that, bands of their rows are
 * read again from a file. */
#ifndef COMMON_STREAM_NEIGHBOURS_H
#define COMMON_STREAM_NEIGHBOURS_H

#include "common/stream/stream.h"

/* What stands for samples beyond the first and last plane, row and column: the nearest one
 * (a a | a b c), or the volume mirrored with its edge repeated (b a | a b c). */
enum edge { EDGE_NEAREST, EDGE_REFLECT };
extern const char *const edge_words[]; /* "nearest", "reflect", NULL */

/* The index that stands for index i, which may lie beyond the ends, of an axis of n samples. */
uint64_t edge_index(int64_t i, uint64_t n, enum edge edge);

/* Rows of one plane, or of several that follow each other, that a kernel is to make, and the rows
 * of the input around them. */
struct surroundings {
    uint64_t plane, row;       /* of the first row to make */
    size_t planes;             /* to make, at most the filter's step */
    size_t count;              /* rows to make of each */
    size_t row_samples;        /* channels counted */
    size_t plane_samples;      /* from a made row to that of the next plane */
    size_t reach[2];           /* planes and rows that are seen on each side */
    const float *const *table; /* of rows, see surroundings_row() */
    void *scratch;             /* the filter's, of this thread; aligned to 64 bytes */
};

/* Samples that can be read behind those of a row and mean nothing: for vectors. */
#define NEIGHBOURS_SLACK 64

/* The row of the input that lies dz planes and dy rows from row number i to make (0..count) of the
 * first plane to make. The filter's `columns` voxels before and after it are there too, and
 * NEIGHBOURS_SLACK more samples. dy + i lies in -reach[1]..count - 1 + reach[1], dz in
 * -reach[0]..planes - 1
 * + reach[0]. The pointers for i, i + 1, ... and for dy, dy + 1, ... follow each other in the
 * table. */
static inline const float *const *surroundings_rows(const struct surroundings *around, size_t i,
                                                    ptrdiff_t dz, ptrdiff_t dy)
{
    size_t rows = around->count + 2 * around->reach[1];
    size_t plane = around->reach[0] + (size_t)dz, row = i + around->reach[1] + (size_t)dy;
    return &around->table[plane * rows + row];
}

static inline const float *surroundings_row(const struct surroundings *around, size_t i,
                                            ptrdiff_t dz, ptrdiff_t dy)
{
    return *surroundings_rows(around, i, dz, dy);
}

/* Makes around->count rows, one after the other, of each of around->planes planes. Several threads
 * may call; state is read-only. */
typedef void neighbour_kernel(const void *state, const struct surroundings *around, float *made);

struct neighbour_filter {
    neighbour_kernel *make;
    const void *state;
    size_t planes, rows; /* seen on each side */
    size_t columns;      /* put before and after each row; 0: the kernel sees to edges of rows */
    size_t step;         /* planes that make can make at once, at most; 0: one */
    size_t scratch;      /* bytes for each thread */
    enum edge edge;
    void (*prepare)(float *v, size_t n); /* changes samples of the input once; NULL: it doesn't */
    void (*finish)(float *v, size_t n);  /* changes what was made; NULL: it doesn't */
    size_t memory; /* bytes for rows of the input, at most where one row a plane fits; 0: 24 MiB */
};

/* A reader of what the filter makes of source, which it owns: a volume of the same shape. *filter
 * is copied, its state must last. Where the input ends early, so does the result. NULL on
 * failure (source closed). */
MUST_CHECK struct reader *neighbours_reader(const struct neighbour_filter *filter,
                                            struct reader *source, struct fail *fail);

#endif
