/* Counts of distinct values, while there are few: then they answer every question at once, and a
 * number of 16 bits stands for each. */
#ifndef COMMON_KERNEL_DICTIONARY_H
#define COMMON_KERNEL_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every 8 or 16 bit source has at most this many. */
#define DICTIONARY_MAX 65536

struct value_count {
    uint32_t key; /* key.h */
    uint64_t count;
};

struct dictionary {
    uint16_t *slots; /* an open hash table of codes; 0 is an empty slot, but for the slot `first` */
    size_t first, size; /* size: a power of 2 */
    unsigned shift;     /* 32 - log2(size) */
    size_t used, most;
    float
        *values; /* `used` of them, in the order in which they came: a value's place is its code */
    uint64_t *counts;
    uint64_t nans, infinities[2]; /* infinities: negative, positive */
    uint64_t seen;                /* samples, NaN and infinities included */
    /* Asked for: stops as if it were full when the first samples are hardly ever alike, as those of
     * a computed volume, in which there will be too many values. */
    bool gives_up;
};

/* For up to `most` values (DICTIONARY_MAX at most). False when there is no memory. */
bool dictionary_init(struct dictionary *table, size_t most);
void dictionary_free(struct dictionary *table);

/* Counts v[0..n). Returns n, or how many it took before there were more than `most` values (or no
 * memory for them), or it gave up. */
size_t dictionary_count(struct dictionary *table, const float *v, size_t n);
/* Counts v[0..n), and writes the code of each. Returns n, or how many it took before there were
 * more than `most` values, or one that is NaN or infinite, or it gave up. */
size_t dictionary_encode(struct dictionary *table, const float *v, size_t n, uint16_t *codes);

/* Writes `used` values with their counts, in ascending order; -0 and 0 are two. */
void dictionary_list(const struct dictionary *table, struct value_count *list);

/* Forgets what was counted. */
void dictionary_clear(struct dictionary *table);

#endif
