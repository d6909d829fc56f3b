/* The stream: NRRD, attached header. Written one way (NRRD0004, raw little-endian float, see
 * http://teem.sourceforge.net/nrrd/format.html), read liberally. */
#ifndef FORMAT_NRRD_STREAM_H
#define FORMAT_NRRD_STREAM_H

#include "common/io/input.h"
#include "common/stream/stream.h"

/* Opens a stream and reads its header; path NULL or "-" is standard input. Supports 1 to 4 axes,
 * every scalar type, both byte orders, raw and gzip; samples are the stored numbers, rounded to
 * float. Every refusal names the field. NULL on failure. */
MUST_CHECK struct reader *nrrd_open(const char *path, struct fail *fail);

/* The same of an input that is open; the reader closes it, and so does a failure. */
MUST_CHECK struct reader *nrrd_open_input(struct input *input, struct fail *fail);

/* The same, of a file that may be read more than once (second_pass.h). */
MUST_CHECK struct reader *nrrd_open_twice(const char *path, struct fail *fail);

/* Begins a stream: writes the header of volume (which need not outlive the call) to path, by
 * output.h's rules; then exactly volume_samples() samples must be written. NULL on failure. */
MUST_CHECK struct writer *nrrd_create(const char *path, const struct volume *volume,
                                      struct fail *fail);

#endif
