/* Bands: how a reader whose samples are made of those around them, or of whole planes, gets by with
 * little memory.
 *
 * What is made is divided into bands: some rows of one plane, or of several planes that follow each
 * other. They come in the order of the volume. For each band the reader knows the rows of its
 * source that it is made of (a range of planes, and a range of rows, the same in each), and either
 * takes them one after the other (bands_read()) or has them held (rows_hold()). A source that is
 * not read in its own order, or more than once, is read through a clone, and kept in a file without
 * a name where it has none.
 *
 * A morphological filter or a resampling holds the rows around a band; an exact distance, which
 * looks along whole planes, a band of the rows of all planes. */
#ifndef COMMON_STREAM_BANDS_H
#define COMMON_STREAM_BANDS_H

#include "common/stream/stream.h"

/* Rows [low, high) of planes [low, high): [AXIS_PLANE] and [AXIS_ROW]. */
struct band {
    uint64_t low[2], high[2];
};

struct bands {
    struct reader *reader; /* whose samples are made; it owns the source */
    struct reader *from;   /* the source, or a clone of it */
    uint64_t planes, rows; /* of a band, at most; several planes only with all their rows, unless
                            * the reader puts the planes of each step together itself */
    struct band made;      /* the band that is made; empty before the first one */
};

/* Begins before the first band. again: the source is read in another order than its own, or more
 * than once. Sets reader and from; planes and rows are the caller's. Call it before the first
 * sample is read, and bands_close() even after a failure. */
MUST_CHECK bool bands_open(struct bands *bands, struct reader *reader, bool again,
                           struct fail *fail);
void bands_close(struct bands *bands);
/* Goes to the next band. */
void bands_next(struct bands *bands);
/* Whether the band ends with a plane. */
bool bands_end_plane(const struct bands *bands);
/* Reads n samples from a place in the source. */
MUST_CHECK bool bands_read(struct bands *bands, uint64_t at, float *v, size_t n, struct fail *fail);

/* Rows of the source that are held in memory: a ring of planes, and in each a ring of rows. */
struct rows {
    uint64_t planes, rows;               /* for which there is room */
    size_t row_samples, padding, stride; /* samples; before and after a row; from row to row */
    void (*prepare)(float *v, size_t n); /* changes samples once they are read; NULL: it doesn't */
    void (*pad)(const void *state, float *row); /* fills what is before and after; NULL: nothing */
    const void *state;
    float *v;
    struct band held;
    uint64_t counted; /* planes that were read for bands of earlier planes */
};

/* The fields before v are the caller's; slack: samples that may be read behind the last row. False,
 * with errno set, where there is no memory. */
MUST_CHECK bool rows_init(struct rows *rows, size_t slack);
void rows_free(struct rows *rows);
/* Holds the rows of the source that a band sees. None of those that are held already is read again
 * where the planes, or the rows, are those of the last band, and the others did not go back. */
MUST_CHECK bool rows_hold(struct rows *rows, struct bands *bands, const struct band *seen,
                          struct fail *fail);

/* The first sample of a row that is held. */
static inline float *rows_at(const struct rows *rows, uint64_t plane, uint64_t row)
{
    uint64_t number = plane % rows->planes * rows->rows + row % rows->rows;
    return rows->v + number * rows->stride + rows->padding;
}

#endif
