/* A small bitmap font for captions and labels: printable ASCII, each letter as wide as it needs. */
#ifndef COMMON_PICTURE_FONT_H
#define COMMON_PICTURE_FONT_H

#include <stdbool.h>
#include <stddef.h>

/* Rows of a line of text: capitals and digits fill rows 0 to 8, descenders reach row 11. */
#define FONT_HEIGHT 12
#define FONT_CAPITAL 9
#define FONT_WIDEST 8 /* columns of a letter and the gap behind it, at most */

/* Columns of a line of text; other bytes than printable ASCII count as '?'. */
size_t font_width(const char *text);

/* Sets ink[0..font_width(text)) for one row of the text: true where the letter is. */
void font_row(const char *text, unsigned row, bool *ink);

#endif
