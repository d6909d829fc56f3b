/* A volume with samples averaged in blocks, as a reader of its own. */
#ifndef COMMON_SHAPE_BIN_H
#define COMMON_SHAPE_BIN_H

#include "common/volume/stream.h"

/* A reader that owns source. Each of its samples is the mean of factor[plane] x factor[row] x
 * factor[column] samples of the same channel (of fewer at the far ends), NaN left out; it is NaN
 * where all of them are. Spacing and origin follow. It takes 12 bytes of memory a sample of one
 * averaged row, or of a whole averaged plane where planes are averaged. NULL on failure (source
 * closed). */
MUST_CHECK struct reader *bin_reader(struct reader *source, const uint64_t factor[AXES],
                                     struct fail *fail);

/* How many samples an axis then has. */
uint64_t bin_count(uint64_t size, uint64_t factor);

#endif
