/* What each label becomes. */
#ifndef COMMON_OBJECTS_LABEL_TABLE_H
#define COMMON_OBJECTS_LABEL_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct label_table {
    float *to;      /* of label 0, 1, ... */
    uint32_t count; /* of the labels, with 0 */
};

/* A kernel (loop.h); table is a struct label_table. Refuses samples that are no label of it. */
size_t label_table_span(const void *table, float *v, size_t n);

#endif
