/* A small proportional font of strokes, drawn at any size: printable ASCII, "µ", "²", "³", "×",
 * "°". It is measured in dots; a dot is as wide as a stroke. */
#ifndef COMMON_PICTURE_FONT_H
#define COMMON_PICTURE_FONT_H

#include <stddef.h>

#define FONT_HEIGHT 12 /* dots of a line of text */
#define FONT_CAPITAL 9 /* those that capitals and digits fill; descenders reach the last one */
#define FONT_GAP 1     /* dots between two letters */

/* Dots of a line of text. Other characters than the font has are shown as '?', each byte of them.
 */
size_t font_width(const char *text);

#define FONT_MAX_LINES 64

struct letter {
    float line[FONT_MAX_LINES][4]; /* strokes: x and y of both ends */
    size_t lines;
    size_t width; /* in dots, without the gap after it */
};

/* Takes the next letter from a text, which isn't at its end; *text goes behind it. */
void font_letter(const char **text, struct letter *letter);

/* How much of a pixel is ink, 0 to 1: column x and row y of the letter's, `scale` of which are a
 * dot. Where scale is 1, upright and level strokes fill whole pixels. */
float font_ink(const struct letter *letter, unsigned scale, size_t x, size_t y);

#endif
