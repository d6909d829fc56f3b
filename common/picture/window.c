#include "common/picture/window.h"

#include <float.h>
#include <math.h>

#include "common/kernel/cpu.h"
#include "common/kernel/range.h"
#include "common/kernel/sortable.h"

/* Adding and taking away 1.5 * 2^23 rounds a float below 2^22 to the nearest whole number, halves
 * to even, in the default rounding mode: rintf() that every compiler vectorizes. */
#define ROUNDER 12582912.0f

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

/* A window without width, at least in floats, is a step. */
static bool has_width(const struct scale *scale)
{
    return scale->high > scale->low && scale->width > 0;
}

/* A whole number from 0 to full. The comparisons are written so that NaN falls to the lower limit.
 */
static inline CPU_INLINE int level_of(const struct scale *scale, float value)
{
    float level = value * scale->part;
    level = level > scale->low ? level : scale->low;
    level = level < scale->high ? level : scale->high;
    level = (level - scale->low) / scale->width;
    level = level < 1.0f ? level : 1.0f;
    return (int)((level * scale->full + ROUNDER) - ROUNDER);
}

static inline CPU_INLINE void put_byte(unsigned char *to, int level)
{
    *to = (unsigned char)level;
}

static inline CPU_INLINE void put_word(unsigned char *to, int level)
{
    to[0] = (unsigned char)(level >> 8);
    to[1] = (unsigned char)level;
}

static inline CPU_INLINE void bytes_body(const struct scale *from, const float *v, size_t n,
                                         unsigned char *to)
{
    const struct scale scale = *from;
    for (size_t i = 0; i < n; i++)
        put_byte(to + i, level_of(&scale, v[i]));
}
CPU_VARIANTS(write_bytes, bytes_body,
             (const struct scale *from, const float *v, size_t n, unsigned char *to),
             (from, v, n, to))

static inline CPU_INLINE void words_body(const struct scale *from, const float *v, size_t n,
                                         unsigned char *to)
{
    const struct scale scale = *from;
    for (size_t i = 0; i < n; i++)
        put_word(to + 2 * i, level_of(&scale, v[i]));
}
CPU_VARIANTS(write_words, words_body,
             (const struct scale *from, const float *v, size_t n, unsigned char *to),
             (from, v, n, to))

void window_bytes(const struct window *window, const float *v, size_t n, unsigned char *to)
{
    const double high = window->high;
    struct scale scale = scale_of(window, 255);
    if (has_width(&scale))
        write_bytes(&scale, v, n, to);
    else
        for (size_t i = 0; i < n; i++)
            put_byte(to + i, -((double)v[i] > high));
}

void window_words(const struct window *window, const float *v, size_t n, unsigned char *to)
{
    const double high = window->high;
    struct scale scale = scale_of(window, 65535);
    if (has_width(&scale))
        write_words(&scale, v, n, to);
    else
        for (size_t i = 0; i < n; i++)
            put_word(to + 2 * i, -((double)v[i] > high));
}

static void extend(struct window *window, float value)
{
    window->low = (double)value < window->low ? (double)value : window->low;
    window->high = (double)value > window->high ? (double)value : window->high;
}

size_t window_extend(struct window *window, const float *v, size_t n)
{
    struct sortable_range range = range_of_span(v, n);
    if (n > 0 && range_is_finite(range)) {
        extend(window, sortable_to_float(range.lowest));
        extend(window, sortable_to_float(range.highest));
        return n;
    }
    for (size_t i = 0; i < n; i++) {
        if (isinf(v[i]))
            return i;
        extend(window, v[i]); /* not by NaN */
    }
    return n;
}

bool window_close(struct window *window)
{
    bool any = window->low <= window->high;
    if (!any)
        *window = (struct window){0, 1};
    return any;
}
