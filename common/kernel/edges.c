/* A comparison makes a byte of 0 or 1, which compilers do for many samples at once; a
 * multiplication then gathers the lowest bits of eight bytes into one. */
#include "common/kernel/edges.h"

#include <stdbool.h>
#include <string.h>

#include "common/kernel/cpu.h"

#define GROUP 64

static inline CPU_INLINE uint64_t gather(const uint8_t bytes[GROUP])
{
    uint64_t bits = 0;
    for (size_t i = 0; i < GROUP; i += 8) {
        uint64_t eight = 0;
        for (size_t k = 0; k < 8; k++)
            eight |= (uint64_t)bytes[i + k] << 8 * k;
        bits |= (eight * 0x0102040810204080u >> 56) << i;
    }
    return bits;
}

static inline CPU_INLINE void zeros_body(const float *v, size_t n, float before, uint64_t *bits)
{
    uint64_t last = before != 0;
    for (size_t i = 0; i < n; i += GROUP) {
        uint8_t set[GROUP] = {0};
        if (n - i >= GROUP)
            for (size_t k = 0; k < GROUP; k++)
                set[k] = v[i + k] != 0;
        else
            for (size_t k = 0; k < n - i; k++)
                set[k] = v[i + k] != 0;
        uint64_t word = gather(set);
        uint64_t edges = word ^ (word << 1 | last);
        last = word >> 63;
        bits[i / GROUP] = n - i >= GROUP ? edges : edges & (((uint64_t)1 << (n - i)) - 1);
    }
}
CPU_VARIANTS(find_zeros, zeros_body, (const float *v, size_t n, float before, uint64_t *bits),
             (v, n, before, bits))

void edges_of_zeros(const float *v, size_t n, float before, uint64_t *bits)
{
    find_zeros(v, n, before, bits);
}

static inline CPU_INLINE uint8_t differ(float a, float b)
{
    return (uint8_t)((a != b) & ((a == a) | (b == b)));
}

static inline CPU_INLINE void values_body(const float *v, size_t n, float before, uint64_t *bits)
{
    for (size_t i = 0; i < n; i += GROUP) {
        uint8_t edge[GROUP] = {differ(v[i], i > 0 ? v[i - 1] : before)};
        if (n - i >= GROUP)
            for (size_t k = 1; k < GROUP; k++)
                edge[k] = differ(v[i + k], v[i + k - 1]);
        else
            for (size_t k = 1; k < n - i; k++)
                edge[k] = differ(v[i + k], v[i + k - 1]);
        bits[i / GROUP] = gather(edge);
    }
}
CPU_VARIANTS(find_changes, values_body, (const float *v, size_t n, float before, uint64_t *bits),
             (v, n, before, bits))

void edges_of_values(const float *v, size_t n, float before, uint64_t *bits)
{
    find_changes(v, n, before, bits);
}
