/* Statistics files: a summary (summary.h) as text with a checksum, see volhist(1). Equal
 * summaries give equal bytes. */
#ifndef COMMON_STATS_FILE_H
#define COMMON_STATS_FILE_H

#include "common/base/output.h"
#include "common/stats/statistics.h"

/* The summary must have moments and coarse counts, as stats_summarize() makes them. */
bool stats_file_write(struct output *to, const struct summary *summary, struct fail *fail);

/* Path NULL or "-" is standard input. Refuses, by name, what is cut off, of another version,
 * damaged or contradicts itself; then *summary is empty. */
bool stats_file_read(const char *path, struct summary *summary, struct fail *fail);

/* The answers that a file holds about the volume of *reader, which is not read. A file that was
 * made of another number of samples is refused. */
bool stats_file_answer(const char *path, const struct stats_request *request,
                       const struct reader *reader, struct stats_result *result, struct fail *fail);

/* Adds a file to *sum, which begins as stats_file_begin_sum() makes it. Files with more values than
 * a list takes must have been made for the same percentiles and the same histogram, or none. */
bool stats_file_begin_sum(struct summary *sum, struct fail *fail);
bool stats_file_add(const char *path, struct summary *sum, struct fail *fail);

#endif
