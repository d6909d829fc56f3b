/* Files without a name, in $TMPDIR (default /tmp): no other program sees them, and they are gone
 * when we are, however we end. */
#ifndef COMMON_BASE_TEMPORARY_H
#define COMMON_BASE_TEMPORARY_H

#include "common/base/fail.h"

const char *temporary_folder(void);
/* An empty one, to be read and written. -1, with errno set, on failure. */
int temporary_file(void);

/* The failure, by errno, that input `name` must be read twice and a copy of so many bytes (0: their
 * number is not known) can't be kept; `other` is another way out, in words, or "". Returns false.
 */
bool temporary_cannot_keep(const char *name, double bytes, const char *other, struct fail *fail);

/* Copies everything that is left of fd into a file without a name and returns that, rewound; -1 on
 * failure. `name` is fd's name for messages. */
MUST_CHECK int temporary_copy(int fd, const char *name, struct fail *fail);

#endif
