/* A TIFF file for each plane. */
#ifndef FORMAT_TIFF_WRITE_PLANES_H
#define FORMAT_TIFF_WRITE_PLANES_H

#include "common/io/pattern.h"
#include "format/tiff/write/container.h"

/* Writes each plane into a file of its own, named by the pattern from `first` on, as tiff_create()
 * would write it alone. What pattern and options point to must last until the writer is closed.
 * NULL on failure. */
MUST_CHECK struct writer *tiff_create_planes(const struct pattern *pattern, uint64_t first,
                                             const struct volume *volume,
                                             const struct tiff_write_options *options,
                                             struct fail *fail);

#endif
