/* Pixels on their way into a picture: first as they are held, then as they are drawn. */
#ifndef COMMON_PICTURE_PIXELS_H
#define COMMON_PICTURE_PIXELS_H

#include "common/picture/picture.h"

/* Bytes of a pixel that is held: its samples through the window. */
size_t pixel_held_size(const struct picture *picture);
/* Bytes of a pixel that is drawn: the same, or red, green and blue where gray becomes colours. */
size_t pixel_drawn_size(const struct picture *picture);

/* Samples, whole pixels of them, to held pixels. */
void pixels_hold(const struct picture *picture, const struct window *window, const float *v,
                 size_t n, unsigned char *held);

/* n held pixels to `wide` drawn ones, wide >= n, each of them the sample that its middle lies on.
 */
void pixels_draw(const struct picture *picture, const unsigned char *held, uint64_t n,
                 unsigned char *drawn, uint64_t wide);

/* Which of n samples pixel number i of `wide` pixels shows. */
uint64_t pixel_source(uint64_t i, uint64_t n, uint64_t wide);

/* Sets drawn pixels white or black (opaque). */
void pixels_fill(const struct picture *picture, unsigned char *drawn, uint64_t n, bool white);

/* The failure that sample number `at` is infinite where a window is looked for. Returns false. */
bool picture_infinite(const struct reader *reader, uint64_t at, struct fail *fail);

#endif
