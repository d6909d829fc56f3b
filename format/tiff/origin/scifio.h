/* Files of SCIFIO, the library below ImageJ2. */
#ifndef FORMAT_TIFF_ORIGIN_SCIFIO_H
#define FORMAT_TIFF_ORIGIN_SCIFIO_H

#include "format/tiff/metadata/metadata.h"

/* text: an ImageDescription. */
bool scifio_is_text(const char *text);
MUST_CHECK bool scifio_read(const struct tiff_file *file, const char *text,
                            struct tiff_metadata *metadata, struct fail *fail);

#endif
