#include "common/distinct.h"

#include <stdlib.h>
#include <string.h>

#include "common/key.h"

#define FIRST_SIZE 4096
#define CACHED_SIZE 32768 /* 256 KiB */
#define LAST_SIZE (2 * DISTINCT_MOST)
#define EMPTY 0xffffffffu /* a NaN, and those are counted apart */
#define NO_SLOT SIZE_MAX

static struct distinct_slot *empty_slots(size_t size)
{
    struct distinct_slot *slots = malloc((size + 1) * sizeof *slots);
    for (size_t i = 0; slots && i <= size; i++)
        slots[i] = (struct distinct_slot){EMPTY, 0};
    return slots;
}

bool distinct_init(struct distinct *table, size_t most)
{
    *table = (struct distinct){.size = FIRST_SIZE, .shift = 32 - 12, .most = most};
    table->slots = empty_slots(table->size);
    return table->slots != NULL;
}

void distinct_free(struct distinct *table)
{
    free(table->slots);
    table->slots = NULL;
}

void distinct_clear(struct distinct *table)
{
    for (size_t i = 0; i <= table->size; i++)
        table->slots[i] = (struct distinct_slot){EMPTY, 0};
    table->used = 0;
    table->nans = table->infinities[0] = table->infinities[1] = 0;
}

/* Multiplicative hashing with 2^32 divided by the golden ratio. */
static inline size_t home_slot(uint32_t bits, unsigned shift)
{
    return bits * 0x9e3779b1u >> shift;
}

static size_t probe(const struct distinct *table, uint32_t bits)
{
    size_t slot = home_slot(bits, table->shift);
    while (table->slots[slot].bits != bits && table->slots[slot].bits != EMPTY)
        slot = (slot + 1) & (table->size - 1);
    return slot;
}

/* Short probes matter more than memory, until the cache is full: an eighth full, then a quarter,
 * and half in the end. */
static bool make_room(struct distinct *table)
{
    size_t room = table->size < CACHED_SIZE ? table->size / 8 : table->size / 4;
    if (table->size == LAST_SIZE || table->used < room)
        return true;
    struct distinct larger = *table;
    larger.size = 2 * table->size;
    larger.shift = table->shift - 1;
    larger.slots = empty_slots(larger.size);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < table->size; i++)
        if (table->slots[i].bits != EMPTY)
            larger.slots[probe(&larger, table->slots[i].bits)] = table->slots[i];
    free(table->slots);
    *table = larger;
    return true;
}

/* A value that is met more often than the one in its home slot takes that place, so that most
 * samples are found at once. Both stay within a run of used slots, where probing finds them. */
static size_t move_home(struct distinct *table, size_t slot)
{
    size_t home = home_slot(table->slots[slot].bits, table->shift);
    struct distinct_slot here = table->slots[slot], there = table->slots[home];
    if (here.count <= there.count)
        return slot;
    table->slots[home] = here;
    table->slots[slot] = there;
    return home;
}

/* Where a sample is counted that does not lie in its home slot. */
static size_t find_slot(struct distinct *table, uint32_t bits)
{
    uint32_t size = bits & 0x7fffffffu;
    if (size >= 0x7f800000u) {
        if (size > 0x7f800000u)
            table->nans++;
        else
            table->infinities[bits >> 31 ? 0 : 1]++;
        return table->size;
    }
    size_t slot = probe(table, bits);
    if (table->slots[slot].bits == bits)
        return move_home(table, slot);
    if (table->used == table->most || !make_room(table))
        return NO_SLOT;
    slot = probe(table, bits);
    table->slots[slot].bits = bits;
    table->used++;
    return slot;
}

size_t distinct_count(struct distinct *table, const float *v, size_t n)
{
    struct distinct_slot *slots = table->slots;
    unsigned shift = table->shift;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = float_bits(v[i]);
        size_t slot = home_slot(bits, shift);
        if (__builtin_expect(slots[slot].bits != bits, 0)) {
            slot = find_slot(table, bits);
            if (slot == NO_SLOT)
                return i;
            slots = table->slots;
            shift = table->shift;
        }
        slots[slot].count++;
    }
    return n;
}

static int compare_values(const void *a, const void *b)
{
    uint32_t first = ((const struct value_count *)a)->key;
    uint32_t second = ((const struct value_count *)b)->key;
    return (first > second) - (first < second);
}

void distinct_list(const struct distinct *table, struct value_count *list)
{
    size_t n = 0;
    for (size_t i = 0; i < table->size; i++)
        if (table->slots[i].bits != EMPTY)
            list[n++] = (struct value_count){bits_key(table->slots[i].bits), table->slots[i].count};
    qsort(list, n, sizeof *list, compare_values);
}
