/* A float's bits, made sortable, are an integer of 32 bits in the order of values. To find the
 * sample of a rank, its upper 16 bits are counted for all samples; adding up these counts until
 * they exceed the rank gives the upper half of the sample that is wanted. A second scan counts the
 * lower halves of those samples that have this upper half, and the same search gives the rest of
 * its bits. Nothing is rounded or guessed: the result is a sample, the one that sorting would put
 * there.
 *
 * Cost: two scans and no sorting. High counts take 1 MiB for each thread, whatever the volume; low
 * counts 256 KiB for each bucket, of which one scan counts several, so that a list of percentiles
 * rarely needs a third scan.
 *
 * Counting goes by the float's own bits, and the counts, not the samples, are brought into the
 * order of values when they are collected. Fast counters belong to one thread; the totals to which
 * they are moved belong to the caller, who locks them. */
#include "common/kernel/radix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/sortable.h"

struct quantile quantile_of(double q, uint64_t n)
{
    double last = (double)(n - 1);
    double place = last * (q / 100);
    if (place >= last)
        return (struct quantile){{n - 1, n - 1}, place + 1};
    double below = floor(place);
    uint64_t rank = (uint64_t)below;
    return (struct quantile){{rank, place > below ? rank + 1 : rank}, place - below};
}

double quantile_between(float low, float high, double weight)
{
    double difference = (double)(high - low);
    if (weight >= 0.5)
        return (double)high - difference * (1 - weight);
    return (double)low + difference * weight;
}

size_t rank_find(const uint64_t *counts, uint64_t *rank)
{
    size_t i = 0;
    for (; *rank >= counts[i]; i++)
        *rank -= counts[i];
    return i;
}

bool high_counter_init(struct high_counter *counter)
{
    uint32_t *all = calloc(HIGH_COPIES * BUCKETS, sizeof *all);
    for (size_t k = 0; k < HIGH_COPIES; k++)
        counter->copy[k] = all ? all + k * BUCKETS : NULL;
    return all != NULL;
}

void high_counter_free(struct high_counter *counter)
{
    free(counter->copy[0]);
    *counter = (struct high_counter){{NULL}};
}

void high_count(struct high_counter *counter, const float *v, size_t n)
{
    uint32_t *const copy[] = {counter->copy[0], counter->copy[1], counter->copy[2],
                              counter->copy[3]};
    size_t i = 0;
    for (; i + HIGH_COPIES <= n; i += HIGH_COPIES)
        for (size_t k = 0; k < HIGH_COPIES; k++)
            copy[k][bits_of(v[i + k]) >> 16]++;
    for (; i < n; i++)
        copy[0][bits_of(v[i]) >> 16]++;
}

void high_collect(uint64_t *counts, struct high_counter *counter)
{
    for (uint32_t upper = 0; upper < BUCKETS; upper++)
        for (size_t k = 0; k < HIGH_COPIES; k++) {
            counts[sortable_from_bits(upper << 16) >> 16] += counter->copy[k][upper];
            counter->copy[k][upper] = 0;
        }
}

bool low_counts_init(struct low_counts *low_counts, const uint16_t *buckets, size_t count)
{
    *low_counts = (struct low_counts){.buckets = count};
    if (count == 0)
        return true;
    memcpy(low_counts->bucket, buckets, count * sizeof *buckets);
    low_counts->counts = calloc(count * BUCKETS, sizeof low_counts->counts[0]);
    if (!low_counts->counts)
        low_counts->buckets = 0;
    return low_counts->counts != NULL;
}

void low_counts_free(struct low_counts *low_counts)
{
    free(low_counts->counts);
    *low_counts = (struct low_counts){.buckets = 0};
}

bool low_counts_same(const struct low_counts *a, const struct low_counts *b)
{
    return a->buckets == b->buckets &&
           memcmp(a->bucket, b->bucket, a->buckets * sizeof a->bucket[0]) == 0;
}

uint64_t *low_counts_of(const struct low_counts *low_counts, size_t bucket)
{
    for (size_t i = 0; i < low_counts->buckets; i++)
        if (low_counts->bucket[i] == bucket)
            return low_counts->counts + i * BUCKETS;
    return NULL;
}

bool low_counter_init(struct low_counter *counter, const struct low_counts *low_counts)
{
    counter->wanted = calloc(BUCKETS, 1);
    counter->counts = calloc(low_counts->buckets * BUCKETS, sizeof counter->counts[0]);
    if (!counter->wanted || !counter->counts) {
        low_counter_free(counter);
        return false;
    }
    for (size_t i = 0; i < low_counts->buckets; i++)
        counter->wanted[sortable_to_bits((uint32_t)low_counts->bucket[i] << 16) >> 16] =
            (uint8_t)(i + 1);
    return true;
}

void low_counter_free(struct low_counter *counter)
{
    free(counter->wanted);
    free(counter->counts);
    *counter = (struct low_counter){NULL, NULL};
}

#define GROUP 1024 /* samples */

void low_count(struct low_counter *counter, const float *v, size_t n)
{
    const uint8_t *wanted = counter->wanted;
    for (size_t i = 0; i < n; i += GROUP) {
        /* First selects the samples, without branches that the processor can't predict. */
        uint32_t selected[GROUP];
        size_t count = 0, end = n - i < GROUP ? n : i + GROUP;
        for (size_t k = i; k < end; k++) {
            uint32_t bits = bits_of(v[k]);
            selected[count] = bits;
            count += wanted[bits >> 16] != 0;
        }
        for (size_t k = 0; k < count; k++) {
            size_t bucket = (size_t)wanted[selected[k] >> 16] - 1;
            counter->counts[bucket * BUCKETS + (selected[k] & 0xffff)]++;
        }
    }
}

void low_collect(struct low_counts *low_counts, struct low_counter *counter)
{
    for (size_t i = 0; i < low_counts->buckets; i++) {
        /* The bits of negative floats descend where their values ascend. */
        size_t flip = low_counts->bucket[i] & 0x8000 ? 0 : 0xffff;
        for (size_t low = 0; low < BUCKETS; low++) {
            low_counts->counts[i * BUCKETS + low] += counter->counts[i * BUCKETS + (low ^ flip)];
            counter->counts[i * BUCKETS + (low ^ flip)] = 0;
        }
    }
}
