/* libtiff's handle on a TIFF file. libtiff sees a single directory, the one that it was given last,
 * and of its entries those that decoding needs; entries whose values TIFF does not allow are hidden
 * from it. After tiff_parse_directory() it must be given the new directory before it is asked. */
#ifndef FORMAT_TIFF_DECODE_HANDLE_H
#define FORMAT_TIFF_DECODE_HANDLE_H

#include "format/tiff/decode/file.h"

/* Gives libtiff the current directory; the first time, opens its handle. */
MUST_CHECK bool tiff_give_directory(struct tiff_file *file, uint64_t page, struct fail *fail);
/* A value of that directory as libtiff understands it; `fallback` if it has none. */
unsigned tiff_get_short(const struct tiff_file *file, uint32_t tag, uint16_t fallback);
uint32_t tiff_get_long(const struct tiff_file *file, uint32_t tag, uint32_t fallback);

/* Values that TIFF does not allow, or that a reader should not meet, and how they are read. A bit
 * each. */
enum tiff_repair {
    REPAIR_COMPRESSION = 1 << 0,
    REPAIR_FILL_ORDER = 1 << 1,
    REPAIR_ORIENTATION = 1 << 2,
    REPAIR_ROWS_PER_STRIP = 1 << 3,
    REPAIR_PLANAR_CONFIG = 1 << 4,
    REPAIR_PREDICTOR = 1 << 5,
    REPAIR_EXTRA_SAMPLES = 1 << 6,
    REPAIR_SAMPLE_FORMAT = 1 << 7,
    REPAIR_IMAGE_DEPTH = 1 << 8,
    REPAIR_NO_PHOTOMETRIC = 1 << 9,
    REPAIR_ONE_COLOR = 1 << 10,
    REPAIR_TURNED = 1 << 11,
};
/* Whether the value of the current directory's tag is treated as absent. */
bool tiff_is_repaired(const struct tiff_file *file, unsigned tag);
/* Says for each repair of a page how it is read, unless another page's notice already does. */
void tiff_add_repairs(const struct tiff_file *file, uint64_t page, unsigned repairs,
                      struct notices *notices);

#endif
