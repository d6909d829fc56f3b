/* Files that a description names, which lie in the folder of the file with the description. */
#ifndef FORMAT_TIFF_DATA_SET_BESIDE_H
#define FORMAT_TIFF_DATA_SET_BESIDE_H

#include "common/base/fail.h"

/* Start with {.path}, that of the file with the description. */
struct beside {
    const char *path;
    char **names; /* of the folder's files, sorted without regard to case; once is_listed */
    size_t count, capacity;
    bool is_listed;
};

/* The part of a name after the last separator, which is '/' or, in names from Windows, '\'. */
const char *beside_base(const char *name);

/* Finds the file that is named: by its name in the folder or below it; else by its base name in the
 * folder, since sets of files are moved together; with any_case, also by that in other case. The
 * caller frees the path; *exists says whether there is such a file. NULL on failure. */
MUST_CHECK char *beside_find(struct beside *beside, const char *name, bool any_case, bool *exists,
                             struct fail *fail);
void beside_free(struct beside *beside);

#endif
