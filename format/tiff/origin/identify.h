/* Which program wrote a TIFF file, and what it says about the file's pages. */
#ifndef FORMAT_TIFF_ORIGIN_IDENTIFY_H
#define FORMAT_TIFF_ORIGIN_IDENTIFY_H

#include "format/tiff/metadata/metadata.h"

/* Reads the metadata of the first page, whose directory becomes the current one; plain: as if there
 * were none. A file without any has one series with count[PAGE_PLANE] 0. Refuses files whose pages
 * have an order that we can't read. Call tiff_metadata_free() also after a failure. */
MUST_CHECK bool tiff_identify(struct tiff_file *file, uint64_t first_directory, bool plain,
                              struct tiff_metadata *metadata, struct fail *fail);

#endif
