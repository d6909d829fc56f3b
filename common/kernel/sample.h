/* Conversion between stored samples and floats: sizes, byte order, scaling of integers. */
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

/* numpy's names: "uint8", ..., "float64". */
const char *sample_name(enum sample_type type);
/* The type of that name; SAMPLE_TYPES: there is none. */
enum sample_type sample_named(const char *name);
size_t sample_size(enum sample_type type); /* bytes */
bool sample_is_integer(enum sample_type type);

/* The largest value of an integer type, rounded to a double; 1 for float types. */
double sample_largest(enum sample_type type);

/* The factor by which scikit-image's img_as_float multiplies an integer type: 1 / its largest
 * value. 1 for float types. */
double sample_unit_scale(enum sample_type type);

/* Converts n samples at `from` (any alignment; swapped: in the other byte order) to floats.
 * Integers become (float)(value * scale), multiplied in double as img_as_float does; also as there,
 * a signed type with its own unit scale never gets below -1. Floats are rounded to float, and
 * multiplied (in double) only when scale is not 1. from and to may not overlap. */
void sample_to_float(enum sample_type type, bool swapped, double scale, const void *from, float *to,
                     size_t n);

/* How many of the n samples at `from` no float holds: integers of more than 24 significant bits,
 * which are rounded, and finite doubles that become infinite. Doubles that only lose digits are not
 * counted. */
size_t sample_count_inexact(enum sample_type type, bool swapped, const void *from, size_t n);
/* For messages: what became of such samples, and why: "rounded: ...". */
const char *sample_inexact_words(enum sample_type type);

/* Swaps the byte order in place. */
void sample_swap(enum sample_type type, void *samples, size_t n);

/* Converts floats to uint8, uint16, uint32 or float32 in this machine's byte order, at any
 * alignment. An integer is the sample times scale, multiplied in float and rounded to nearest,
 * halves to even, as scikit-image's img_as_ubyte and img_as_uint do; values beyond the type become
 * its nearest number, NaN becomes 0. Floats are copied. */
void sample_from_float(enum sample_type type, float scale, const float *v, void *to, size_t n);

#endif
