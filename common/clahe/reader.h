/* Contrast-limited adaptive histogram equalization (CLAHE): scikit-image's equalize_adapthist of
 * gray volumes (0.19), to the bit. Each channel is equalized by itself. */
#ifndef COMMON_CLAHE_READER_H
#define COMMON_CLAHE_READER_H

#include "common/clahe/levels.h"
#include "common/stream/stream.h"

struct clahe {
    uint64_t kernel[AXES]; /* voxels of a tile, each >= 1 */
    double clip_limit;
    size_t bins; /* 1 to TILE_LEVELS (map.h) */
};

/* Whether the planes between those that are counted and those that are mapped are too large to be
 * kept: then clahe_reader() reads the volume a second time, side by side, through a clone. */
bool clahe_needs_clone(const struct clahe *clahe, const struct volume *volume);

/* A reader of the equalized samples of source, which it owns: whole numbers from 0 to
 * TILE_LEVELS - 1, before they are scaled. NaN stay NaN and are not counted. source stands at its
 * first sample; where clahe_needs_clone(), or with a mask, it must be one that can be cloned.
 * mask: NULL, or a volume as for mask_reader(), the caller's: samples where it is 0 are mapped, but
 * not counted. levels has clahe's bins and must last. Fails where the tiles take too much memory.
 * NULL on failure (source closed). */
MUST_CHECK struct reader *clahe_reader(const struct clahe *clahe, const struct tile_bins *levels,
                                       struct reader *source, struct reader *mask,
                                       struct fail *fail);

#endif
