/* One line on a terminal about long work; silence in logs. */
#ifndef COMMON_BASE_PROGRESS_H
#define COMMON_BASE_PROGRESS_H

#include <stdint.h>

enum progress_mode { PROGRESS_AUTOMATIC, PROGRESS_NEVER, PROGRESS_ALWAYS };

/* Automatic: only when standard error is a terminal and standard output is no pipe. */
void progress_start(const char *program, enum progress_mode mode);
/* done of total planes; cheap enough to call for every block. Shows itself after 1 s. */
void progress_show(uint64_t done, uint64_t total);
/* Clears the line; called before anything else is said on standard error. */
void progress_end(void);

#endif
