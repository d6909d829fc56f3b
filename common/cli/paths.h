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

/* Adds a path; where it is a folder, the files in it whose name ends with one of endings
 * (NULL-terminated, in small letters; either case counts), hidden ones left out. A folder without
 * any is a failure. paths_free() is due either way. */
bool paths_add(struct paths *paths, const char *path, const char *const *endings,
               struct fail *fail);
void paths_free(struct paths *paths);

/* Digits count as numbers, letters as they are. */
int natural_compare(const char *a, const char *b);

#endif
