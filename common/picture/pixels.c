#include "common/picture/pixels.h"

#include <string.h>

size_t pixel_held_size(const struct picture *picture)
{
    return (size_t)picture->channels * picture->depth / 8;
}

size_t pixel_drawn_size(const struct picture *picture)
{
    return picture->colours ? 3 : pixel_held_size(picture);
}

static void hold(const struct picture *picture, const struct window *window, const float *v,
                 size_t n, unsigned char *held)
{
    if (picture->depth == 8)
        window_bytes(window, v, n, held);
    else
        window_words(window, v, n, held);
}

void pixels_hold(const struct picture *picture, const struct window *window, const float *v,
                 size_t n, unsigned char *held)
{
    static const struct window opaque = {0, 1};
    hold(picture, window, v, n, held);
    for (size_t alpha = 3; picture->channels == 4 && alpha < n; alpha += 4)
        hold(picture, &opaque, v + alpha, 1, held + alpha * picture->depth / 8);
}

uint64_t pixel_source(uint64_t i, uint64_t n, uint64_t wide)
{
    return (2 * i + 1) * n / (2 * wide);
}

void pixels_draw(const struct picture *picture, const unsigned char *held, uint64_t n,
                 unsigned char *drawn, uint64_t wide)
{
    size_t from_size = pixel_held_size(picture), size = pixel_drawn_size(picture);
    if (n == wide && !picture->colours) {
        memcpy(drawn, held, n * size);
        return;
    }
    for (uint64_t i = 0; i < wide; i++) {
        const unsigned char *from = held + (n == wide ? i : pixel_source(i, n, wide)) * from_size;
        memcpy(drawn + i * size, picture->colours ? picture->colours[*from] : from, size);
    }
}

void pixels_fill(const struct picture *picture, unsigned char *drawn, uint64_t n, bool white)
{
    size_t size = pixel_drawn_size(picture), alpha = size * 3 / 4;
    memset(drawn, white ? 0xff : 0, n * size);
    for (uint64_t i = 0; picture->channels == 4 && i < n; i++)
        memset(drawn + i * size + alpha, 0xff, size - alpha);
}
