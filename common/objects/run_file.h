/* Rows of runs, kept in order to be read again: in memory while they are few, then in a file
 * without a name. */
#ifndef COMMON_OBJECTS_RUN_FILE_H
#define COMMON_OBJECTS_RUN_FILE_H

#include "common/objects/runs.h"

struct run_file {
    unsigned char *buffer; /* the bytes from `flushed` on */
    size_t used;
    uint64_t flushed; /* bytes in the file */
    int fd;           /* -1: there is no file yet */
};

/* Functions that can fail return false with errno set. */
MUST_CHECK bool run_file_open(struct run_file *file);
void run_file_close(struct run_file *file);

/* Appends a row: columns and numbers of its runs, which ascend and do not overlap. */
MUST_CHECK bool run_file_put(struct run_file *file, const struct run *runs, size_t count);

/* A place in a file that is no longer written to. */
struct run_cursor {
    const struct run_file *file;
    unsigned char *buffer;
    size_t begin, end; /* bytes that are read but not yet used */
    uint64_t at;       /* the next byte to read */
    uint64_t left;     /* runs of this row that are still to come */
    struct run last;
};

MUST_CHECK bool run_cursor_open(struct run_cursor *cursor, const struct run_file *file);
void run_cursor_close(struct run_cursor *cursor);
/* Before the first row. */
void run_cursor_rewind(struct run_cursor *cursor);
/* Goes to the next row, all runs of the one before having been read. */
MUST_CHECK bool run_cursor_next_row(struct run_cursor *cursor);
/* Reads the next of the runs that are left in this row. */
MUST_CHECK bool run_cursor_next(struct run_cursor *cursor, struct run *run);

#endif
