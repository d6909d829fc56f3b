/* A small proportional bitmap font of printable ASCII and "µ", for captions and labels. */
#ifndef COMMON_PICTURE_FONT_H
#define COMMON_PICTURE_FONT_H

#include <stdbool.h>
#include <stddef.h>

#define FONT_HEIGHT 12   /* rows of a line of text */
#define FONT_CAPITAL 9   /* those that capitals and digits fill; descenders reach the last row */
#define FONT_MAX_WIDTH 8 /* columns of a letter with the gap after it */

/* Columns of a line of text. It may contain "µ"; other bytes than printable ASCII are shown as
 * '?'. */
size_t font_width(const char *text);

/* Sets ink[0..font_width(text)) for one row of the text: true where a letter is. */
void font_row(const char *text, unsigned row, bool *ink);

#endif
