#include "common/distinct.h"

#include <stdlib.h>
#include <string.h>

#include "common/key.h"

#define FIRST_SIZE 4096
#define CACHED_SIZE 32768 /* 256 KiB */
#define LAST_SIZE (2 * DISTINCT_MOST)
#define NO_CODE UINT32_MAX
/* When so many values are there, their samples tell: of 65536 values that are equally likely, which
 * is as many as a source of 16 bits can have, 8750 samples hold 8192. Within a thirty-second more
 * they won't, by more than ten standard deviations. */
#define TELLING 8192

/* A slot that is not used holds bits that belong into another one: who looks a value up in its home
 * slot needs to compare nothing but bits. */
static struct distinct_slot *empty_slots(size_t size)
{
    struct distinct_slot *slots = malloc(size * sizeof *slots);
    for (size_t i = 0; slots && i < size; i++)
        slots[i] = (struct distinct_slot){i == 0 ? 1 : 0, NO_CODE};
    return slots;
}

bool distinct_init(struct distinct *table, size_t most)
{
    *table = (struct distinct){.size = FIRST_SIZE, .shift = 32 - 12, .most = most};
    table->slots = empty_slots(table->size);
    table->values = malloc(most * sizeof *table->values);
    table->counts = calloc(most, sizeof *table->counts);
    if (table->slots && table->values && table->counts)
        return true;
    distinct_free(table);
    return false;
}

void distinct_free(struct distinct *table)
{
    free(table->slots);
    free(table->values);
    free(table->counts);
    table->slots = NULL;
    table->values = NULL;
    table->counts = NULL;
}

void distinct_clear(struct distinct *table)
{
    for (size_t i = 0; i < table->size; i++)
        table->slots[i] = (struct distinct_slot){i == 0 ? 1 : 0, NO_CODE};
    memset(table->counts, 0, table->used * sizeof *table->counts);
    table->used = 0;
    table->nans = table->infinities[0] = table->infinities[1] = table->seen = 0;
}

/* Multiplicative hashing with 2^32 divided by the golden ratio. */
static inline size_t home_slot(uint32_t bits, unsigned shift)
{
    return bits * 0x9e3779b1u >> shift;
}

static size_t probe(const struct distinct *table, uint32_t bits)
{
    size_t slot = home_slot(bits, table->shift);
    while (table->slots[slot].code != NO_CODE && table->slots[slot].bits != bits)
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
        if (table->slots[i].code != NO_CODE)
            larger.slots[probe(&larger, table->slots[i].bits)] = table->slots[i];
    free(table->slots);
    *table = larger;
    return true;
}

/* A value that is met more often than the one in its home slot takes that place, so that most
 * samples are found at once. Both stay within a run of used slots, where probing finds them. */
static void move_home(struct distinct *table, size_t slot)
{
    size_t home = home_slot(table->slots[slot].bits, table->shift);
    struct distinct_slot here = table->slots[slot], there = table->slots[home];
    if (table->counts[here.code] <= table->counts[there.code])
        return;
    table->slots[home] = here;
    table->slots[slot] = there;
}

/* Of a number that does not lie in its home slot; NO_CODE: there is no room for it. */
static uint32_t find_code(struct distinct *table, uint32_t bits)
{
    size_t slot = probe(table, bits);
    uint32_t code = table->slots[slot].code;
    if (code != NO_CODE) {
        move_home(table, slot);
        return code;
    }
    if (table->used == table->most || !make_room(table))
        return NO_CODE;
    code = (uint32_t)table->used++;
    table->slots[probe(table, bits)] = (struct distinct_slot){bits, code};
    table->values[code] = bits_float(bits);
    return code;
}

static bool is_hopeless(const struct distinct *table, uint64_t seen)
{
    return table->gives_up && table->used == TELLING && seen < TELLING + TELLING / 32;
}

static bool is_number(uint32_t bits)
{
    return (bits & 0x7fffffffu) < 0x7f800000u;
}

static void count_other(struct distinct *table, uint32_t bits)
{
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        table->nans++;
    else
        table->infinities[bits >> 31 ? 0 : 1]++;
}

/* codes: NULL where they are not wanted. */
static inline size_t count_span(struct distinct *table, const float *v, size_t n, uint16_t *codes)
{
    uint64_t *counts = table->counts;
    const struct distinct_slot *slots = table->slots;
    unsigned shift = table->shift;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = float_bits(v[i]);
        struct distinct_slot slot = slots[home_slot(bits, shift)];
        if (__builtin_expect(slot.bits != bits, 0)) {
            if (!is_number(bits)) {
                if (codes)
                    return i;
                count_other(table, bits);
                continue;
            }
            slot.code = is_hopeless(table, table->seen + i) ? NO_CODE : find_code(table, bits);
            if (slot.code == NO_CODE)
                return i;
            slots = table->slots;
            shift = table->shift;
        }
        counts[slot.code]++;
        if (codes)
            codes[i] = (uint16_t)slot.code;
    }
    return n;
}

static size_t count(struct distinct *table, const float *v, size_t n, uint16_t *codes)
{
    size_t counted = count_span(table, v, n, codes);
    table->seen += counted;
    return counted;
}

size_t distinct_count(struct distinct *table, const float *v, size_t n)
{
    return count(table, v, n, NULL);
}

size_t distinct_encode(struct distinct *table, const float *v, size_t n, uint16_t *codes)
{
    return count(table, v, n, codes);
}

static int compare_values(const void *a, const void *b)
{
    uint32_t first = ((const struct value_count *)a)->key;
    uint32_t second = ((const struct value_count *)b)->key;
    return (first > second) - (first < second);
}

void distinct_list(const struct distinct *table, struct value_count *list)
{
    for (size_t i = 0; i < table->used; i++)
        list[i] = (struct value_count){bits_key(float_bits(table->values[i])), table->counts[i]};
    qsort(list, table->used, sizeof *list, compare_values);
}
