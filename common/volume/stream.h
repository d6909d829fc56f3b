/* Samples in order, one interface for every source and every destination: a file format fills in
 * the functions, the loop (pass.h) calls them, readers can be stacked (crop.h, spool.h). */
#ifndef COMMON_VOLUME_STREAM_H
#define COMMON_VOLUME_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/fail.h"
#include "common/volume/volume.h"

struct reader;
struct dictionary;

/* Changes v[0..n) in place. Returns n, or the index of the first sample it refuses. It knows
 * neither where the span lies nor how long the others are; state is read-only, several threads may
 * call. */
typedef size_t kernel(const void *state, float *v, size_t n);

struct reader_class {
    /* Fills v with the next n samples. Returns how many there were; fewer than n is a failure, for
     * which fail is set unless the input just ended. */
    size_t (*read)(struct reader *reader, float *v, size_t n, struct fail *fail);
    /* Passes over n samples. NULL: they are read and dropped. On a short input returns false with
     * `at` moved to where it ends. */
    bool (*skip)(struct reader *reader, uint64_t n, struct fail *fail);
    /* Makes the next sample the first one again. NULL, or false with fail not set: it can't. */
    bool (*rewind)(struct reader *reader, struct fail *fail);
    /* Frees everything, the reader too. */
    void (*close)(struct reader *reader);
    /* Fills v with n samples from number `at` on, wherever the reader stands. Returns how many
     * there were; several threads may call. NULL: it can't. */
    size_t (*read_at)(struct reader *reader, uint64_t at, float *v, size_t n, struct fail *fail);
    /* A reader that passes on samples of another one: that one, and the number of the sample in it.
     * NULL: samples begin here. */
    const struct reader *(*source)(const struct reader *reader, uint64_t *at);
    /* See reader_values() and reader_last_time(). NULL: it can't. */
    const struct dictionary *(*values)(struct reader *reader, struct fail *fail);
    bool (*last_time)(struct reader *reader, kernel *change, const void *state);
    /* Another reader of the same samples, at the first of them, which another thread may use. It is
     * made and closed like this one, by the thread that reads this one. NULL: there is none. */
    struct reader *(*twin)(struct reader *reader, struct fail *fail);
};

struct reader {
    const struct reader_class *class;
    const char *name;     /* for messages: "standard input", a file's name; outlives the reader */
    struct volume volume; /* what will be read; owned by the reader, freed by reader_close() */
    uint64_t at;          /* number of the next sample, from 0 */
    /* How many samples of a plane are made at once, each plane beginning anew, where skipping is
     * cheap and twins gain time (ahead.h); else 0. And the bytes of memory that a twin takes. */
    uint64_t unit, twin_size;
};

/* Fills v with the next n samples (n at most what is left of the volume). On a short input returns
 * how many samples were there, and says "NAME: stream ends in plane 17 of 60 (row 200)". */
size_t reader_read(struct reader *reader, float *v, size_t n, struct fail *fail);
bool reader_skip(struct reader *reader, uint64_t n, struct fail *fail);
/* As reader_read(), from sample number `at` on, wherever the reader stands; several threads may
 * call. Only where reader_reads_anywhere(). */
size_t reader_read_at(struct reader *reader, uint64_t at, float *v, size_t n, struct fail *fail);
bool reader_reads_anywhere(const struct reader *reader);
/* False without fail being set: this reader can't, see spool.h. */
bool reader_rewind(struct reader *reader, struct fail *fail);
/* How often each value comes in the whole volume, when the reader counts that itself, which may
 * mean that it reads all. NULL: it does not, or there are many values, or seem to be, or any that
 * is NaN or infinite; or, with fail set, it failed. What is read next stays the same. */
const struct dictionary *reader_values(struct reader *reader, struct fail *fail);
/* Says that what is left will not be read again, and asks for it as `change` (NULL: none) makes it.
 * True: so it will come. False: it comes as before. */
bool reader_last_time(struct reader *reader, kernel *change, const void *state);
void reader_close(struct reader *reader); /* NULL is allowed */
/* Only of a reader that has a unit. NULL on failure. */
struct reader *reader_twin(struct reader *reader, struct fail *fail);
/* Where sample number `at` lies, in words (place_text()), in the volume that came in: a user knows
 * no other. */
const char *reader_place(const struct reader *reader, uint64_t at, char text[PLACE_SIZE]);

struct writer;

struct writer_class {
    bool (*write)(struct writer *writer, const float *v, size_t n, struct fail *fail);
    /* Ends the output and frees the writer. whole: every sample was written and nothing failed;
     * else what was written so far is passed on where a stream takes it, and a file is removed. */
    bool (*close)(struct writer *writer, bool whole, struct fail *fail);
};

struct writer {
    const struct writer_class *class;
};

bool writer_write(struct writer *writer, const float *v, size_t n, struct fail *fail);
/* Returns whole, or false when ending the output failed. NULL is allowed. */
bool writer_close(struct writer *writer, bool whole, struct fail *fail);

#endif
