/* A table from each of a few values to another one. */
#ifndef COMMON_EXPOSURE_VALUE_TABLE_H
#define COMMON_EXPOSURE_VALUE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

struct table_slot {
    uint32_t bits; /* of the value; of NaN in empty slots */
    float to;
};

/* A hash table with open addressing, half empty. */
struct value_table {
    struct table_slot *slots;
    unsigned shift; /* 32 - log2 of their number */
};

/* For `count` values at most. Call value_table_free() even after a failure. */
MUST_CHECK bool value_table_init(struct value_table *table, size_t count, struct fail *fail);
void value_table_free(struct value_table *table);

/* from is not NaN; 0 and -0 are one value. */
void value_table_add(struct value_table *table, float from, float to);

/* A kernel (loop.h); table is a struct value_table. NaN stay; refuses the first value that was not
 * added. */
size_t value_table_span(const void *table, float *v, size_t n);

#endif
