/* TIFF files, written plane by plane. */
#ifndef FORMAT_TIFF_WRITE_CONTAINER_H
#define FORMAT_TIFF_WRITE_CONTAINER_H

#include "common/volume/stream.h"
#include "format/tiff/write/options.h"

/* The samples that a type takes lie in [0, most]: 1, or its largest number when they are raw. Only
 * integers have such a limit. */
double tiff_most(const struct tiff_write_options *options);

/* Whether this machine's libtiff knows how. */
bool tiff_can_pack(enum tiff_packing_scheme packing);

/* Begins a TIFF file in path (output.h's rules; a pipe can't take one). What volume says of shape,
 * spacing, units, window and notes is written; what TIFF can't tell is refused here. Colours are
 * samples of one page, other channels pages of their own, channel after channel of each plane.
 * Samples beyond the type become its nearest number. NULL on failure. */
struct writer *tiff_create(const char *path, const struct volume *volume,
                           const struct tiff_write_options *options, struct fail *fail);

#endif
