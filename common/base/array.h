/* Arrays that grow as items are added. */
#ifndef COMMON_BASE_ARRAY_H
#define COMMON_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/fail.h"

/* Grows an array from malloc (or NULL with capacity 0) to a capacity of at least `needed` items; a
 * larger capacity is at least twice the old one. False, with errno set and the array unchanged,
 * when there is no memory. */
#define array_reserve(array, capacity, needed)                                                     \
    array_reserve_items(&(array), capacity, needed, sizeof *(array))

/* The same; array is the address of the pointer to the items. */
MUST_CHECK bool array_reserve_items(void *array, size_t *capacity, size_t needed, size_t item_size);

#endif
