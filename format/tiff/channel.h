/* One channel of a stack: its planes after one another, as floats. */
#ifndef FORMAT_TIFF_CHANNEL_H
#define FORMAT_TIFF_CHANNEL_H

#include <pthread.h>

#include "format/tiff/decode/rows.h"
#include "format/tiff/stack/stack.h"

/* What a reader and its clones share. While they read, only the files of the stack change. */
struct tiff_shared {
    struct tiff_stack stack;
    double scale;          /* applied to stored numbers */
    struct reader *reader; /* the one that is no clone */
    pthread_mutex_t mutex; /* for opening and releasing files of the stack */
    size_t readers;
};

struct tiff_channel {
    struct tiff_shared *shared;
    size_t number;
    bool is_clone;         /* of a cloned reader: its memory is limited, see tiff_channel_read() */
    struct tiff_file file; /* a clone of the open input file's */
    uint32_t input;        /* that file's number, or NO_INPUT */
    uint64_t plane;        /* the current one */
    bool is_missing;       /* it has no page; its samples are 0 */
    uint64_t part;         /* of its page, where that is several images */
    struct tiff_rows rows; /* of its page */
};

/* About the memory, in bytes, that libtiff needs beside the samples to decode anything. */
#define TIFF_DECODER_SIZE (128 << 10)

void tiff_channel_begin(struct tiff_channel *channel, struct tiff_shared *shared, size_t number,
                        bool is_clone);
/* Reads samples from number `skipped` of voxel `voxel` on: at least one, at most n. Returns how
 * many, 0 on failure. A clone also fails on a page that needs more memory than the first page, so
 * that the reader itself decodes it. */
MUST_CHECK size_t tiff_channel_read(struct tiff_channel *channel, uint64_t voxel, size_t skipped,
                                    float *v, size_t n, struct fail *fail);
void tiff_channel_end(struct tiff_channel *channel);

#endif
