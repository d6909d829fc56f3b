/* A file that appears under its name when it is whole, or not at all. Until then it has no name
 * where the system offers that; otherwise it has a temporary one, which signals that end the
 * program remove. */
#ifndef COMMON_IO_NEW_FILE_H
#define COMMON_IO_NEW_FILE_H

#include "common/base/fail.h"

struct new_file {
    int fd;          /* for reading and writing; -1: not open */
    char *path;      /* what it will be called */
    char *temporary; /* what it is called until then; NULL: nothing */
    bool replaces;   /* there was a file called so */
};

/* Begins a file that will be called path, in the same folder. A file of that name is left alone
 * until new_file_commit(), which then keeps its permissions; where it is a link, the link's target
 * is replaced. Refused are folders, dangling links, and files that are write-protected. */
MUST_CHECK bool new_file_open(struct new_file *file, const char *path, struct fail *fail);

/* Writes everything to disk and gives the file its name. Closes it either way. */
MUST_CHECK bool new_file_commit(struct new_file *file, struct fail *fail);
/* Closes the file; nothing of it remains. */
void new_file_discard(struct new_file *file);

#endif
