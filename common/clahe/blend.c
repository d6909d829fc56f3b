#include "common/clahe/blend.h"

#include <math.h>

#include "common/kernel/cpu.h"

#define GROUP 8 /* samples at a time */

/* The parts that the corners have in one sample. */
static inline CPU_INLINE void weigh(const struct blend *blend, const uint16_t *levels,
                                    const double column[2], float parts[BLEND_CORNERS])
{
    const double across[4] = {column[0] * blend->row[0], column[1] * blend->row[0],
                              column[0] * blend->row[1], column[1] * blend->row[1]};
    for (size_t i = 0; i < 4; i++)
        parts[i] = (float)((double)levels[i] * (across[i] * blend->plane[0]));
    for (size_t i = 0; i < 4; i++)
        parts[4 + i] = (float)((double)levels[4 + i] * (across[i] * blend->plane[1]));
}

static inline CPU_INLINE void blend_body(const struct blend *blend, const uint16_t *bins,
                                         float *levels, size_t n)
{
    for (size_t x = 0; x < n; x += GROUP) {
        float parts[GROUP][BLEND_CORNERS], sum[GROUP];
        for (size_t i = 0; i < GROUP; i++)
            weigh(blend, blend->table + (size_t)bins[x + i] * BLEND_CORNERS, blend->column[x + i],
                  parts[i]);
        for (size_t i = 0; i < GROUP; i++)
            sum[i] = parts[i][0];
        for (size_t k = 1; k < BLEND_CORNERS; k++)
            for (size_t i = 0; i < GROUP; i++)
                sum[i] += parts[i][k];
        for (size_t i = 0; i < GROUP; i++)
            levels[x + i] = (float)(int32_t)sum[i];
    }
}
CPU_VARIANTS(blend_groups, blend_body,
             (const struct blend *blend, const uint16_t *bins, float *levels, size_t n),
             (blend, bins, levels, n))

/* Passes levels on, and NaN where there is none. */
static void put(const struct blend *blend, const uint16_t *bins, const float *levels, float *made,
                size_t stride, size_t n)
{
    for (size_t i = 0; i < n; i++)
        made[i * stride] = bins[i] == blend->nan ? NAN : levels[i];
}

void blend_row(const struct blend *blend, const uint16_t *bins, float *made, size_t stride,
               size_t n)
{
    enum { BATCH = 32 * GROUP };
    float levels[BATCH];
    struct blend here = *blend;
    for (size_t count, whole; n > 0; n -= count) {
        count = n < BATCH ? n : BATCH;
        whole = count / GROUP * GROUP;
        blend_groups(&here, bins, levels, whole);
        if (whole < count) { /* with samples behind the row, which are dropped */
            uint16_t rest[GROUP] = {0};
            double column[GROUP][2] = {{0}};
            for (size_t i = whole; i < count; i++) {
                rest[i - whole] = bins[i];
                column[i - whole][0] = here.column[i][0];
                column[i - whole][1] = here.column[i][1];
            }
            struct blend end = here;
            end.column = (const double(*)[2])column;
            float last[GROUP];
            blend_groups(&end, rest, last, GROUP);
            for (size_t i = whole; i < count; i++)
                levels[i] = last[i - whole];
        }
        put(blend, bins, levels, made, stride, count);
        bins += count;
        here.column += count;
        made += count * stride;
    }
}
