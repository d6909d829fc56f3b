/* gzip data (RFC 1952) behind a reader of bytes, through zlib. */
#ifndef FORMAT_NRRD_GUNZIP_H
#define FORMAT_NRRD_GUNZIP_H

#include "common/base/input.h"

struct gunzip;

/* Decompresses from where input stands; input must outlive it. NULL on failure. */
struct gunzip *gunzip_open(struct input *input, struct fail *fail);
void gunzip_close(struct gunzip *gzip);

/* n decompressed bytes unless the data end first; returns how many. Damaged data set fail. Members
 * one behind the other are one stream of bytes, as gzip(1) has it. */
size_t gunzip_read(struct gunzip *gzip, void *to, size_t n, struct fail *fail);

/* Starts anew, at the first compressed byte; input must have been sought there. */
bool gunzip_restart(struct gunzip *gzip, struct fail *fail);

#endif
