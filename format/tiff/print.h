/* Prints what a TIFF file holds. */
#ifndef FORMAT_TIFF_PRINT_H
#define FORMAT_TIFF_PRINT_H

#include "common/io/input.h"
#include "common/io/output.h"
#include "format/tiff/stack/options.h"

/* Whether an input begins as TIFF files do. Consumes nothing. False, too, if it can't be read: fail
 * is set then. */
bool tiff_is_tiff(struct input *input, struct fail *fail);
/* Prints what a file holds, without decoding samples. from: the open file, which is closed; path:
 * its name, NULL for standard input. notices: what the user should know. */
MUST_CHECK bool tiff_print(struct input *from, const char *path, const struct tiff_options *options,
                           bool json, struct output *to, struct notices *notices,
                           struct fail *fail);
/* The same of several files, one stack in the order given: the first one's description, with the
 * planes of all. */
MUST_CHECK bool tiff_print_files(char *const *paths, size_t count,
                                 const struct tiff_options *options, bool json, struct output *to,
                                 struct notices *notices, struct fail *fail);

#endif
