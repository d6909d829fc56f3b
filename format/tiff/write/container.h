/* TIFF files, written plane by plane. */
#ifndef FORMAT_TIFF_WRITE_CONTAINER_H
#define FORMAT_TIFF_WRITE_CONTAINER_H

#include "common/kernel/sample.h"
#include "common/volume/stream.h"

/* In whose words the file describes itself. */
enum tiff_dialect { DIALECT_IMAGEJ, DIALECT_OME };

enum tiff_packing_scheme { PACKING_NONE, PACKING_DEFLATE, PACKING_LZW, PACKING_ZSTD };

struct tiff_write_options {
    enum sample_type type; /* uint8, uint16 or float32 */
    bool raw; /* integers are the samples, rounded; else 1 becomes the type's largest number */
    enum tiff_dialect dialect;
    enum tiff_packing_scheme packing;
};

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
