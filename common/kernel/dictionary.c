#include "common/kernel/dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "common/kernel/sortable.h"

#define FIRST_SIZE 4096
#define CACHED_SIZE 131072 /* slots that fit a cache: 256 KiB */
#define LAST_SIZE (8 * DICTIONARY_MAX)
#define NO_CODE UINT32_MAX
#define NO_SLOT SIZE_MAX
/* stop_early decides at this number of values. If all 65536 values of a 16-bit source are equally
 * likely, 8750 samples hold 8192 of them. That they come within 8448 samples is more than ten
 * standard deviations away. */
#define EARLY_VALUES 8192
#define EARLY_SAMPLES (EARLY_VALUES + EARLY_VALUES / 32)

bool dictionary_init(struct dictionary *dictionary, size_t max_values)
{
    *dictionary = (struct dictionary){
        .first = NO_SLOT, .size = FIRST_SIZE, .shift = 32 - 12, .max_values = max_values};
    dictionary->slots = calloc(dictionary->size, sizeof *dictionary->slots);
    dictionary->values = malloc(max_values * sizeof *dictionary->values);
    dictionary->counts = calloc(max_values, sizeof *dictionary->counts);
    if (dictionary->slots && dictionary->values && dictionary->counts) {
        dictionary->values[0] = 0; /* any finite value: see add_first_value() */
        return true;
    }
    dictionary_free(dictionary);
    return false;
}

void dictionary_free(struct dictionary *dictionary)
{
    free(dictionary->slots);
    free(dictionary->values);
    free(dictionary->counts);
    dictionary->slots = NULL;
    dictionary->values = NULL;
    dictionary->counts = NULL;
}

void dictionary_clear(struct dictionary *dictionary)
{
    memset(dictionary->slots, 0, dictionary->size * sizeof *dictionary->slots);
    dictionary->first = NO_SLOT;
    memset(dictionary->counts, 0, dictionary->used * sizeof *dictionary->counts);
    dictionary->used = 0;
    dictionary->nans = dictionary->infinities[0] = dictionary->infinities[1] = dictionary->seen = 0;
}

/* Multiplicative hashing. The factor was found by search: hardly two values of a source of 8 to 16
 * bits get the same slot, whether scaled to 0..1 or not. The usual factor, 2^32 divided by the
 * golden ratio, makes nearly half of 65536 values collide. */
static inline size_t hash_slot(uint32_t bits, unsigned shift)
{
    return bits * 0x9e26fe3fu >> shift;
}

static bool is_used(const struct dictionary *dictionary, size_t slot)
{
    return dictionary->slots[slot] > 0 || slot == dictionary->first;
}

static void set_code(struct dictionary *dictionary, size_t slot, size_t code)
{
    dictionary->slots[slot] = (uint16_t)code;
    if (code == 0)
        dictionary->first = slot;
}

static uint32_t bits_at(const struct dictionary *dictionary, size_t slot)
{
    return bits_of(dictionary->values[dictionary->slots[slot]]);
}

/* The slot of a value, or the empty slot where it belongs. */
static size_t probe(const struct dictionary *dictionary, uint32_t bits)
{
    size_t slot = hash_slot(bits, dictionary->shift);
    while (is_used(dictionary, slot) && bits_at(dictionary, slot) != bits)
        slot = (slot + 1) & (dictionary->size - 1);
    return slot;
}

/* Finding a value outside its hash slot costs as much as many values in theirs, so most slots stay
 * empty; fewer when the table no longer fits the cache. */
static bool grow_if_needed(struct dictionary *dictionary)
{
    size_t capacity = dictionary->size < CACHED_SIZE ? dictionary->size / 32 : dictionary->size / 8;
    if (dictionary->size == LAST_SIZE || dictionary->used < capacity)
        return true;
    struct dictionary larger = *dictionary;
    larger.size = 2 * dictionary->size;
    larger.shift = dictionary->shift - 1;
    larger.first = NO_SLOT;
    larger.slots = calloc(larger.size, sizeof *larger.slots);
    dictionary->no_memory = !larger.slots;
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < dictionary->size; i++)
        if (is_used(dictionary, i))
            set_code(&larger, probe(&larger, bits_at(dictionary, i)), dictionary->slots[i]);
    free(dictionary->slots);
    *dictionary = larger;
    return true;
}

/* Swaps a value with the one in its hash slot if it is more frequent, so that most samples are
 * found at once. Both stay within a run of used slots, where probing finds them. */
static void move_to_hash_slot(struct dictionary *dictionary, size_t slot)
{
    size_t target = hash_slot(bits_at(dictionary, slot), dictionary->shift);
    size_t code = dictionary->slots[slot], other = dictionary->slots[target];
    if (dictionary->counts[code] <= dictionary->counts[other])
        return;
    set_code(dictionary, target, code);
    set_code(dictionary, slot, other);
}

/* The code of a finite value outside its hash slot, which is added if needed. NO_CODE: full or no
 * memory. */
static uint32_t find_code(struct dictionary *dictionary, uint32_t bits)
{
    size_t slot = probe(dictionary, bits);
    if (is_used(dictionary, slot)) {
        uint32_t code = dictionary->slots[slot];
        move_to_hash_slot(dictionary, slot);
        return code;
    }
    if (dictionary->used == dictionary->max_values || !grow_if_needed(dictionary))
        return NO_CODE;
    size_t code = dictionary->used++;
    dictionary->values[code] = bits_to_float(bits);
    set_code(dictionary, probe(dictionary, bits), code);
    return (uint32_t)code;
}

static bool should_stop(const struct dictionary *dictionary, uint64_t seen)
{
    return dictionary->stop_early && dictionary->used == EARLY_VALUES && seen < EARLY_SAMPLES;
}

static void count_not_finite(struct dictionary *dictionary, uint32_t bits)
{
    if (bits_are_nan(bits))
        dictionary->nans++;
    else
        dictionary->infinities[bits & BITS_SIGN ? 0 : 1]++;
}

/* Adds the first finite value before any sample is looked up. An empty slot holds code 0, so every
 * look-up there must compare with the value that code 0 really has. */
static void add_first_value(struct dictionary *dictionary, const float *v, size_t n)
{
    for (size_t i = 0; dictionary->used == 0 && i < n; i++)
        if (bits_are_finite(bits_of(v[i])))
            find_code(dictionary, bits_of(v[i]));
}

/* codes may be NULL. */
static inline size_t count_span(struct dictionary *dictionary, const float *v, size_t n,
                                uint16_t *codes)
{
    uint64_t *counts = dictionary->counts;
    const float *values = dictionary->values;
    const uint16_t *slots = dictionary->slots;
    unsigned shift = dictionary->shift;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = bits_of(v[i]);
        uint32_t code = slots[hash_slot(bits, shift)];
        if (__builtin_expect(bits_of(values[code]) != bits, 0)) {
            if (!bits_are_finite(bits)) {
                if (codes)
                    return i;
                count_not_finite(dictionary, bits);
                continue;
            }
            code = should_stop(dictionary, dictionary->seen + i) ? NO_CODE
                                                                 : find_code(dictionary, bits);
            if (code == NO_CODE)
                return i;
            slots = dictionary->slots;
            shift = dictionary->shift;
        }
        counts[code]++;
        if (codes)
            codes[i] = (uint16_t)code;
    }
    return n;
}

static size_t count(struct dictionary *dictionary, const float *v, size_t n, uint16_t *codes)
{
    add_first_value(dictionary, v, n);
    size_t counted = count_span(dictionary, v, n, codes);
    dictionary->seen += counted;
    return counted;
}

size_t dictionary_count(struct dictionary *dictionary, const float *v, size_t n)
{
    return count(dictionary, v, n, NULL);
}

size_t dictionary_encode(struct dictionary *dictionary, const float *v, size_t n, uint16_t *codes)
{
    return count(dictionary, v, n, codes);
}

bool dictionary_take_counts(struct dictionary *to, struct dictionary *from)
{
    for (size_t i = 0; i < from->used; i++) {
        uint32_t code = find_code(to, bits_of(from->values[i]));
        if (code == NO_CODE)
            return false;
        to->counts[code] += from->counts[i];
        from->counts[i] = 0;
    }
    return true;
}

size_t dictionary_map(const struct dictionary *dictionary, const float *to, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = bits_of(v[i] + 0.0f);
        size_t slot = probe(dictionary, bits);
        if (is_used(dictionary, slot))
            v[i] = to[dictionary->slots[slot]];
        else if (!bits_are_nan(bits))
            return i;
    }
    return n;
}

static int compare_values(const void *a, const void *b)
{
    uint32_t first = ((const struct value_count *)a)->sortable;
    uint32_t second = ((const struct value_count *)b)->sortable;
    return (first > second) - (first < second);
}

void dictionary_list(const struct dictionary *dictionary, struct value_count *list)
{
    for (size_t i = 0; i < dictionary->used; i++)
        list[i] = (struct value_count){sortable_from_bits(bits_of(dictionary->values[i])),
                                       dictionary->counts[i]};
    qsort(list, dictionary->used, sizeof *list, compare_values);
}
