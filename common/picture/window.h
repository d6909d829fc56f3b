/* Samples -> the 8 or 16 bits of a picture, by the window that black and white stand for. */
#ifndef COMMON_PICTURE_WINDOW_H
#define COMMON_PICTURE_WINDOW_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* Samples at or below low are black, at or above high white. Where both are the same, what lies
 * above is white and all else black. NaN is black. */
struct window {
    double low, high;
};

/* scikit-image's img_as_ubyte(rescale_intensity(v, in_range=(low, high), out_range=(0, 1))) for
 * float32 samples, to the bit. */
void window_bytes(const struct window *window, const float *v, size_t n, unsigned char *to);
/* The same with img_as_uint: two bytes a sample, the higher one first. */
void window_words(const struct window *window, const float *v, size_t n, unsigned char *to);

/* A window over no sample yet; and widened to hold v[0..n), NaN left out. Returns n, or the index
 * of the first infinite sample. */
#define WINDOW_EMPTY ((struct window){INFINITY, -INFINITY})
size_t window_extend(struct window *window, const float *v, size_t n);
/* When all is seen: what held no number at all becomes 0 to 1. Returns whether it held any. */
bool window_close(struct window *window);

#endif
