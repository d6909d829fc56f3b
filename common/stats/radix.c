#include "common/stats/radix.h"

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
    uint32_t *all = calloc((size_t)HIGH_PARTS * BUCKETS, sizeof *all);
    for (size_t part = 0; part < HIGH_PARTS; part++)
        counter->part[part] = all ? all + part * BUCKETS : NULL;
    return all != NULL;
}

void high_counter_free(struct high_counter *counter)
{
    free(counter->part[0]);
    *counter = (struct high_counter){{NULL}};
}

void high_count(struct high_counter *counter, const float *v, size_t n)
{
    uint32_t *const part[] = {counter->part[0], counter->part[1], counter->part[2],
                              counter->part[3]};
    size_t i = 0;
    for (; i + HIGH_PARTS <= n; i += HIGH_PARTS)
        for (size_t k = 0; k < HIGH_PARTS; k++)
            part[k][float_bits(v[i + k]) >> 16]++;
    for (; i < n; i++)
        part[0][float_bits(v[i]) >> 16]++;
}

void high_collect(uint64_t *counts, struct high_counter *counter)
{
    for (uint32_t upper = 0; upper < BUCKETS; upper++)
        for (size_t k = 0; k < HIGH_PARTS; k++) {
            counts[sortable_from_bits(upper << 16) >> 16] += counter->part[k][upper];
            counter->part[k][upper] = 0;
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
        counter->wanted[bits_from_sortable((uint32_t)low_counts->bucket[i] << 16) >> 16] =
            (uint8_t)(i + 1);
    return true;
}

void low_counter_free(struct low_counter *counter)
{
    free(counter->wanted);
    free(counter->counts);
    *counter = (struct low_counter){NULL, NULL};
}

#define GROUP 1024

void low_count(struct low_counter *counter, const float *v, size_t n)
{
    const uint8_t *wanted = counter->wanted;
    for (size_t i = 0; i < n; i += GROUP) {
        /* Picks out first, without a branch on what can't be foreseen. */
        uint32_t picked[GROUP];
        size_t count = 0, end = n - i < GROUP ? n : i + GROUP;
        for (size_t k = i; k < end; k++) {
            uint32_t bits = float_bits(v[k]);
            picked[count] = bits;
            count += wanted[bits >> 16] != 0;
        }
        for (size_t k = 0; k < count; k++) {
            size_t bucket = (size_t)wanted[picked[k] >> 16] - 1;
            counter->counts[bucket * BUCKETS + (picked[k] & 0xffff)]++;
        }
    }
}

void low_collect(struct low_counts *low_counts, struct low_counter *counter)
{
    for (size_t i = 0; i < low_counts->buckets; i++) {
        /* Negative floats descend in their bits where they ascend in their keys. */
        size_t flip = low_counts->bucket[i] & 0x8000 ? 0 : 0xffff;
        for (size_t low = 0; low < BUCKETS; low++) {
            low_counts->counts[i * BUCKETS + low] += counter->counts[i * BUCKETS + (low ^ flip)];
            counter->counts[i * BUCKETS + (low ^ flip)] = 0;
        }
    }
}
