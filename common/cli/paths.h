/* The files of a folder, in natural order: slice2 before slice10. */
#ifndef COMMON_CLI_PATHS_H
#define COMMON_CLI_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/fail.h"

struct paths {
    char **path;
    size_t count, capacity;
};

/* Adds a path, or for a folder the files in it whose names end with one of endings
 * (NULL-terminated, in any case), except hidden ones. A folder without such files is a failure.
 * Call paths_free() even after a failure. */
MUST_CHECK bool paths_add(struct paths *paths, const char *path, const char *const *endings,
                          struct fail *fail);
void paths_free(struct paths *paths);

/* The name of a file without its folders. */
const char *path_name(const char *path);

/* As strcmp(), but runs of digits are compared as numbers. */
int natural_compare(const char *a, const char *b);

#endif
