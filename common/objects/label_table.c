#include "common/objects/label_table.h"

size_t label_table_span(const void *table, float *v, size_t n)
{
    const struct label_table *labels = table;
    for (size_t i = 0; i < n; i++) {
        if (!(v[i] >= 0 && v[i] < (float)labels->count))
            return i;
        uint32_t label = (uint32_t)v[i];
        if ((float)label != v[i])
            return i;
        v[i] = labels->to[label];
    }
    return n;
}
