/* Arrays that grow as items are added. */
#ifndef COMMON_BASE_ARRAY_H
#define COMMON_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/fail.h"

/* Makes room for `needed` items in an array from malloc (or NULL, capacity 0), whose capacity is
 * counted in items and at least doubles. False, with errno set and the array as it was, when there
 * is no memory. */
#define array_reserve(array, capacity, needed)                                                     \
    array_reserve_items(&(array), capacity, needed, sizeof *(array))

/* The same; array is the address of the pointer to the items. */
MUST_CHECK bool array_reserve_items(void *array, size_t *capacity, size_t needed, size_t item_size);

#endif
