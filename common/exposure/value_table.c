#include "common/exposure/value_table.h"

#include <math.h>
#include <stdlib.h>

#include "common/kernel/bits.h"

bool value_table_init(struct value_table *table, size_t count, struct fail *fail)
{
    unsigned bits = 1;
    while (((size_t)1 << bits) < 2 * count)
        bits++;
    table->shift = 32 - bits;
    table->slots = malloc(((size_t)1 << bits) * sizeof *table->slots);
    if (!table->slots)
        return fail_errno(fail, "table of values");
    for (size_t i = 0; i < (size_t)1 << bits; i++)
        table->slots[i] = (struct table_slot){bits_of(NAN), 0};
    return true;
}

void value_table_free(struct value_table *table)
{
    free(table->slots);
}

/* -0 becomes 0. */
static uint32_t key_of(float value)
{
    return bits_of(value + 0.0f);
}

/* The slot that holds the value, or the empty one where it would be. */
static struct table_slot *find(const struct value_table *table, uint32_t bits)
{
    uint32_t mask = UINT32_MAX >> table->shift, at = bits * 0x9e3779b1u >> table->shift;
    while (table->slots[at].bits != bits && !bits_are_nan(table->slots[at].bits))
        at = (at + 1) & mask;
    return &table->slots[at];
}

void value_table_add(struct value_table *table, float from, float to)
{
    *find(table, key_of(from)) = (struct table_slot){key_of(from), to};
}

size_t value_table_span(const void *table, float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bits_are_nan(bits_of(v[i])))
            continue;
        const struct table_slot *slot = find(table, key_of(v[i]));
        if (bits_are_nan(slot->bits))
            return i;
        v[i] = slot->to;
    }
    return n;
}
