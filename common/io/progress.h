/* A progress line on a terminal; nothing in logs. */
#ifndef COMMON_IO_PROGRESS_H
#define COMMON_IO_PROGRESS_H

#include <stdint.h>

enum progress_mode { PROGRESS_AUTOMATIC, PROGRESS_NEVER, PROGRESS_ALWAYS };

/* Automatic: only when standard error is a terminal and standard output is not a
 * pipe. */
void progress_start(const char *program, enum progress_mode mode);
/* Shows done of total planes, first after 1 s. Cheap enough to call for every block. */
void progress_show(uint64_t done, uint64_t total);
/* Clears the line; called before anything else is printed on standard error. */
void progress_end(void);

#endif
