/* Files without a name, in $TMPDIR (default /tmp): no other program sees them, and they are gone
 * when we are, however we end. */
#ifndef COMMON_BASE_TEMPORARY_H
#define COMMON_BASE_TEMPORARY_H

const char *temporary_folder(void);
/* An empty one, to be read and written. -1, with errno set, on failure. */
int temporary_file(void);

#endif
