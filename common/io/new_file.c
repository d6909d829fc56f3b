#include "common/io/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io/descriptor.h"

/* ---- temporary names, and signals ------------------------------------------------------------ */

/* Names that the signal handler must remove; no program has as many files open at once. Only the
 * thread that opens and closes files sets and clears slots; the handler reads them. */
#define TEMPORARIES 32
static char *volatile temporaries[TEMPORARIES];

static void remove_temporaries(int number)
{
    for (size_t i = 0; i < TEMPORARIES; i++)
        if (temporaries[i])
            unlink(temporaries[i]);
    signal(number, SIG_DFL);
    raise(number);
}

/* Whether a signal ends a program that does not catch it. */
static bool ends_program(int number)
{
    static const int others[] = {SIGKILL, SIGSTOP, SIGCHLD, SIGCONT, SIGTSTP,
                                 SIGTTIN, SIGTTOU, SIGURG,  SIGWINCH};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (number == others[i])
            return false;
    return true;
}

static void catch_signals(void)
{
    static bool caught;
    for (int number = 1; !caught && number <= SIGRTMAX; number++) {
        struct sigaction action = {.sa_handler = remove_temporaries}, before;
        if (ends_program(number) && sigaction(number, NULL, &before) == 0 &&
            before.sa_handler == SIG_DFL) /* ignored ones (nohup) stay ignored */
            sigaction(number, &action, NULL);
    }
    caught = true;
}

static void register_temporary(char *temporary)
{
    size_t i = 0;
    catch_signals();
    while (i < TEMPORARIES && temporaries[i])
        i++;
    if (i < TEMPORARIES)
        temporaries[i] = temporary;
}

static void forget_temporary(struct new_file *file)
{
    for (size_t i = 0; i < TEMPORARIES; i++)
        if (temporaries[i] == file->temporary)
            temporaries[i] = NULL;
    free(file->temporary);
    file->temporary = NULL;
}

static void block_signals(sigset_t *before)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, before);
}

static void restore_signals(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* "folder/end", or "end" where path has no folder: to be freed. NULL: no memory. */
static char *beside(const char *path, const char *end)
{
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    char *joined;
    return asprintf(&joined, "%.*s%s", folder, path, end) < 0 ? NULL : joined;
}

/* A file without a name in the folder of path; it gets one through /proc. */
static int open_unnamed(const char *path, mode_t mode)
{
    char *folder = access("/proc/self/fd", X_OK) == 0 ? beside(path, ".") : NULL;
    int fd = folder ? descriptor_open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, mode) : -1;
    free(folder);
    return fd;
}

/* Signals are blocked, since one between the two steps would leave the file behind. */
static int open_named(struct new_file *file)
{
    sigset_t before;
    file->temporary = beside(file->path, ".vol.XXXXXX");
    if (!file->temporary)
        return -1;
    block_signals(&before);
    int fd = mkostemp(file->temporary, O_CLOEXEC);
    if (fd >= 0)
        register_temporary(file->temporary);
    restore_signals(&before);
    if (fd < 0)
        forget_temporary(file); /* there is none */
    return fd;
}

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool check_path(const char *path, struct stat *existing, bool *exists, struct fail *fail)
{
    *exists = stat(path, existing) == 0;
    if (!*exists && lstat(path, existing) == 0)
        return fail_set(fail, "%s: is a link to a file that is not there", path);
    if (*exists && S_ISDIR(existing->st_mode))
        return fail_set(fail, "%s: is a directory", path);
    if (*exists && (!(existing->st_mode & 0222) || access(path, W_OK) != 0))
        return fail_set(fail, "%s: is write-protected: make it writable, or name another file",
                        path);
    return true;
}

/* By errno. */
static bool fail_to_create(const char *path, struct fail *fail)
{
    const char *slash = strrchr(path, '/');
    int length = slash ? (int)(slash - path) : 0;
    if (errno == ENOENT && length > 0)
        return fail_set(fail, "%s: folder %.*s does not exist", path, length, path);
    if (errno == ENOTDIR && length > 0)
        return fail_set(fail, "%s: %.*s is not a folder", path, length, path);
    return fail_errno(fail, "%s: temporary file beside it", path);
}

bool new_file_open(struct new_file *file, const char *path, struct fail *fail)
{
    struct stat existing;
    *file = (struct new_file){.fd = -1};
    if (!check_path(path, &existing, &file->replaces, fail))
        return false;
    mode_t mode = file->replaces ? existing.st_mode & 0777 : usual_mode();
    file->path = file->replaces ? realpath(path, NULL) : strdup(path);
    if (file->path)
        file->fd = open_unnamed(file->path, mode);
    if (file->path && file->fd < 0)
        file->fd = open_named(file);
    if (file->fd < 0)
        fail_to_create(path, fail);
    else if (fchmod(file->fd, mode) == 0 || descriptor_is_unsupported(errno))
        return true;
    else
        fail_errno(fail, "%s: its permissions", path);
    new_file_discard(file);
    return false;
}

/* ---- the end --------------------------------------------------------------------------------- */

static bool link_unnamed(const struct new_file *file, const char *name)
{
    char descriptor[40];
    snprintf(descriptor, sizeof descriptor, "/proc/self/fd/%d", file->fd);
    return linkat(AT_FDCWD, descriptor, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

/* A file without a name can't replace another one: it gets a temporary name first. */
static bool name_temporarily(struct new_file *file)
{
    for (unsigned i = 0; i < 1000; i++) {
        char end[48];
        snprintf(end, sizeof end, ".vol.%ld.%u", (long)getpid(), i);
        file->temporary = beside(file->path, end);
        if (!file->temporary || link_unnamed(file, file->temporary))
            return file->temporary != NULL;
        free(file->temporary);
        file->temporary = NULL;
        if (errno != EEXIST)
            return false;
    }
    return false;
}

/* Signals are blocked, so that none comes between a temporary name and the right one. */
static bool give_name(struct new_file *file)
{
    sigset_t before;
    if (!file->temporary && !file->replaces && link_unnamed(file, file->path))
        return true;
    block_signals(&before);
    bool ok =
        (file->temporary || name_temporarily(file)) && rename(file->temporary, file->path) == 0;
    if (ok)
        forget_temporary(file);
    restore_signals(&before);
    return ok;
}

/* The name is on disk when the folder is. */
static bool sync_folder(const struct new_file *file)
{
    char *folder = beside(file->path, ".");
    int fd = folder ? descriptor_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) : -1;
    bool ok = fd < 0 || descriptor_sync(fd);
    free(folder);
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool close_descriptor(struct new_file *file)
{
    int fd = file->fd;
    file->fd = -1;
    return fd < 0 || close(fd) == 0 || errno == EINTR;
}

/* A file that has a temporary name is closed before it gets the right one, in case closing fails.
 * One without a name must be open for that; it lies on a file system whose fsync() says all. */
bool new_file_commit(struct new_file *file, struct fail *fail)
{
    bool named = file->temporary != NULL;
    const char *failed = !descriptor_sync(file->fd)         ? "fsync"
                         : named && !close_descriptor(file) ? "close"
                         : !give_name(file)                 ? "rename"
                         : !sync_folder(file)               ? "fsync of its folder"
                                                            : NULL;
    if (failed)
        fail_errno(fail, "%s: %s", file->path, failed);
    new_file_discard(file);
    return !failed;
}

void new_file_discard(struct new_file *file)
{
    close_descriptor(file);
    if (file->temporary) {
        unlink(file->temporary);
        forget_temporary(file);
    }
    free(file->path);
    *file = (struct new_file){.fd = -1};
}
