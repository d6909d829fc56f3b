#include "common/base/array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool array_reserve_items(void *array, size_t *capacity, size_t needed, size_t item_size)
{
    if (needed <= *capacity)
        return true;
    size_t larger = needed > 2 * *capacity ? needed : 2 * *capacity, bytes;
    if (__builtin_mul_overflow(larger, item_size, &bytes)) {
        errno = ENOMEM;
        return false;
    }
    void *items;
    memcpy(&items, array, sizeof items); /* a pointer to any type, hence no cast to void ** */
    items = realloc(items, bytes);
    if (!items)
        return false;
    memcpy(array, &items, sizeof items);
    *capacity = larger;
    return true;
}
