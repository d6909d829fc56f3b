#include "common/local/rank_search.h"

#include "common/kernel/bits.h"

#define NAN_BITS 0x7fc00000u

#include <stdbool.h>

/* For each input, by the sample that window number x sees of it. */
#define RANK_EACH_INPUT(from, input, x)                                                            \
    for (const struct rank_run *run = (from)->runs, *end = run + (from)->run_count; run < end;     \
         run++)                                                                                    \
        for (const float *input = run->first + (x), *last = input + run->count * (from)->stride;   \
             input < last; input += (from)->stride)

#define VECTOR_BODY "common/local/rank_search_body.h"
#include "common/kernel/vector.h"

CPU_CHOICE(search_row, search_row_generic,
           (const struct rank_inputs *from, size_t rank, float *to, size_t n), (from, rank, to, n))

void rank_search_row(const struct rank_inputs *from, size_t rank, float *to, size_t n)
{
    search_row(from, rank, to, n);
}

static inline CPU_INLINE uint32_t change_order(uint32_t bits)
{
    return bits ^ (-(bits >> 31) >> 1);
}

static inline CPU_INLINE void to_keys_body(float *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = bits_of(v[i]);
        bits = bits_select((bits & ~BITS_SIGN) > BITS_INFINITY, NAN_BITS, bits);
        v[i] = bits_to_float(change_order(bits));
    }
}
CPU_VARIANTS(to_keys, to_keys_body, (float *v, size_t n), (v, n))

static inline CPU_INLINE void from_keys_body(float *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = bits_to_float(change_order(bits_of(v[i])));
}
CPU_VARIANTS(from_keys, from_keys_body, (float *v, size_t n), (v, n))

void rank_keys(float *v, size_t n)
{
    to_keys(v, n);
}

void rank_values(float *v, size_t n)
{
    from_keys(v, n);
}
