/* Stored samples <-> float: sizes, byte order, and the one place that knows integer scaling. */
#ifndef COMMON_KERNEL_SAMPLE_H
#define COMMON_KERNEL_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

enum sample_type {
    SAMPLE_UINT8,
    SAMPLE_INT8,
    SAMPLE_UINT16,
    SAMPLE_INT16,
    SAMPLE_UINT32,
    SAMPLE_INT32,
    SAMPLE_UINT64,
    SAMPLE_INT64,
    SAMPLE_FLOAT32,
    SAMPLE_FLOAT64,
    SAMPLE_TYPES
};

/* numpy's names: "uint8", ..., "float64"; and back, SAMPLE_TYPES when it is none of them. */
const char *sample_name(enum sample_type type);
enum sample_type sample_named(const char *name);
size_t sample_size(enum sample_type type); /* bytes */
bool sample_is_integer(enum sample_type type);

/* The largest value of an integer type, rounded to a double; 1 for float types. */
double sample_largest(enum sample_type type);

/* What scikit-image's img_as_float multiplies an integer type with: 1 / its largest value, as a
 * double. 1 for float types. */
double sample_unit_scale(enum sample_type type);

/* from[0..n) (any alignment; swapped: in the other byte order) to floats. Integers become
 * (float)(value * scale), multiplied in double as img_as_float does; with a signed type's own unit
 * scale never below -1, as there. Floats are rounded to float, and multiplied (in double) only when
 * scale is not 1. from and to may not overlap. */
void sample_to_float(enum sample_type type, bool swapped, double scale, const void *from, float *to,
                     size_t n);

/* How many of from[0..n) a float can't hold: integers of more than 24 significant bits, which are
 * rounded, and finite doubles that become infinite. That a double loses digits does not count. */
size_t sample_count_inexact(enum sample_type type, bool swapped, const void *from, size_t n);
/* What became of such samples, and why, in words: "rounded: ...". */
const char *sample_inexact_words(enum sample_type type);

/* In place: the other byte order. */
void sample_swap(enum sample_type type, void *samples, size_t n);

/* The other way, for uint8, uint16 and float32, in this machine's byte order. Integers become the
 * sample times scale, multiplied in float and rounded to the nearest, halves to even, as
 * scikit-image's img_as_ubyte and img_as_uint have it; what lies beyond the type becomes its
 * nearest number, NaN 0. Floats stay as they are. */
void sample_from_float(enum sample_type type, float scale, const float *v, void *to, size_t n);

#endif
