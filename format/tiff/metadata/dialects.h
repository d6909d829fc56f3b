/* Readers of the metadata of each microscope program, one file a dialect. Each fills in metadata,
 * which has one series of which nothing is known, from the first page's directory. */
#ifndef FORMAT_TIFF_METADATA_DIALECTS_H
#define FORMAT_TIFF_METADATA_DIALECTS_H

#include "format/tiff/metadata/metadata.h"

/* text is the ImageDescription; imagej_read() changes it. */
MUST_CHECK bool imagej_read(const struct tiff_file *file, char *text,
                            struct tiff_metadata *metadata, struct fail *fail);
MUST_CHECK bool tifffile_read(const struct tiff_file *file, const char *text,
                              struct tiff_metadata *metadata, struct fail *fail);
MUST_CHECK bool lsm_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                         struct fail *fail);
MUST_CHECK bool metamorph_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                               struct fail *fail);
MUST_CHECK bool scanimage_read(const struct tiff_file *file, const char *text,
                               struct tiff_metadata *metadata, struct fail *fail);
/* Only adds what other metadata did not state. Does nothing if the file is not Micro-Manager's. */
MUST_CHECK bool micromanager_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                                  struct fail *fail);

#endif
