/* The readers of each microscope program's metadata, one file a dialect. */
#ifndef FORMAT_TIFF_METADATA_DIALECTS_H
#define FORMAT_TIFF_METADATA_DIALECTS_H

#include "format/tiff/metadata/metadata.h"

/* By dialect; text is the description, which they may change. */
bool imagej_read(const struct tiff_file *file, char *text, struct tiff_metadata *metadata,
                 struct fail *fail);
bool tifffile_read(const struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                   struct fail *fail);
bool lsm_read(const struct tiff_file *file, struct tiff_metadata *metadata, struct fail *fail);
bool metamorph_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                    struct fail *fail);
bool scanimage_read(const struct tiff_file *file, const char *text, struct tiff_metadata *metadata,
                    struct fail *fail);
/* Adds to what was said otherwise. */
bool micromanager_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                       struct fail *fail);

#endif
