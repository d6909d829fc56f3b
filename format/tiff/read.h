/* TIFF files as a source of samples: each page a plane, unless the file says otherwise. */
#ifndef FORMAT_TIFF_READ_H
#define FORMAT_TIFF_READ_H

#include "common/volume/stream.h"
#include "format/tiff/options.h"

/* Opens files as one stack, in the order given ("-" is standard input); their names must outlive
 * the reader. All pages are looked at before the first sample: what we don't read, and pages that
 * do not fit together, are refused here. Samples are decoded when they are read; planes that are
 * skipped are not decoded. NULL on failure. */
struct reader *tiff_open(char *const *paths, size_t count, const struct tiff_options *options,
                         struct fail *fail);

#endif
