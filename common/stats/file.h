/* Statistics files: a summary (summary.h) as text with a checksum, see volstats(1). Equal summaries
 * give equal bytes. */
#ifndef COMMON_STATS_FILE_H
#define COMMON_STATS_FILE_H

#include "common/io/input.h"
#include "common/io/output.h"
#include "common/stats/statistics.h"

/* The summary must have moments and high counts, as stats_summarize() makes them. */
MUST_CHECK bool stats_file_write(struct output *to, const struct summary *summary,
                                 struct fail *fail);

/* Path NULL or "-" is standard input. Fails if the file is cut off, damaged, of another version or
 * contradicts itself; then *summary is empty. */
MUST_CHECK bool stats_file_read(const char *path, struct summary *summary, struct fail *fail);

/* The same from an input that was opened before, which it closes. */
MUST_CHECK bool stats_file_read_input(const struct input *input, struct summary *summary,
                                      struct fail *fail);

/* For messages: the path, or "standard input". */
const char *stats_file_name(const char *path);

/* Adds a file to *sum, which stats_file_begin_sum() initializes. All files whose summaries have
 * overflowed must have been made for the same percentiles and the same histogram, or all for none.
 */
MUST_CHECK bool stats_file_begin_sum(struct summary *sum, struct fail *fail);
MUST_CHECK bool stats_file_add(const char *path, struct summary *sum, struct fail *fail);
/* Call it after the last file. Fails where planes of a volume in slabs are missing, unless partial
 * is set; a plane that is there twice is refused before. */
MUST_CHECK bool stats_file_end_sum(struct summary *sum, bool partial, struct fail *fail);

#endif
