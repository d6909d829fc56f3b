/* Statistics files: a summary (summary.h) as text with a checksum, see volhist(1). Equal summaries
 * give equal bytes. */
#ifndef COMMON_STATS_FILE_H
#define COMMON_STATS_FILE_H

#include "common/base/output.h"
#include "common/stats/statistics.h"

/* The summary must have moments and high counts, as stats_summarize() makes them. */
MUST_CHECK bool stats_file_write(struct output *to, const struct summary *summary,
                                 struct fail *fail);

/* Path NULL or "-" is standard input. Fails if the file is cut off, damaged, of another version or
 * contradicts itself; then *summary is empty. */
MUST_CHECK bool stats_file_read(const char *path, struct summary *summary, struct fail *fail);

/* A statistics file that is asked instead of the volume; zeroed: there is none. */
struct stats_source {
    const char *path; /* of this volume; or NULL */
    const char *pool; /* of several volumes together, of which this is one; or NULL */
};
static inline bool stats_source_exists(const struct stats_source *source)
{
    return source->path || source->pool;
}

/* Answers a request about the volume of *reader from a file; the volume is not read. Fails if the
 * file has another number of samples than the volume (of a slab, than the volume that it is of), or
 * a pool has fewer, or it lacks planes. */
MUST_CHECK bool stats_file_answer(const struct stats_source *source,
                                  const struct stats_request *request, const struct reader *reader,
                                  struct stats_result *result, struct fail *fail);

/* Adds a file to *sum, which stats_file_begin_sum() initializes. All files whose summaries have
 * overflowed must have been made for the same percentiles and the same histogram, or all for none.
 */
MUST_CHECK bool stats_file_begin_sum(struct summary *sum, struct fail *fail);
MUST_CHECK bool stats_file_add(const char *path, struct summary *sum, struct fail *fail);
/* Call it after the last file. Fails where planes of a volume in slabs are missing, unless partial
 * is set; a plane that is there twice is refused before. */
MUST_CHECK bool stats_file_end_sum(struct summary *sum, bool partial, struct fail *fail);

#endif
