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
    /* Of each thread that encodes; all but the first have none (NULL) until there are several. */
    struct dictionary dictionaries[LOOP_MAX_STATES];
    /* Whose codes blocks of LOOP_BLOCK samples are, from sample number `shared` on. Before it they
     * are the first one's. */
    unsigned char *owners;
    uint64_t shared;
    uint64_t discarded; /* bytes given back to the system */
};

/* Functions that can fail return false with errno set. */
MUST_CHECK bool sample_file_open(struct sample_file *file);
void sample_file_close(struct sample_file *file);

MUST_CHECK bool sample_file_append(struct sample_file *file, const float *v, size_t n);
/* Side by side: up to `count` threads encode blocks of LOOP_BLOCK samples, of which the last may be
 * shorter, while file->coding. Returns how many threads can. */
size_t sample_file_share(struct sample_file *file, size_t count, uint64_t samples);
/* Stores n samples, number `at` and after, as codes of a thread. False: they can't be stored so. */
MUST_CHECK bool sample_file_encode(struct sample_file *file, size_t thread, uint64_t at,
                                   const float *v, size_t n);
/* In order, for each block that a thread has encoded: it is stored. */
void sample_file_add_block(struct sample_file *file, size_t thread, size_t n);
/* Counts of all threads together, when all samples are stored. NULL: not all are codes, or there
 * are too many values. */
const struct dictionary *sample_file_counts(struct sample_file *file);

/* Fills v with n stored samples from number `at` on. */
MUST_CHECK bool sample_file_read(const struct sample_file *file, uint64_t at, float *v, size_t n);

/* Applies `change` to the dictionaries, so that every stored sample is read as `change` makes it.
 * False, with nothing changed, when not all samples are codes or `change` refuses a value. */
bool sample_file_remap(struct sample_file *file, kernel *change, const void *state);
/* Samples before number `at` will not be read again: gives their disk space back where the system
 * can do that. */
void sample_file_discard(struct sample_file *file, uint64_t at);

#endif
