#include "common/kernel/clip.h"

#include <math.h>

#include "common/kernel/cpu.h"

bool clip_init(struct clip *clip, const double from[2], const double to[2])
{
    clip->low = (float)from[0];
    clip->high = (float)from[1];
    clip->extent = (float)(from[1] - from[0]);
    clip->offset = (float)to[0];
    clip->top = (float)to[1];
    clip->scale = (float)(to[1] - to[0]);
    clip->flat = from[0] == from[1];
    return isfinite(clip->low) && isfinite(clip->high) && isfinite(clip->extent) &&
           isfinite(clip->offset) && isfinite(clip->top) && isfinite(clip->scale);
}

/* As numpy.clip: the upper limit wins where the limits are reversed, NaN passes, and where sample
 * and limit are zeros of different signs the result is the limit. */
static inline CPU_INLINE float clipped(float value, float low, float high)
{
    value = value <= low ? low : value;
    return value >= high ? high : value;
}

static inline CPU_INLINE void clip_body(const struct clip *shared, float *v, size_t n)
{
    const struct clip clip = *shared; /* writes to v can't change it, so it stays in registers */
    if (clip.flat) {
        for (size_t i = 0; i < n; i++)
            v[i] = clipped(clipped(v[i], clip.low, clip.high), clip.offset, clip.top);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        float value = clipped(v[i], clip.low, clip.high);
        v[i] = (value - clip.low) / clip.extent * clip.scale + clip.offset;
    }
}
CPU_VARIANTS(clip_all, clip_body, (const struct clip *shared, float *v, size_t n), (shared, v, n))

size_t clip_span(const void *clip, float *v, size_t n)
{
    clip_all(clip, v, n);
    return n;
}
