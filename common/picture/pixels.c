#include "common/picture/pixels.h"

#include <string.h>

size_t pixels_level_size(const struct picture *picture)
{
    return picture->channels * picture->depth / 8;
}

size_t pixels_size(const struct picture *picture)
{
    return picture->colours ? 3 : pixels_level_size(picture);
}

/* 255 labels have levels of their own; the next ones begin again. */
static void label_levels(const float *v, size_t n, unsigned char *levels)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t label = v[i] >= 1 && v[i] < 4294967040.f ? (uint32_t)v[i] : 0;
        levels[i] = (unsigned char)(label > 0 ? (label - 1) % UINT8_MAX + 1 : 0);
    }
}

static void apply_window(const struct picture *picture, const struct window *window, const float *v,
                         size_t n, unsigned char *levels)
{
    if (picture->is_labels)
        label_levels(v, n, levels);
    else if (picture->depth == 8)
        window_bytes(window, v, n, levels);
    else
        window_words(window, v, n, levels);
}

void pixels_levels(const struct picture *picture, const struct window *window, const float *v,
                   size_t n, unsigned char *levels)
{
    apply_window(picture, window, v, n, levels);
    for (size_t i = 3; picture->channels == 4 && i < n; i += 4)
        apply_window(picture, &picture->alpha, v + i, 1, levels + i * picture->depth / 8);
}

uint64_t pixels_source(uint64_t i, uint64_t n, uint64_t width)
{
    return (2 * i + 1) * n / (2 * width);
}

void pixels_scale(const struct picture *picture, const unsigned char *levels, uint64_t n,
                  unsigned char *pixels, uint64_t width)
{
    size_t level_size = pixels_level_size(picture), size = pixels_size(picture);
    if (n == width && !picture->colours) {
        memcpy(pixels, levels, n * size);
        return;
    }
    for (uint64_t i = 0; i < width; i++) {
        const unsigned char *from =
            levels + (n == width ? i : pixels_source(i, n, width)) * level_size;
        memcpy(pixels + i * size, picture->colours ? picture->colours[*from] : from, size);
    }
}

void pixels_fill(const struct picture *picture, unsigned char *pixels, uint64_t n, bool white)
{
    size_t size = pixels_size(picture), alpha = size * 3 / 4;
    memset(pixels, white ? 0xff : 0, n * size);
    for (uint64_t i = 0; picture->channels == 4 && i < n; i++)
        memset(pixels + i * size + alpha, 0xff, size - alpha);
}

void pixels_blend(const struct picture *picture, unsigned char *pixel, bool white, float part)
{
    size_t size = pixels_size(picture), bytes = picture->colours ? 1 : picture->depth / 8;
    float full = white ? bytes == 1 ? UINT8_MAX : UINT16_MAX : 0;
    for (size_t i = 0; part > 0 && i < size; i += bytes) {
        bool is_alpha = picture->channels == 4 && i >= size * 3 / 4;
        float level = bytes == 1 ? pixel[i] : (float)(pixel[i] << 8 | pixel[i + 1]);
        level += ((is_alpha ? bytes == 1 ? UINT8_MAX : UINT16_MAX : full) - level) * part;
        unsigned rounded = (unsigned)(level + 0.5f);
        pixel[i] = (unsigned char)(bytes == 1 ? rounded : rounded >> 8);
        if (bytes == 2)
            pixel[i + 1] = (unsigned char)rounded;
    }
}
