/* From samples to the pixels of an image, in two steps. The window makes each sample a level of 8
 * or 16 bits. Levels, side by side for the channels of a pixel, then become pixels of the image:
 * coloured where a colour map is used, and repeated to the width of the image. */
#ifndef COMMON_PICTURE_PIXELS_H
#define COMMON_PICTURE_PIXELS_H

#include "common/picture/picture.h"

/* Bytes of the levels of a pixel, and of a pixel in the image. */
size_t pixels_level_size(const struct picture *picture);
size_t pixels_size(const struct picture *picture);

/* Makes n samples, which begin and end with a pixel, levels. */
void pixels_levels(const struct picture *picture, const struct window *window, const float *v,
                   size_t n, unsigned char *levels);

/* Makes the levels of n pixels `width` pixels of the image, width >= n. */
void pixels_scale(const struct picture *picture, const unsigned char *levels, uint64_t n,
                  unsigned char *pixels, uint64_t width);

/* Which of n samples the middle of pixel i lies in, when `width` pixels show them. */
uint64_t pixels_source(uint64_t i, uint64_t n, uint64_t width);

/* Makes n pixels of the image white or black (opaque). */
void pixels_fill(const struct picture *picture, unsigned char *pixels, uint64_t n, bool white);

/* Makes a part of a pixel, 0 to 1 of it, white or black. */
void pixels_blend(const struct picture *picture, unsigned char *pixel, bool white, float part);

#endif
