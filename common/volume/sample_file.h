/* Samples in a file without a name, to be read again: 2 bytes each while there are few values
 * and may be no more than that, whose codes they are, else floats. */
#ifndef COMMON_VOLUME_SAMPLE_FILE_H
#define COMMON_VOLUME_SAMPLE_FILE_H

#include "common/kernel/dictionary.h"
#include "common/volume/stream.h"

struct sample_file {
    int fd;
    uint64_t count; /* samples that are there */
    uint64_t coded; /* the first of them, which are codes */
    bool coding;    /* what comes will be, too, for all that is known */
    struct dictionary dictionary;
    uint64_t dropped; /* bytes that were given back */
};

/* All that can fail returns false with errno set. */
bool sample_file_open(struct sample_file *file);
void sample_file_close(struct sample_file *file);

bool sample_file_append(struct sample_file *file, const float *v, size_t n);
/* Samples at, at+1, ... of those that are there. */
bool sample_file_read(const struct sample_file *file, uint64_t at, float *v, size_t n);

/* From here on all samples are read as `change` makes them. False, and nothing has changed: they
 * are no codes, or change refuses one. */
bool sample_file_change(struct sample_file *file, kernel *change, const void *state);
/* Samples before number `at` will not be read again: their room is given back where the system can
 * do that. */
void sample_file_drop(struct sample_file *file, uint64_t at);

#endif
