/* A plane of levels as text: predicted, deflated (zlib, RFC 1950), in base64 (RFC 4648). It is
 * what tools/vol2html/data.js decodes. */
#ifndef FORMAT_HTML_PLANE_TEXT_H
#define FORMAT_HTML_PLANE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/output.h"

struct plane_text;

/* row: levels in a row, the channels of a voxel side by side; depth: bits of a level, 8 or 16. NULL
 * on failure. */
struct plane_text *plane_text_open(size_t row, size_t channels, unsigned depth, struct fail *fail);
void plane_text_close(struct plane_text *text); /* NULL is allowed */

/* The next row of the plane. Each level is told by its difference (modulo 2^depth) from what its
 * neighbours of the same channel let expect: the median of the left one, the upper one, and left +
 * upper - upper left; in the first row the left one, in the first column the upper one. A row is
 * the low bytes of all its differences, then (of 16 bits) the high bytes. */
bool plane_text_row(struct plane_text *text, const uint16_t *levels, struct output *output,
                    struct fail *fail);

/* Ends the plane, with `rest` as it is behind its rows; the next row begins another one. */
bool plane_text_end(struct plane_text *text, const unsigned char *rest, size_t rest_size,
                    struct output *output, struct fail *fail);

#endif
