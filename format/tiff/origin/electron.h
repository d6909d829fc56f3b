/* Files of electron microscopes. */
#ifndef FORMAT_TIFF_ORIGIN_ELECTRON_H
#define FORMAT_TIFF_ORIGIN_ELECTRON_H

#include "format/tiff/metadata/metadata.h"

/* Reads the size of pixels, where other metadata do not state it, from private tags. Does nothing
 * if there are none. */
MUST_CHECK bool electron_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                              struct fail *fail);

#endif
