/* A statistics file that is asked instead of the volume: --stats and --pool. */
#ifndef COMMON_STATS_FILE_SOURCE_H
#define COMMON_STATS_FILE_SOURCE_H

#include "common/stats/statistics.h"
#include "common/stream/stream.h"

/* Zeroed: there is none. */
struct stats_source {
    const char *path;  /* of this volume; or NULL */
    const char *pool;  /* of several volumes together, of which this is one; or NULL */
    uint64_t channels; /* that are asked for one after the other, each by itself; 0 and 1: one, or
                          all together */
    struct stats_file *file; /* while some of them are still to be asked for */
    uint64_t asked;
};

static inline bool stats_source_exists(const struct stats_source *source)
{
    return source->path || source->pool;
}

/* Reads the file, and replaces *reader by one that refuses samples which the statistics can't have
 * counted: those outside their range, and of one in 509 those that are no value of theirs, where
 * they list them. Fails if the file has another number of samples than the volume (of a slab, than
 * the volume that it is of), or a pool has fewer, or it lacks planes. The summary is empty and
 * *reader NULL or the old one on failure. */
MUST_CHECK bool stats_source_read(struct stats_source *source, struct reader **reader,
                                  struct summary *summary, struct fail *fail);

/* Answers a request about the volume: from the file in the same way, or where there is none by
 * measuring, for which *reader is replaced by one that can be read again (second_pass.h) and ends
 * at its first sample. A file has counted all samples: a mask goes without one. */
MUST_CHECK bool stats_source_answer(struct stats_source *source,
                                    const struct stats_request *request, struct reader **reader,
                                    struct stats_result *result, struct fail *fail);

#endif
