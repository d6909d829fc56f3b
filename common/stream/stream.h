/* Samples in order, one interface for every source and every destination: a file format fills in
 * the functions, the loop (loop.h) calls them, and readers can be stacked on one another (crop.h,
 * second_pass.h). */
#ifndef COMMON_STREAM_STREAM_H
#define COMMON_STREAM_STREAM_H

#include "common/base/fail.h"
#include "common/volume/volume.h"

struct reader;

struct reader_class {
    /* Fills v with the next n samples and returns how many there were. Fewer than n is a failure,
     * for which fail is set unless the input just ended. */
    size_t (*read)(struct reader *reader, float *v, size_t n, struct fail *fail);
    /* Skips n samples. On a short input returns false, with `at` moved to where it ends. NULL:
     * samples are read and dropped. */
    bool (*skip)(struct reader *reader, uint64_t n, struct fail *fail);
    /* Makes the next sample the first one again. NULL: this reader can't. */
    enum outcome (*rewind)(struct reader *reader, struct fail *fail);
    /* Another reader of the same samples, which stands at the first of them and may be used by
     * another thread. It can be rewound and cloned. The thread that owns this reader makes and
     * closes its clones, and closes them first. NULL on failure. Only called where there are
     * clones. */
    struct reader *(*clone)(struct reader *reader, struct fail *fail);
    /* Called when the last sample was read or skipped: looks at what follows it. False, with fail
     * set, where what was read can't be right. NULL: nothing can follow. */
    bool (*end)(struct reader *reader, struct fail *fail);
    /* Frees everything, the reader too. */
    void (*close)(struct reader *reader);
    /* The number in the source of sample number `at`. NULL: there is no source, or samples are not
     * its own. */
    uint64_t (*place)(const struct reader *reader, uint64_t at);
    /* Number i of the readers that this one is made of, where these are several; the first is its
     * source. NULL: there are not so many. */
    struct reader *(*part)(const struct reader *reader, size_t i);
};

/* How samples can be reached. Where there are clones, skipping is cheap. */
enum access {
    ACCESS_IN_ORDER, /* by this reader alone: it has no clones */
    ACCESS_BLOCKS, /* by clones too; samples are decoded in blocks, so that they read whole ones */
    ACCESS_ANY     /* by clones too, each sample alone */
};

struct reader {
    const struct reader_class *class;
    const char *name;     /* for messages: "standard input", a file's name; outlives the reader */
    struct volume volume; /* what will be read; owned by the reader, freed by reader_close() */
    uint64_t at;          /* number of the next sample, from 0 */

    enum access access;
    uint64_t decode_block; /* ACCESS_BLOCKS: samples of one; each plane begins with a new block */
    uint64_t clone_size;   /* bytes of memory that a clone takes */

    /* Samples that are not what the file holds, in this pass and in an earlier one; what is wrong
     * with them, in words. A clone, and a clone of one, counts for the reader that is none
     * (original). */
    _Atomic uint64_t inexact, inexact_before;
    const char *inexact_words;
    struct reader *original; /* of a clone */
    const char *notice;      /* what the user should know of the input; NULL: nothing */
    const char *rest;        /* what follows the last sample, in words; NULL: nothing */

    struct reader
        *source; /* the reader whose samples these are made of, which this one owns; or NULL */
};

/* Fills v with the next n samples (n at most what is left of the volume). On a short input returns
 * how many samples there were, with the failure "NAME: stream ends in plane 17 of 60 (row 200)".
 * Before the last sample is returned, the sources are read to their ends, also where this reader
 * leaves samples out: no result looks whole of an input that is not, and no program that writes to
 * us through a pipe is cut off. The same holds for reader_skip(). */
MUST_CHECK size_t reader_read(struct reader *reader, float *v, size_t n, struct fail *fail);
MUST_CHECK bool reader_skip(struct reader *reader, uint64_t n, struct fail *fail);
/* Reads n samples for nothing: how a reader skips that has no better way. */
MUST_CHECK bool reader_drop(struct reader *reader, uint64_t n, struct fail *fail);
/* OUTCOME_CANNOT: see second_pass.h. */
MUST_CHECK enum outcome reader_rewind(struct reader *reader, struct fail *fail);
/* Makes sample number `at` the next one. Going back fails for a reader that can't be rewound. */
MUST_CHECK bool reader_seek(struct reader *reader, uint64_t at, struct fail *fail);
static inline bool reader_has_clones(const struct reader *reader)
{
    return reader->access != ACCESS_IN_ORDER;
}

/* Only of a reader that has clones. NULL on failure. */
MUST_CHECK struct reader *reader_clone(struct reader *reader, struct fail *fail);
/* For formats: n more samples could not become a float of the same value. */
void reader_count_inexact(struct reader *reader, uint64_t n);
/* How many there were in the pass that had most; *words: what is wrong with them. */
uint64_t reader_inexact(const struct reader *reader, const char **words);
void reader_close(struct reader *reader); /* NULL is allowed */
/* The last one first. */
void readers_close(struct reader *const *readers, size_t count);
/* Where sample number `at` lies, in words (place_text()), in the volume that came in: the user
 * knows no other. */
const char *reader_place(const struct reader *reader, uint64_t at, char text[PLACE_SIZE]);
/* Fails with "NAME: infinite sample at PLACE" and advice, which begins with punctuation. */
bool reader_refuse_infinite(const struct reader *reader, uint64_t at, const char *advice,
                            struct fail *fail);

/* Allocates a zeroed struct of `size` bytes that begins with a struct reader, one that is made of
 * the samples of source, which it owns from now on. It has source's name and a copy of its volume.
 * On failure returns NULL and closes source. */
MUST_CHECK void *reader_stack_create(size_t size, const struct reader_class *class,
                                     struct reader *source, struct fail *fail);
/* Samples that a reader has made at once and passes on piece by piece. */
struct ready {
    const float *v;
    size_t samples;
};

/* Makes samples ready, at least one. */
typedef bool reader_maker(struct reader *reader, struct fail *fail);

/* For the read() of a class whose samples are made in larger pieces than are asked for: passes on
 * what is ready, and makes more. */
size_t reader_pass_on(struct reader *reader, struct ready *ready, reader_maker *make, float *v,
                      size_t n, struct fail *fail);

/* For the clone() of a class: a copy of the reader, a struct of `size` bytes, which stands at the
 * first sample and counts for the reader. NULL on failure. */
MUST_CHECK void *reader_copy(struct reader *reader, size_t size, struct fail *fail);
/* Samples can be reached as those of the source; a clone takes so many bytes more. */
void reader_stack_access(struct reader *reader, uint64_t more_size);

/* Functions of a class that reads wherever `at` says: nothing is to be done. */
bool reader_at_skip(struct reader *reader, uint64_t n, struct fail *fail);
enum outcome reader_at_rewind(struct reader *reader, struct fail *fail);
/* Functions of a class: rewinds the source; says that samples are those of the source, with their
 * numbers; closes the source and frees the struct. */
enum outcome reader_stack_rewind(struct reader *reader, struct fail *fail);
uint64_t reader_stack_place(const struct reader *reader, uint64_t at);
void reader_stack_close(struct reader *reader);

struct writer;

struct writer_class {
    bool (*write)(struct writer *writer, const float *v, size_t n, struct fail *fail);
    /* Lends memory for n samples, which write() passes on without a copy; n and count are the same
     * in each call, and at most `count` spans are out at a time. What was written is not changed
     * from there on. NULL: there is none, now and from here on. take_back() ends the loan, also
     * where nothing was written. lend NULL: this writer has none. */
    float *(*lend)(struct writer *writer, size_t n, size_t count);
    void (*take_back)(struct writer *writer, const float *span);
    /* Ends the output and frees the writer. whole: every sample was written and nothing failed;
     * otherwise a stream passes on what was written so far, and a file is removed. */
    bool (*close)(struct writer *writer, bool whole, struct fail *fail);
};

struct writer {
    const struct writer_class *class;
    const char *notice; /* what the output can't hold of what is known, in words; NULL: nothing */
    uint64_t unwritten; /* samples that are still to come, where that is known */
};

MUST_CHECK bool writer_write(struct writer *writer, const float *v, size_t n, struct fail *fail);
/* Returns whole, or false when ending the output failed or not all samples were written. NULL is
 * allowed. */
MUST_CHECK bool writer_close(struct writer *writer, bool whole, struct fail *fail);

#endif
