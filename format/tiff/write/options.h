/* How a TIFF file is to be written. */
#ifndef FORMAT_TIFF_WRITE_OPTIONS_H
#define FORMAT_TIFF_WRITE_OPTIONS_H

#include "common/kernel/sample.h"

/* The program whose metadata format the file uses. */
enum tiff_dialect { DIALECT_IMAGEJ, DIALECT_OME };

enum tiff_compression_scheme { COMPRESS_NONE, COMPRESS_DEFLATE, COMPRESS_LZW, COMPRESS_ZSTD };

struct tiff_write_options {
    enum sample_type type; /* uint8, uint16, uint32 (raw alone) or float32 */
    bool raw; /* integers are the samples, rounded; else 1 becomes the type's largest number */
    enum tiff_dialect dialect;
    enum tiff_compression_scheme compression;
};

#endif
