/* A volume with samples averaged in blocks, as a reader of its own. */
#ifndef COMMON_VOLUME_BIN_H
#define COMMON_VOLUME_BIN_H

#include "common/volume/stream.h"

/* Takes source over. Each sample is the mean of factor[plane] x factor[row] x factor[column]
 * samples of the same channel (of fewer at the far ends), NaN left out; it is NaN where all are.
 * Spacing and origin follow. Held in memory are 12 bytes a sample of one averaged row, or of a
 * whole averaged plane where planes are averaged. NULL on failure (source closed). */
struct reader *bin_reader(struct reader *source, const uint64_t factor[AXES], struct fail *fail);

/* How many samples an axis has then. */
uint64_t bin_count(uint64_t size, uint64_t factor);

#endif
