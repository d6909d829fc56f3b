#include "common/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/key.h"

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

bool coarse_counter_init(struct coarse_counter *counter)
{
    uint32_t *all = calloc((size_t)COARSE_PARTS * BUCKETS, sizeof *all);
    for (size_t part = 0; part < COARSE_PARTS; part++)
        counter->part[part] = all ? all + part * BUCKETS : NULL;
    return all != NULL;
}

void coarse_counter_free(struct coarse_counter *counter)
{
    free(counter->part[0]);
    *counter = (struct coarse_counter){{NULL}};
}

void coarse_count(struct coarse_counter *counter, const float *v, size_t n)
{
    uint32_t *const part[] = {counter->part[0], counter->part[1], counter->part[2],
                              counter->part[3]};
    size_t i = 0;
    for (; i + COARSE_PARTS <= n; i += COARSE_PARTS)
        for (size_t k = 0; k < COARSE_PARTS; k++)
            part[k][float_bits(v[i + k]) >> 16]++;
    for (; i < n; i++)
        part[0][float_bits(v[i]) >> 16]++;
}

void coarse_collect(uint64_t *counts, struct coarse_counter *counter)
{
    for (uint32_t upper = 0; upper < BUCKETS; upper++)
        for (size_t k = 0; k < COARSE_PARTS; k++) {
            counts[bits_key(upper << 16) >> 16] += counter->part[k][upper];
            counter->part[k][upper] = 0;
        }
}

bool fine_init(struct fine *fine, const uint16_t *buckets, size_t count)
{
    *fine = (struct fine){.buckets = count};
    if (count == 0)
        return true;
    memcpy(fine->bucket, buckets, count * sizeof *buckets);
    fine->counts = calloc(count * BUCKETS, sizeof fine->counts[0]);
    if (!fine->counts)
        fine->buckets = 0;
    return fine->counts != NULL;
}

void fine_free(struct fine *fine)
{
    free(fine->counts);
    *fine = (struct fine){.buckets = 0};
}

bool fine_same(const struct fine *a, const struct fine *b)
{
    return a->buckets == b->buckets &&
           memcmp(a->bucket, b->bucket, a->buckets * sizeof a->bucket[0]) == 0;
}

uint64_t *fine_counts(const struct fine *fine, size_t bucket)
{
    for (size_t i = 0; i < fine->buckets; i++)
        if (fine->bucket[i] == bucket)
            return fine->counts + i * BUCKETS;
    return NULL;
}

bool fine_counter_init(struct fine_counter *counter, const struct fine *fine)
{
    counter->wanted = calloc(BUCKETS, 1);
    counter->counts = calloc(fine->buckets * BUCKETS, sizeof counter->counts[0]);
    if (!counter->wanted || !counter->counts) {
        fine_counter_free(counter);
        return false;
    }
    for (size_t i = 0; i < fine->buckets; i++)
        counter->wanted[key_bits((uint32_t)fine->bucket[i] << 16) >> 16] = (uint8_t)(i + 1);
    return true;
}

void fine_counter_free(struct fine_counter *counter)
{
    free(counter->wanted);
    free(counter->counts);
    *counter = (struct fine_counter){NULL, NULL};
}

#define GROUP 1024

void fine_count(struct fine_counter *counter, const float *v, size_t n)
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

void fine_collect(struct fine *fine, struct fine_counter *counter)
{
    for (size_t i = 0; i < fine->buckets; i++) {
        /* Negative floats descend in their bits where they ascend in their keys. */
        size_t flip = fine->bucket[i] & 0x8000 ? 0 : 0xffff;
        for (size_t low = 0; low < BUCKETS; low++) {
            fine->counts[i * BUCKETS + low] += counter->counts[i * BUCKETS + (low ^ flip)];
            counter->counts[i * BUCKETS + (low ^ flip)] = 0;
        }
    }
}
