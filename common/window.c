#include "common/window.h"

#include <float.h>

#include "common/cpu.h"

/* Adding and taking away 1.5 * 2^23 rounds a float below 2^22 to the nearest whole number, halves
 * to even, in the default rounding mode: rintf() that every compiler vectorizes. */
#define ROUNDER 12582912.0f

#define CHUNK 256 /* samples between one step and the next: they stay in the cache */

/* The window in the arithmetic that numpy does on float32 samples. */
struct scale {
    float part; /* samples are multiplied with it: 1, or 0.5 where the width would overflow */
    float low, high, width, full;
};

static float to_float(double value)
{
    return value > (double)FLT_MAX ? FLT_MAX : value < -(double)FLT_MAX ? -FLT_MAX : (float)value;
}

static struct scale scale_of(const struct window *window, float full)
{
    double low = window->low, high = window->high;
    double part = high - low > (double)FLT_MAX ? 0.5 : 1;
    return (struct scale){(float)part, to_float(low * part), to_float(high * part),
                          to_float(high * part - low * part), full};
}

/* Levels 0 to full, as whole numbers. The comparisons are written so that NaN falls to the lower
 * limit; a loop a step, because that is what compilers turn into vector code. */
static inline CPU_INLINE void scale_body(const struct scale *from, const float *v, size_t n,
                                         float *level)
{
    const struct scale scale = *from;
    for (size_t i = 0; i < n; i++)
        level[i] = v[i] * scale.part;
    for (size_t i = 0; i < n; i++)
        level[i] = level[i] > scale.low ? level[i] : scale.low;
    for (size_t i = 0; i < n; i++)
        level[i] = level[i] < scale.high ? level[i] : scale.high;
    for (size_t i = 0; i < n; i++)
        level[i] = (level[i] - scale.low) / scale.width;
    for (size_t i = 0; i < n; i++)
        level[i] = level[i] < 1.0f ? level[i] : 1.0f;
    for (size_t i = 0; i < n; i++)
        level[i] = (level[i] * scale.full + ROUNDER) - ROUNDER;
}

CPU_VARIANTS(scale_levels, scale_body,
             (const struct scale *from, const float *v, size_t n, float *level),
             (from, v, n, level))

/* A window without width, at least in floats. */
static void step_levels(const struct window *window, float full, const float *v, size_t n,
                        float *level)
{
    for (size_t i = 0; i < n; i++)
        level[i] = (double)v[i] > window->high ? full : 0;
}

static void find_levels(const struct window *window, float full, const float *v, size_t n,
                        float *level)
{
    struct scale scale = scale_of(window, full);
    if (scale.high > scale.low && scale.width > 0)
        scale_levels(&scale, v, n, level);
    else
        step_levels(window, full, v, n, level);
}

static inline CPU_INLINE void bytes_body(const float *level, size_t n, unsigned char *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (unsigned char)(int)level[i];
}

CPU_VARIANTS(write_bytes, bytes_body, (const float *level, size_t n, unsigned char *to),
             (level, n, to))

void window_bytes(const struct window *window, const float *v, size_t n, unsigned char *to)
{
    float level[CHUNK];
    for (size_t done = 0; done < n; done += CHUNK) {
        size_t part = n - done < CHUNK ? n - done : CHUNK;
        find_levels(window, 255, v + done, part, level);
        write_bytes(level, part, to + done);
    }
}

void window_words(const struct window *window, const float *v, size_t n, unsigned char *to)
{
    float level[CHUNK];
    for (size_t done = 0; done < n; done += CHUNK) {
        size_t part = n - done < CHUNK ? n - done : CHUNK;
        find_levels(window, 65535, v + done, part, level);
        for (size_t i = 0; i < part; i++) {
            int word = (int)level[i];
            to[2 * (done + i)] = (unsigned char)(word >> 8);
            to[2 * (done + i) + 1] = (unsigned char)word;
        }
    }
}

size_t window_widen(struct window *window, const float *v, size_t n)
{
    float low = (float)window->low, high = (float)window->high;
    for (size_t i = 0; i < n; i++) {
        low = v[i] < low ? v[i] : low;
        high = v[i] > high ? v[i] : high;
    }
    *window = (struct window){(double)low, (double)high};
    if (low >= -FLT_MAX && high <= FLT_MAX)
        return n;
    for (size_t i = 0; i < n; i++)
        if (isinf(v[i]))
            return i;
    return n;
}

bool window_close(struct window *window)
{
    bool any = window->low <= window->high;
    if (!any)
        *window = (struct window){0, 1};
    return any;
}
