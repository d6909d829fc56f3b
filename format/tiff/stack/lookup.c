#include "format/tiff/stack/lookup.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash(const unsigned char *key, size_t size)
{
    uint64_t sum = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ key[i]) * UINT64_C(1099511628211);
    return sum ^ sum >> 32;
}

/* The entry of a key, or the empty one where it belongs. */
static struct lookup_entry *find_entry(const struct lookup *lookup, const void *key, size_t size)
{
    size_t i = hash(key, size) & (lookup->capacity - 1);
    struct lookup_entry *entry = &lookup->entries[i];
    while (entry->key && (entry->size != size || memcmp(entry->key, key, size) != 0)) {
        i = (i + 1) & (lookup->capacity - 1);
        entry = &lookup->entries[i];
    }
    return entry;
}

uint32_t lookup_find(const struct lookup *lookup, const void *key, size_t size)
{
    const struct lookup_entry *entry = lookup->count > 0 ? find_entry(lookup, key, size) : NULL;
    return entry && entry->key ? entry->number : LOOKUP_NONE;
}

static bool grow(struct lookup *lookup)
{
    struct lookup larger = {.count = lookup->count,
                            .capacity = lookup->capacity ? 2 * lookup->capacity : 64};
    larger.entries = calloc(larger.capacity, sizeof *larger.entries);
    if (!larger.entries)
        return false;
    for (size_t i = 0; i < lookup->capacity; i++) {
        const struct lookup_entry *entry = &lookup->entries[i];
        if (entry->key)
            *find_entry(&larger, entry->key, entry->size) = *entry;
    }
    free(lookup->entries);
    *lookup = larger;
    return true;
}

bool lookup_add(struct lookup *lookup, const void *key, size_t size, uint32_t number)
{
    if (2 * lookup->count >= lookup->capacity && !grow(lookup))
        return false;
    struct lookup_entry *entry = find_entry(lookup, key, size);
    if (!entry->key) {
        void *copy = malloc(size + 1);
        if (!copy)
            return false;
        memcpy(copy, key, size);
        *entry = (struct lookup_entry){.key = copy, .size = size};
        lookup->count++;
    }
    entry->number = number;
    return true;
}

void lookup_free(struct lookup *lookup)
{
    for (size_t i = 0; i < lookup->capacity; i++)
        free(lookup->entries[i].key);
    free(lookup->entries);
    *lookup = (struct lookup){0};
}
