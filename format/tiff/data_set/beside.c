#include "format/tiff/data_set/beside.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "common/base/array.h"

const char *beside_base(const char *name)
{
    const char *base = name;
    for (const char *c = name; *c != '\0'; c++)
        if (*c == '/' || *c == '\\')
            base = c + 1;
    return base;
}

static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash + 1 - path) : 0;
}

/* The path of a name in the folder. NULL: no memory. */
static char *join(const struct beside *beside, const char *name, struct fail *fail)
{
    char *path;
    if (asprintf(&path, "%.*s%s", folder_length(beside->path), beside->path, name) >= 0)
        return path;
    fail_errno(fail, "%s", beside->path);
    return NULL;
}

/* The name stays below the folder. */
static bool is_inside(const char *name)
{
    return name[0] != '\0' && name[0] != '/' && strcmp(name, "..") != 0 &&
           strncmp(name, "../", 3) != 0 && !strstr(name, "/../");
}

/* What can't be examined exists: opening it tells why it can't be read. */
static bool is_there(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ||
           (errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG);
}

/* ---- names in other case ------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
    return strcasecmp(*(char *const *)a, *(char *const *)b);
}

static bool add_name(struct beside *beside, const char *name)
{
    char *copy = strdup(name);
    if (!copy || !array_reserve(beside->names, &beside->capacity, beside->count + 1)) {
        free(copy);
        return false;
    }
    beside->names[beside->count++] = copy;
    return true;
}

static bool list_folder(struct beside *beside, struct fail *fail)
{
    char *path = join(beside, ".", fail);
    DIR *folder = path ? opendir(path) : NULL;
    bool ok = folder != NULL;
    free(path);
    for (errno = 0; ok;) {
        const struct dirent *entry = readdir(folder);
        if (!entry)
            break;
        ok = add_name(beside, entry->d_name);
    }
    ok = (ok && errno == 0) || fail_errno(fail, "%s: its folder", beside->path);
    if (folder)
        closedir(folder);
    if (ok && beside->count > 0)
        qsort(beside->names, beside->count, sizeof *beside->names, compare_names);
    beside->is_listed = ok;
    return ok;
}

/* The only name in the folder that differs from this one by case alone; NULL: none, or several. */
static const char *find_in_any_case(const struct beside *beside, const char *name)
{
    char **names = beside->names, **end = names + beside->count;
    char **found = beside->count > 0
                       ? bsearch(&name, names, beside->count, sizeof *names, compare_names)
                       : NULL;
    if (!found || (found > names && strcasecmp(found[-1], name) == 0) ||
        (found + 1 < end && strcasecmp(found[1], name) == 0))
        return NULL;
    return *found;
}

/* -------------------------------------------------------------------------------------------- */

static enum outcome try_name(const struct beside *beside, const char *name, char **path,
                             struct fail *fail)
{
    if (!is_inside(name))
        return OUTCOME_CANNOT;
    *path = join(beside, name, fail);
    if (!*path)
        return OUTCOME_FAILED;
    if (is_there(*path))
        return OUTCOME_DONE;
    free(*path);
    *path = NULL;
    return OUTCOME_CANNOT;
}

/* Names that the file may have here, the best first: NAME, NAME with '/' for each '\', its base. */
static enum outcome try_names(const struct beside *beside, const char *name, char **path,
                              struct fail *fail)
{
    char *turned = strdup(name);
    if (!turned) {
        fail_errno(fail, "%s", beside->path);
        return OUTCOME_FAILED;
    }
    for (char *c = turned; (c = strchr(c, '\\'));)
        *c = '/';
    const char *const names[] = {name, turned, beside_base(name)};
    enum outcome outcome = OUTCOME_CANNOT;
    for (size_t i = 0; outcome == OUTCOME_CANNOT && i < 3; i++)
        outcome = try_name(beside, names[i], path, fail);
    free(turned);
    return outcome;
}

char *beside_find(struct beside *beside, const char *name, bool any_case, bool *exists,
                  struct fail *fail)
{
    const char *base = beside_base(name), *other = NULL;
    char *path = NULL;
    if (strcmp(beside->path, "-") == 0) {
        fail_set(fail,
                 "standard input: its OME-XML refers to the file '%.200s', which can't be found "
                 "from a pipe; --plain takes each page as a plane",
                 name);
        return NULL;
    }
    if (!is_inside(base)) {
        fail_set(fail,
                 "%s: its OME-XML refers to '%.200s', expected a file in the same folder; --plain "
                 "takes each page as a plane",
                 beside->path, name);
        return NULL;
    }
    enum outcome outcome = try_names(beside, name, &path, fail);
    *exists = outcome == OUTCOME_DONE;
    if (outcome != OUTCOME_CANNOT)
        return path;
    if (any_case && !beside->is_listed && !list_folder(beside, fail))
        return NULL;
    if (any_case)
        other = find_in_any_case(beside, base);
    *exists = other != NULL;
    return join(beside, other ? other : is_inside(name) && !strchr(name, '\\') ? name : base, fail);
}

void beside_free(struct beside *beside)
{
    for (size_t i = 0; i < beside->count; i++)
        free(beside->names[i]);
    free(beside->names);
    beside->names = NULL;
    beside->count = beside->capacity = 0;
    beside->is_listed = false;
}
