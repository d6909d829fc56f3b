/* gzip data (RFC 1952) behind a reader of bytes, through zlib. */
#ifndef FORMAT_INFLATE_H
#define FORMAT_INFLATE_H

#include "common/input.h"

struct inflate;

/* Decompresses from where input stands; input must outlive it. NULL on failure. */
struct inflate *inflate_open(struct input *input, struct fail *fail);
void inflate_close(struct inflate *gzip);

/* n decompressed bytes unless the data end first; returns how many. Damaged data set fail. Members
 * one behind the other are one stream of bytes, as gzip(1) has it. */
size_t inflate_read(struct inflate *gzip, void *to, size_t n, struct fail *fail);

/* Starts anew, at the first compressed byte; input must have been sought there. */
bool inflate_restart(struct inflate *gzip, struct fail *fail);

#endif
