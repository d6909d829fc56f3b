/* Which program wrote a TIFF file, and what it says of the file's pages. */
#ifndef FORMAT_TIFF_METADATA_IDENTIFY_H
#define FORMAT_TIFF_METADATA_IDENTIFY_H

#include "format/tiff/metadata/metadata.h"

/* Reads what the first page, whose directory was entered, says. Nothing said: one series, its
 * count[PAGE_PLANE] 0. Refuses what means something by its pages that we can't tell.
 * tiff_metadata_free() is due either way. */
bool tiff_identify(struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail);

#endif
