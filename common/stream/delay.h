/* Two readers of one source that is read once: where what is made of a sample is joined with the
 * sample itself, which comes later than those that it is made of. */
#ifndef COMMON_STREAM_DELAY_H
#define COMMON_STREAM_DELAY_H

#include "common/stream/stream.h"

/* A reader of the samples of source, which it owns; *behind reads them again, never further than
 * this one. What lies between is in memory. *behind may be closed before or after, but not read
 * after. NULL on failure (source closed). */
MUST_CHECK struct reader *delay_reader(struct reader *source, struct reader **behind,
                                       struct fail *fail);

#endif
