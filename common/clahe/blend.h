/* The inner loop of CLAHE: maps of eight tiles around a sample are blended. */
#ifndef COMMON_CLAHE_BLEND_H
#define COMMON_CLAHE_BLEND_H

#include <stddef.h>
#include <stdint.h>

#define BLEND_CORNERS 8

/* A row of samples in one cell (tiles.h). */
struct blend {
    const uint16_t *table; /* of each bin, the levels in the tiles around: planes, rows, columns */
    size_t nan;            /* the bin of NaN, which has no levels */
    double plane[2], row[2];
    const double (*column)[2]; /* of each sample: weights of the tiles before and after */
};

/* made[i * stride] becomes the level of bins[i], for i in [0, n); as scikit-image: the products
 * are doubles, rounded to float, the sums of them floats, without their fraction. */
void blend_row(const struct blend *blend, const uint16_t *bins, float *made, size_t stride,
               size_t n);

#endif
