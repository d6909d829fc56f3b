/* Unnamed files in $TMPDIR (default /tmp): other programs don't see them, and the system removes
 * them however the program ends. */
#ifndef COMMON_IO_TEMPORARY_H
#define COMMON_IO_TEMPORARY_H

#include "common/base/fail.h"
#include "common/io/input.h"

const char *temporary_folder(void);
/* Opens an empty one for reading and writing. -1, with errno set, on failure. */
int temporary_file(void);

/* Sets the failure, by errno, that input `name` must be read twice and a copy of so many bytes (0:
 * unknown) can't be stored. other: the text of another remedy, or "". Returns false. */
bool temporary_cannot_keep(const char *name, double bytes, const char *other, struct fail *fail);

/* Copies the rest of an input into an unnamed file and returns that, rewound; -1 on failure. */
MUST_CHECK int temporary_copy(struct input *input, struct fail *fail);

#endif
