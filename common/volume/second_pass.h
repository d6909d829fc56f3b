/* The second pass: input that can't be rewound is kept in a file without a name. */
#ifndef COMMON_VOLUME_SECOND_PASS_H
#define COMMON_VOLUME_SECOND_PASS_H

#include "common/volume/stream.h"

/* Returns a reader of the same samples that reader_rewind() works on: `source` itself where it can
 * be rewound; else one that takes source over and keeps what it reads in a file without a name
 * (sample_file.h). NULL (source closed) on failure: no room, not writable. Call it before the first
 * sample is read. */
struct reader *second_pass_reader(struct reader *source, struct fail *fail);

/* Copies everything that is left of fd into a file without a name and returns that, rewound; or -1.
 * `name` is fd's name for messages. */
int temporary_copy(int fd, const char *name, struct fail *fail);

#endif
