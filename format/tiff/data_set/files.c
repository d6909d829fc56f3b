#include "format/tiff/data_set/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FILES = 1 << 20 };

bool data_files_init(struct data_files *files, struct tiff_stack *stack, uint32_t named,
                     const struct tiff_metadata *metadata, struct fail *fail)
{
    const char *path = stack->inputs[named].path;
    *files = (struct data_files){
        .stack = stack, .metadata = metadata, .named = named, .beside = {.path = path}};
    return lookup_add(&files->paths, path, strlen(path), named) || fail_errno(fail, "%s", path);
}

void data_files_free(struct data_files *files)
{
    for (size_t i = files->named; i < files->stack->input_count; i++)
        tiff_pages_free(&files->stack->inputs[i].pages);
    beside_free(&files->beside);
    lookup_free(&files->names);
    lookup_free(&files->paths);
}

const struct tiff_input *data_files_named(const struct data_files *files)
{
    return &files->stack->inputs[files->named];
}

bool data_files_list_pages(struct data_files *files, uint32_t number, struct fail *fail)
{
    struct tiff_stack *stack = files->stack;
    if (stack->inputs[number].pages.count > 0)
        return true;
    struct tiff_file *file = tiff_stack_open(stack, number, fail);
    if (!file)
        return false;
    struct tiff_input *input = &stack->inputs[number];
    bool ok = tiff_pages_list(file, input->first_directory, &input->pages, fail);
    tiff_stack_release(stack, number);
    return ok;
}

bool data_files_is_missing(const struct data_files *files, uint32_t number)
{
    struct stat status;
    return number != files->named && stat(files->stack->inputs[number].path, &status) != 0 &&
           (errno == ENOENT || errno == ENOTDIR);
}

bool data_files_allow_missing(const struct data_files *files, uint32_t number, struct fail *fail)
{
    return files->stack->options.missing_zero ||
           fail_set(fail,
                    "%s: is missing, a part of the OME-TIFF %s (--missing zero makes its planes "
                    "0); " OME_WAY_OUT,
                    files->stack->inputs[number].path, data_files_named(files)->name);
}

/* ---- by a path ------------------------------------------------------------------------------- */

static uint32_t add_input(struct data_files *files, const char *path, struct fail *fail)
{
    struct tiff_stack *stack = files->stack;
    struct stat status;
    if (stack->input_count - files->named > MAX_FILES) {
        fail_set(fail, "%s: its OME-XML refers to more than %d files; " OME_WAY_OUT,
                 data_files_named(files)->path, MAX_FILES);
        return NO_INPUT;
    }
    uint32_t number = tiff_stack_add_input(stack, path, fail);
    bool ok = number != NO_INPUT;
    if (ok && stat(path, &status) == 0) {
        struct tiff_identity identity = {status.st_dev, status.st_ino};
        ok = lookup_add(&stack->data_set, &identity, sizeof identity, number);
    }
    if (ok && lookup_add(&files->paths, path, strlen(path), number))
        return number;
    fail_errno(fail, "%s", path);
    return NO_INPUT;
}

/* The file at a path, which may be the named one. */
static uint32_t find_path(struct data_files *files, const char *path, struct fail *fail)
{
    uint32_t found = lookup_find(&files->paths, path, strlen(path));
    return found != NO_INPUT ? found : add_input(files, path, fail);
}

/* ---- by a TiffData element ------------------------------------------------------------------- */

static bool is_named(const struct data_files *files, const struct ome_data *data)
{
    const char *own = data_files_named(files)->path, *slash = strrchr(own, '/');
    if (slash)
        own = slash + 1;
    if (data->uuid[0] != '\0' && strcmp(data->uuid, files->metadata->uuid) == 0)
        return true;
    if (data->file[0] == '\0')
        return data->uuid[0] == '\0' && files->metadata->companion[0] == '\0';
    slash = strrchr(data->file, '/');
    return strcmp(slash ? slash + 1 : data->file, own) == 0 ||
           strcmp(beside_base(data->file), own) == 0;
}

/* If the XML refers to one file alone, and that is missing, the named file is the one, renamed, and
 * has its pages. */
static enum outcome find_renamed(struct data_files *files, const struct ome_data *data,
                                 struct fail *fail)
{
    uint64_t end = data->page + (data->has_count && data->count > 0 ? data->count : 1);
    if (files->metadata->only_file[0] == '\0')
        return OUTCOME_CANNOT;
    if (!data_files_list_pages(files, files->named, fail))
        return OUTCOME_FAILED;
    return end <= data_files_named(files)->pages.count ? OUTCOME_DONE : OUTCOME_CANNOT;
}

/* The file of an element whose name or UUID has not occurred before; NO_INPUT on failure. */
static uint32_t resolve(struct data_files *files, const struct ome_data *data, struct fail *fail)
{
    const char *own = data_files_named(files)->path;
    bool is_only = files->metadata->only_file[0] != '\0', exists = false;
    bool has_folder = data->file[0] != '\0' && !(is_only && strcmp(own, "-") == 0);
    char *path = NULL;
    if (has_folder && !(path = beside_find(&files->beside, data->file, !is_only, &exists, fail)))
        return NO_INPUT;
    enum outcome renamed = exists ? OUTCOME_CANNOT : find_renamed(files, data, fail);
    uint32_t found = NO_INPUT;
    if (renamed == OUTCOME_DONE)
        found = files->named;
    else if (renamed == OUTCOME_CANNOT && path)
        found = find_path(files, path, fail);
    else if (renamed == OUTCOME_CANNOT)
        fail_set(
            fail,
            "%s: its OME-XML refers to a file only as '%.80s', which is not this one; " OME_WAY_OUT,
            own, data->file[0] != '\0' ? data->file : data->uuid);
    free(path);
    return found;
}

uint32_t data_files_find(struct data_files *files, const struct ome_data *data, struct fail *fail)
{
    const char *name = data->file[0] != '\0' ? data->file : data->uuid;
    if (is_named(files, data))
        return files->named;
    uint32_t found = lookup_find(&files->names, name, strlen(name));
    if (found != NO_INPUT)
        return found;
    found = resolve(files, data, fail);
    bool has_uuid = data->uuid[0] != '\0';
    if (found == NO_INPUT || !lookup_add(&files->names, name, strlen(name), found) ||
        (has_uuid && !lookup_add(&files->names, data->uuid, strlen(data->uuid), found))) {
        fail_errno(fail, "%s", data_files_named(files)->path);
        return NO_INPUT;
    }
    return found;
}
