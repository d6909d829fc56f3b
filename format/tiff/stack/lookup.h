/* A hash table from keys, which are bytes, to numbers of input files. */
#ifndef FORMAT_TIFF_STACK_LOOKUP_H
#define FORMAT_TIFF_STACK_LOOKUP_H

#include "common/base/fail.h"

#define LOOKUP_NONE UINT32_MAX

struct lookup_entry {
    void *key; /* NULL: empty */
    size_t size;
    uint32_t number;
};

/* Initialize with {0}. */
struct lookup {
    struct lookup_entry *entries; /* a power of two, at most half of them used */
    size_t count, capacity;
};

/* The number of a key; LOOKUP_NONE if it was not added. */
uint32_t lookup_find(const struct lookup *lookup, const void *key, size_t size);
/* Adds a key, which is copied, or changes its number. False, with errno set, without memory. */
MUST_CHECK bool lookup_add(struct lookup *lookup, const void *key, size_t size, uint32_t number);
void lookup_free(struct lookup *lookup);

#endif
