/* A part of a volume of any shape, as a reader that gives NaN for the samples outside, which
 * statistics leave out. */
#ifndef COMMON_STREAM_MASK_H
#define COMMON_STREAM_MASK_H

#include "common/stream/stream.h"

/* A reader of the samples of source where those of mask aren't 0, and of NaN elsewhere. The mask
 * has source's shape; without a channel axis it holds for all channels. Both stay the caller's, and
 * must come from second_pass_reader() where the result is read more than once. NULL on failure. */
MUST_CHECK struct reader *mask_reader(struct reader *source, struct reader *mask,
                                      struct fail *fail);

/* Samples left out since it stood at its first sample. */
uint64_t mask_left_out(const struct reader *reader);

#endif
