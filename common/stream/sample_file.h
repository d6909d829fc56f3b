/* Samples in a file without a name, to be read again. While there are few distinct values, each
 * sample is stored as a code of 2 bytes, its value's index in a dictionary; the rest are floats. */
#ifndef COMMON_STREAM_SAMPLE_FILE_H
#define COMMON_STREAM_SAMPLE_FILE_H

#include "common/kernel/dictionary.h"
#include "common/stream/loop.h"

struct sample_file {
    int fd;
    uint64_t count; /* samples stored */
    uint64_t coded; /* how many of them, from the first on, are codes */
    bool coding;    /* all are codes so far, and the next ones will be too if they can */
    struct dictionary dictionary;
    uint64_t discarded; /* bytes given back to the system */
};

/* Functions that can fail return false with errno set. */
MUST_CHECK bool sample_file_open(struct sample_file *file);
void sample_file_close(struct sample_file *file);

MUST_CHECK bool sample_file_append(struct sample_file *file, const float *v, size_t n);
/* Fills v with n stored samples from number `at` on. */
MUST_CHECK bool sample_file_read(const struct sample_file *file, uint64_t at, float *v, size_t n);

/* Applies `change` to the dictionary, so that every stored sample is read as `change` makes it.
 * False, with nothing changed, when not all samples are codes or `change` refuses a value. */
bool sample_file_remap(struct sample_file *file, kernel *change, const void *state);
/* Samples before number `at` will not be read again: gives their disk space back where the system
 * can do that. */
void sample_file_discard(struct sample_file *file, uint64_t at);

#endif
