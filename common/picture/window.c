#include "common/picture/window.h"

#include <float.h>
#include <math.h>

#include "common/kernel/bits.h"
#include "common/kernel/cpu.h"
#include "common/kernel/range.h"
#include "common/kernel/sortable.h"

/* A window for numpy's arithmetic on float32 samples. */
struct scale {
    float factor; /* of samples and limits: 1, or 0.5 where the width would overflow */
    float low, high, width;
    float max_level; /* what white becomes */
};

static float to_float(double value)
{
    return value > (double)FLT_MAX ? FLT_MAX : value < -(double)FLT_MAX ? -FLT_MAX : (float)value;
}

static struct scale scale_of(const struct window *window, float max_level)
{
    double low = window->low, high = window->high;
    double factor = high - low > (double)FLT_MAX ? 0.5 : 1;
    return (struct scale){(float)factor, to_float(low * factor), to_float(high * factor),
                          to_float(high * factor - low * factor), max_level};
}

/* If false, also because floats can't tell the limits apart, the window is a step. */
static bool has_width(const struct scale *scale)
{
    return scale->high > scale->low && scale->width > 0;
}

/* A whole number from 0 to max_level. The comparisons are written so that NaN becomes 0. */
static inline CPU_INLINE int level_of(const struct scale *scale, float value)
{
    float level = value * scale->factor;
    level = level > scale->low ? level : scale->low;
    level = level < scale->high ? level : scale->high;
    level = (level - scale->low) / scale->width;
    level = level < 1.0f ? level : 1.0f;
    return (int)round_half_even(level * scale->max_level);
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
        extend(window, v[i]); /* NaN leaves it as it is */
    }
    return n;
}

void window_close(struct window *window)
{
    if (window->low > window->high)
        *window = (struct window){0, 1};
}
