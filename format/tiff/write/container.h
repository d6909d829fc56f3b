/* TIFF files, written plane by plane. */
#ifndef FORMAT_TIFF_WRITE_CONTAINER_H
#define FORMAT_TIFF_WRITE_CONTAINER_H

#include "common/stream/stream.h"
#include "format/tiff/write/options.h"

/* Samples of an integer type must lie in [0, max]: 1, or the type's largest number if they are raw.
 * Other types have no limit. */
double tiff_max_sample(const struct tiff_write_options *options);

/* Whether this machine's libtiff supports the scheme. */
bool tiff_can_compress(enum tiff_compression_scheme compression);

/* Begins a TIFF file in path, by output.h's rules; it must be seekable. The volume's shape,
 * spacing, units, window and key/values are written; what TIFF can't express is refused here.
 * Colours are the samples of one page; other channels are pages of their own, channel after channel
 * of each plane. Samples outside of the type's range become its nearest number. NULL on failure. */
MUST_CHECK struct writer *tiff_create(const char *path, const struct volume *volume,
                                      const struct tiff_write_options *options, struct fail *fail);

#endif
