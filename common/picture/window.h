/* Windows: which samples become black and white, and samples to levels of 8 or 16 bits. */
#ifndef COMMON_PICTURE_WINDOW_H
#define COMMON_PICTURE_WINDOW_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* Samples at or below low are black, those at or above high white. If the two are the same, samples
 * above them are white and all others black. NaN is black. */
struct window {
    double low, high;
};

/* Makes samples levels of 8 bits: to the bit what scikit-image's img_as_ubyte(rescale_intensity(v,
 * in_range=(low, high), out_range=(0, 1))) gives for float32. */
void window_bytes(const struct window *window, const float *v, size_t n, unsigned char *to);
/* The same with img_as_uint: levels of 16 bits, the higher byte first. */
void window_words(const struct window *window, const float *v, size_t n, unsigned char *to);

/* The window of no samples. */
#define WINDOW_EMPTY ((struct window){INFINITY, -INFINITY})
/* Extends the window to contain v[0..n), except NaN. Returns n, or the index of the first infinite
 * sample. */
size_t window_extend(struct window *window, const float *v, size_t n);
/* Makes a window that is still empty 0 to 1. */
void window_close(struct window *window);

#endif
