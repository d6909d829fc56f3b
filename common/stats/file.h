/* Statistics files: a summary (summary.h), or one for each channel, as text with a checksum, see
 * volstats(1). Equal summaries give equal bytes. */
#ifndef COMMON_STATS_FILE_H
#define COMMON_STATS_FILE_H

#include "common/io/input.h"
#include "common/io/output.h"
#include "common/stats/statistics.h"

/* The summary must have moments and high counts, as stats_summarize() makes them. Where channels
 * were counted each by itself, stats_file_write_channels() begins the file, and those of each
 * follow. */
MUST_CHECK bool stats_file_write_channels(struct output *to, uint64_t channels, struct fail *fail);
MUST_CHECK bool stats_file_write(struct output *to, const struct summary *summary,
                                 struct fail *fail);

struct stats_file;

/* Path NULL or "-" is standard input. Fails if the file is cut off, damaged, of another version or
 * contradicts itself. NULL on failure; an input that was opened before is then closed. */
MUST_CHECK struct stats_file *stats_file_open(const char *path, struct fail *fail);
MUST_CHECK struct stats_file *stats_file_open_input(const struct input *input, struct fail *fail);
void stats_file_close(struct stats_file *file); /* NULL is allowed */
/* How many channels were counted each by itself; 1: the volume has one, or all were counted
 * together. */
uint64_t stats_file_channels(const struct stats_file *file);
/* The statistics of the next channel. On failure *summary is empty. */
MUST_CHECK bool stats_file_next(struct stats_file *file, struct summary *summary,
                                struct fail *fail);

/* All at once, of a file of one channel. */
MUST_CHECK bool stats_file_read(const char *path, struct summary *summary, struct fail *fail);

/* For messages: the path, or "standard input". */
const char *stats_file_name(const char *path);

/* The sum of files, for each channel; zeroed: nothing was added. */
struct stats_sum {
    uint64_t channels;
    struct summary *each;
};

/* All files whose summaries have overflowed must have been made for the same percentiles and the
 * same histogram, or all for none. Call stats_sum_free() even after a failure. */
MUST_CHECK bool stats_sum_add(const char *path, struct stats_sum *sum, struct fail *fail);
/* Call it after the last file. Fails where planes of a volume in slabs are missing, unless partial
 * is set; a plane that is there twice is refused before. */
MUST_CHECK bool stats_sum_end(struct stats_sum *sum, bool partial, struct fail *fail);
void stats_sum_free(struct stats_sum *sum);

#endif
