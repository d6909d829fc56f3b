/* How a TIFF file is to be written. */
#ifndef FORMAT_TIFF_WRITE_OPTIONS_H
#define FORMAT_TIFF_WRITE_OPTIONS_H

#include "common/kernel/sample.h"

/* In whose words the file describes itself. */
enum tiff_dialect { DIALECT_IMAGEJ, DIALECT_OME };

enum tiff_packing_scheme { PACKING_NONE, PACKING_DEFLATE, PACKING_LZW, PACKING_ZSTD };

struct tiff_write_options {
    enum sample_type type; /* uint8, uint16 or float32 */
    bool raw; /* integers are the samples, rounded; else 1 becomes the type's largest number */
    enum tiff_dialect dialect;
    enum tiff_packing_scheme packing;
};

#endif
