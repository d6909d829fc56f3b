#include "common/kernel/dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "common/kernel/sortable.h"

#define FIRST_SIZE 4096
#define CACHED_SIZE 131072 /* 256 KiB */
#define LAST_SIZE (8 * DICTIONARY_MAX)
#define NO_CODE UINT32_MAX
#define NO_SLOT SIZE_MAX
/* When so many values are there, their samples tell: of 65536 values that are equally likely, which
 * is as many as a source of 16 bits can have, 8750 samples hold 8192. Within a thirty-second more
 * they won't, by more than ten standard deviations. */
#define TELLING 8192

bool dictionary_init(struct dictionary *table, size_t most)
{
    *table =
        (struct dictionary){.first = NO_SLOT, .size = FIRST_SIZE, .shift = 32 - 12, .most = most};
    table->slots = calloc(table->size, sizeof *table->slots);
    table->values = malloc(most * sizeof *table->values);
    table->counts = calloc(most, sizeof *table->counts);
    if (table->slots && table->values && table->counts) {
        table->values[0] = 0; /* a number, for which begin() has a code before it is looked up */
        return true;
    }
    dictionary_free(table);
    return false;
}

void dictionary_free(struct dictionary *table)
{
    free(table->slots);
    free(table->values);
    free(table->counts);
    table->slots = NULL;
    table->values = NULL;
    table->counts = NULL;
}

void dictionary_clear(struct dictionary *table)
{
    memset(table->slots, 0, table->size * sizeof *table->slots);
    table->first = NO_SLOT;
    memset(table->counts, 0, table->used * sizeof *table->counts);
    table->used = 0;
    table->nans = table->infinities[0] = table->infinities[1] = table->seen = 0;
}

/* Multiplicative hashing. With this factor, found by search, hardly two values of a source of 8 to
 * 16 bits have the same home, scaled to 0..1 or not; with the usual one, 2^32 divided by the golden
 * ratio, nearly half of 65536 values share theirs. */
static inline size_t home_slot(uint32_t bits, unsigned shift)
{
    return bits * 0x9e26fe3fu >> shift;
}

static bool is_used(const struct dictionary *table, size_t slot)
{
    return table->slots[slot] > 0 || slot == table->first;
}

static void put_code(struct dictionary *table, size_t slot, size_t code)
{
    table->slots[slot] = (uint16_t)code;
    if (code == 0)
        table->first = slot;
}

static uint32_t bits_in(const struct dictionary *table, size_t slot)
{
    return float_bits(table->values[table->slots[slot]]);
}

/* The slot of a number, or the one that it may take. */
static size_t probe(const struct dictionary *table, uint32_t bits)
{
    size_t slot = home_slot(bits, table->shift);
    while (is_used(table, slot) && bits_in(table, slot) != bits)
        slot = (slot + 1) & (table->size - 1);
    return slot;
}

/* A value that is not at home costs as much as many that are, so that most slots are empty; fewer
 * when the table no longer fits a cache. */
static bool make_room(struct dictionary *table)
{
    size_t room = table->size < CACHED_SIZE ? table->size / 32 : table->size / 8;
    if (table->size == LAST_SIZE || table->used < room)
        return true;
    struct dictionary larger = *table;
    larger.size = 2 * table->size;
    larger.shift = table->shift - 1;
    larger.first = NO_SLOT;
    larger.slots = calloc(larger.size, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < table->size; i++)
        if (is_used(table, i))
            put_code(&larger, probe(&larger, bits_in(table, i)), table->slots[i]);
    free(table->slots);
    *table = larger;
    return true;
}

/* A value that is met more often than the one in its home slot takes that place, so that most
 * samples are found at once. Both stay within a run of used slots, where probing finds them. */
static void move_home(struct dictionary *table, size_t slot)
{
    size_t home = home_slot(bits_in(table, slot), table->shift);
    size_t here = table->slots[slot], there = table->slots[home];
    if (table->counts[here] <= table->counts[there])
        return;
    put_code(table, home, here);
    put_code(table, slot, there);
}

/* Of a number that does not lie in its home slot; NO_CODE: there is no room for it. */
static uint32_t find_code(struct dictionary *table, uint32_t bits)
{
    size_t slot = probe(table, bits);
    if (is_used(table, slot)) {
        uint32_t code = table->slots[slot];
        move_home(table, slot);
        return code;
    }
    if (table->used == table->most || !make_room(table))
        return NO_CODE;
    size_t code = table->used++;
    table->values[code] = bits_float(bits);
    put_code(table, probe(table, bits), code);
    return (uint32_t)code;
}

static bool is_hopeless(const struct dictionary *table, uint64_t seen)
{
    return table->gives_up && table->used == TELLING && seen < TELLING + TELLING / 32;
}

static bool is_number(uint32_t bits)
{
    return (bits & 0x7fffffffu) < 0x7f800000u;
}

static void count_other(struct dictionary *table, uint32_t bits)
{
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        table->nans++;
    else
        table->infinities[bits >> 31 ? 0 : 1]++;
}

/* The first number of all has its code before any sample is looked up: what looks into an empty
 * slot finds that code, and must find it only for that number. */
static void begin(struct dictionary *table, const float *v, size_t n)
{
    for (size_t i = 0; table->used == 0 && i < n; i++)
        if (is_number(float_bits(v[i])))
            find_code(table, float_bits(v[i]));
}

/* codes: NULL where they are not wanted. */
static inline size_t count_span(struct dictionary *table, const float *v, size_t n, uint16_t *codes)
{
    uint64_t *counts = table->counts;
    const float *values = table->values;
    const uint16_t *slots = table->slots;
    unsigned shift = table->shift;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = float_bits(v[i]);
        uint32_t code = slots[home_slot(bits, shift)];
        if (__builtin_expect(float_bits(values[code]) != bits, 0)) {
            if (!is_number(bits)) {
                if (codes)
                    return i;
                count_other(table, bits);
                continue;
            }
            code = is_hopeless(table, table->seen + i) ? NO_CODE : find_code(table, bits);
            if (code == NO_CODE)
                return i;
            slots = table->slots;
            shift = table->shift;
        }
        counts[code]++;
        if (codes)
            codes[i] = (uint16_t)code;
    }
    return n;
}

static size_t count(struct dictionary *table, const float *v, size_t n, uint16_t *codes)
{
    begin(table, v, n);
    size_t counted = count_span(table, v, n, codes);
    table->seen += counted;
    return counted;
}

size_t dictionary_count(struct dictionary *table, const float *v, size_t n)
{
    return count(table, v, n, NULL);
}

size_t dictionary_encode(struct dictionary *table, const float *v, size_t n, uint16_t *codes)
{
    return count(table, v, n, codes);
}

static int compare_values(const void *a, const void *b)
{
    uint32_t first = ((const struct value_count *)a)->key;
    uint32_t second = ((const struct value_count *)b)->key;
    return (first > second) - (first < second);
}

void dictionary_list(const struct dictionary *table, struct value_count *list)
{
    for (size_t i = 0; i < table->used; i++)
        list[i] = (struct value_count){sortable_from_bits(float_bits(table->values[i])),
                                       table->counts[i]};
    qsort(list, table->used, sizeof *list, compare_values);
}
