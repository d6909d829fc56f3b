/* The distinct values of samples and their counts, while there are few: all statistics follow from
 * them, and a sample can be stored as a code, the index of its value. */
#ifndef COMMON_KERNEL_DICTIONARY_H
#define COMMON_KERNEL_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"

/* A source of 8 or 16 bits has no more values, and a code fits 16 bits. */
#define DICTIONARY_MAX 65536

struct value_count {
    uint32_t sortable; /* the value, see sortable.h */
    uint64_t count;
};

struct dictionary {
    /* A hash table with open addressing: codes, 0 in empty slots. The value of code 0 lies in slot
     * `first`. */
    uint16_t *slots;
    size_t first, size; /* size: of the table, a power of 2 */
    unsigned shift;     /* 32 - log2(size) */
    size_t used, max_values;
    float *values;                /* `used` of them, in the order of their first samples: by code */
    uint64_t *counts;             /* by code */
    uint64_t nans, infinities[2]; /* infinities: negative, positive */
    uint64_t seen;                /* samples, NaN and infinities included */
    /* May be set: counting stops, as if the dictionary were full, when nearly all of the first
     * samples differ. A computed volume is like that; it has too many values. */
    bool stop_early;
    bool no_memory; /* counting stopped for want of memory */
};

/* For up to max_values values (DICTIONARY_MAX at most). False: no memory. */
MUST_CHECK bool dictionary_init(struct dictionary *dictionary, size_t max_values);
void dictionary_free(struct dictionary *dictionary);

/* Counts v[0..n). Returns n, or the index of the first sample that was not counted because there
 * are more than max_values values, or no memory for them, or because of stop_early. */
MUST_CHECK size_t dictionary_count(struct dictionary *dictionary, const float *v, size_t n);
/* The same, and writes the code of each counted sample. Stops also at NaN and infinities. */
MUST_CHECK size_t dictionary_encode(struct dictionary *dictionary, const float *v, size_t n,
                                    uint16_t *codes);

/* Adds the counts of another one, and its values, and clears its counts. Codes stay. False: there
 * are more than max_values values, or no memory for them. */
MUST_CHECK bool dictionary_take_counts(struct dictionary *to, struct dictionary *from);

/* Gives each sample the number in `to` that its value has by its code; -0 counts as 0, NaN stay.
 * Returns n, or the index of the first sample whose value is not there. Changes no dictionary. */
MUST_CHECK size_t dictionary_map(const struct dictionary *dictionary, const float *to, float *v,
                                 size_t n);

/* Writes all `used` values with their counts, in ascending order; -0 and 0 are two values. */
void dictionary_list(const struct dictionary *dictionary, struct value_count *list);

/* Removes all values and counts. */
void dictionary_clear(struct dictionary *dictionary);

#endif
