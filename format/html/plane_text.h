/* A plane of levels as text that tools/vol2html/data.js decodes: residuals of a prediction,
 * compressed as a zlib stream (RFC 1950), in base64 (RFC 4648). */
#ifndef FORMAT_HTML_PLANE_TEXT_H
#define FORMAT_HTML_PLANE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/io/output.h"

struct plane_text;

/* row: levels in a row, the channels of a voxel side by side; depth: bits of a level, 8 or 16. NULL
 * on failure. */
MUST_CHECK struct plane_text *plane_text_open(size_t row, size_t channels, unsigned depth,
                                              struct fail *fail);
void plane_text_close(struct plane_text *text); /* NULL is allowed */

/* Adds the next row of the plane. Each level becomes its difference (modulo 2^depth) from a
 * prediction by its neighbours of the same channel: the median of left, upper, and left + upper -
 * upper left; in the first row left, in the first column upper, which are 0 outside the plane. The
 * low bytes of all differences of the row come first, then (at 16 bits) the high bytes. */
MUST_CHECK bool plane_text_row(struct plane_text *text, const uint16_t *levels,
                               struct output *output, struct fail *fail);

/* Ends the plane with rest[0..rest_size) after its rows; the next row begins another plane. */
MUST_CHECK bool plane_text_end(struct plane_text *text, const unsigned char *rest, size_t rest_size,
                               struct output *output, struct fail *fail);

#endif
