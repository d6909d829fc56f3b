#include "common/cli/paths.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "common/base/array.h"

static int compare_numbers(const char **a, const char **b)
{
    size_t zeros_a = strspn(*a, "0"), zeros_b = strspn(*b, "0");
    size_t digits_a = strspn(*a + zeros_a, "0123456789");
    size_t digits_b = strspn(*b + zeros_b, "0123456789");
    int order = digits_a != digits_b ? (digits_a < digits_b ? -1 : 1)
                                     : strncmp(*a + zeros_a, *b + zeros_b, digits_a);
    *a += zeros_a + digits_a;
    *b += zeros_b + digits_b;
    return order;
}

int natural_compare(const char *a, const char *b)
{
    const char *whole_a = a, *whole_b = b;
    while (*a != '\0' && *b != '\0') {
        int order;
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b))
            order = compare_numbers(&a, &b);
        else
            order = (unsigned char)*a++ - (unsigned char)*b++;
        if (order != 0)
            return order;
    }
    if (*a != *b)
        return *a == '\0' ? -1 : 1;
    return strcmp(whole_a, whole_b); /* 01 and 1 */
}

static int compare_paths(const void *a, const void *b)
{
    return natural_compare(*(char *const *)a, *(char *const *)b);
}

static bool add(struct paths *paths, char *path)
{
    if (!path || !array_reserve(paths->path, &paths->capacity, paths->count + 1)) {
        free(path);
        return false;
    }
    paths->path[paths->count++] = path;
    return true;
}

static bool has_ending(const char *name, const char *const *endings)
{
    size_t length = strlen(name);
    for (; *endings; endings++) {
        size_t end = strlen(*endings);
        if (length > end && strcasecmp(name + length - end, *endings) == 0)
            return true;
    }
    return false;
}

static bool add_folder(struct paths *paths, DIR *folder, const char *path,
                       const char *const *endings, struct fail *fail)
{
    size_t first = paths->count;
    struct dirent *entry;
    while ((errno = 0, entry = readdir(folder))) {
        char *joined = NULL;
        if (entry->d_name[0] == '.' || !has_ending(entry->d_name, endings))
            continue;
        const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
        if (asprintf(&joined, "%s%s%s", path, slash, entry->d_name) < 0 || !add(paths, joined))
            return fail_errno(fail, "%s", path);
    }
    if (errno != 0)
        return fail_errno(fail, "%s", path);
    if (paths->count == first)
        return fail_set(fail, "%s: a folder without files whose name ends in %s", path, endings[0]);
    qsort(paths->path + first, paths->count - first, sizeof *paths->path, compare_paths);
    return true;
}

bool paths_add(struct paths *paths, const char *path, const char *const *endings, struct fail *fail)
{
    struct stat status;
    if (strcmp(path, "-") == 0 || stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return add(paths, strdup(path)) || fail_errno(fail, "%s", path);
    DIR *folder = opendir(path);
    if (!folder)
        return fail_errno(fail, "%s", path);
    bool ok = add_folder(paths, folder, path, endings, fail);
    closedir(folder);
    return ok;
}

void paths_free(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->path[i]);
    free(paths->path);
    *paths = (struct paths){0};
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] != '\0' ? slash + 1 : path;
}
