/* Decompresses gzip data (RFC 1952), by zlib. */
#ifndef FORMAT_NRRD_GUNZIP_H
#define FORMAT_NRRD_GUNZIP_H

#include "common/io/input.h"

struct gunzip;

/* Decompresses from where input stands; input must outlive it. NULL on failure. */
MUST_CHECK struct gunzip *gunzip_open(struct input *input, struct fail *fail);
void gunzip_close(struct gunzip *gzip);

/* Reads n decompressed bytes unless the data end first; returns how many. Fails if the data are
 * damaged. Members after one another are one stream of bytes, as for gzip(1). */
MUST_CHECK size_t gunzip_read(struct gunzip *gzip, void *to, size_t n, struct fail *fail);

/* After the last byte that is wanted: reads on to the end of the member, whose checksum and length
 * zlib compares. Fails if they are wrong or the data end before them. *more is set where further
 * bytes follow, but zeros behind the last member, which fill blocks. */
MUST_CHECK bool gunzip_finish(struct gunzip *gzip, bool *more, struct fail *fail);

/* Restarts at the first compressed byte; seek input there before. */
MUST_CHECK bool gunzip_restart(struct gunzip *gzip, struct fail *fail);

#endif
