/* Prints what a TIFF file holds. */
#ifndef FORMAT_TIFF_PRINT_H
#define FORMAT_TIFF_PRINT_H

#include "common/base/output.h"

/* Whether path is seekable and begins as TIFF files do; NULL is standard input. */
bool tiff_is_tiff(const char *path);
/* Prints what a file holds, without decoding samples. notices: what the user should
 * know, "" before. */
MUST_CHECK bool tiff_print(const char *path, bool json, struct output *to, struct notices *notices,
                           struct fail *fail);

#endif
