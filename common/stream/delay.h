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

/* A second reader of the samples of *source, which the first may be `planes` planes ahead of: a
 * clone where it has any; or else what the first, which becomes *source, delays; or where so many
 * planes take more than 16 MiB, a clone of one that keeps the source in a file without a name, and
 * becomes *source. NULL on failure: of the second, or with *source NULL. */
MUST_CHECK struct reader *delay_second(struct reader **source, uint64_t planes, struct fail *fail);

#endif
