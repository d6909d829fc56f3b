/* TIFF files as a reader of samples: each page is a plane, unless the file says otherwise. */
#ifndef FORMAT_TIFF_READ_H
#define FORMAT_TIFF_READ_H

#include "common/stream/stream.h"
#include "format/tiff/stack/options.h"

/* Opens files as one stack, in the order given ("-" is standard input); their names must outlive
 * the reader. Checks all pages here, before any sample is read: refuses those that we can't read or
 * that do not fit together. Samples are decoded when they are read; skipped planes are not decoded.
 * NULL on failure. notices: what the user should know, "" before. */
MUST_CHECK struct reader *tiff_open(char *const *paths, size_t count,
                                    const struct tiff_options *options, struct notices *notices,
                                    struct fail *fail);

#endif
