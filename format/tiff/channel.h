/* One channel of a stack: its planes one behind the other, as floats. */
#ifndef FORMAT_TIFF_CHANNEL_H
#define FORMAT_TIFF_CHANNEL_H

#include <pthread.h>

#include "format/tiff/decode/rows.h"
#include "format/tiff/stack.h"

/* What a reader and its clones share. Only the files of the stack change while they read. */
struct tiff_shared {
    struct tiff_stack stack;
    double scale;            /* of stored numbers */
    pthread_mutex_t opening; /* or leaving a part of the stack */
    size_t readers;
};

struct tiff_channel {
    struct tiff_shared *shared;
    size_t number;
    bool is_clone; /* of a clone: it takes no more memory than the first page makes expect */
    struct tiff_file file; /* a view of its own on the part's file */
    size_t part;           /* that is open */
    uint64_t plane;        /* that rows hold */
    bool is_missing;       /* its samples are 0 */
    struct tiff_rows rows;
};

#define TIFF_LITTLE (128 << 10) /* bytes that libtiff needs to decode anything, about */

void tiff_channel_begin(struct tiff_channel *lane, struct tiff_shared *shared, size_t number,
                        bool is_clone);
/* The next samples from a voxel on, so many of whose were read before: at least one sample, at most
 * n. Returns how many, 0 on failure. */
size_t tiff_channel_read(struct tiff_channel *lane, uint64_t voxel, size_t skipped, float *v,
                         size_t n, struct fail *fail);
void tiff_channel_end(struct tiff_channel *lane);

#endif
