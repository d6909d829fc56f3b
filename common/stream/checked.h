/* A reader that looks at samples while they go by, for what was said about them before they were
 * read: by a statistics file (stats_source.h) or by a note (hint.h). */
#ifndef COMMON_STREAM_CHECKED_H
#define COMMON_STREAM_CHECKED_H

#include "common/stream/stream.h"

/* Looks at v[0..n), the samples from number `at` on; from any thread. Returns n, or how many are
 * right before the first that is wrong, with the failure set. Spans come in any order, each sample
 * once, unless a span was refused or the reader is rewound. */
typedef size_t sample_check(void *state, const struct reader *reader, const float *v, size_t n,
                            uint64_t at, struct fail *fail);

/* Owns source and state, which came from malloc(). Samples that are skipped are not looked at. NULL
 * on failure (both freed). */
MUST_CHECK struct reader *checked_reader(sample_check *check, void *state, struct reader *source,
                                         struct fail *fail);

#endif
