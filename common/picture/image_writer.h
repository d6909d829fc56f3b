/* Images out, row by row: the interface that an image format fills in. */
#ifndef COMMON_PICTURE_IMAGE_WRITER_H
#define COMMON_PICTURE_IMAGE_WRITER_H

#include "common/stream/stream.h"

struct image_writer;

struct image_writer_class {
    bool (*begin)(struct image_writer *images, uint64_t number, uint64_t width, uint64_t height,
                  struct fail *fail);
    bool (*row)(struct image_writer *images, const unsigned char *pixels, struct fail *fail);
};

struct image_writer {
    /* Only to be closed: waits until all images are written. Images that have all their rows
     * appear, up to the first that fails; no other does. */
    struct writer writer;
    const struct image_writer_class *class;
};

/* Begins image `number`, of width x height pixels; the image before it must have all its rows.
 * Images may be written some time after their last row, so a failure may be that of an earlier
 * image, which it names. */
MUST_CHECK static inline bool image_writer_begin(struct image_writer *images, uint64_t number,
                                                 uint64_t width, uint64_t height, struct fail *fail)
{
    return images->class->begin(images, number, width, height, fail);
}

/* The next row, from top to bottom: its samples pixel after pixel, those of 16 bits with the higher
 * byte first. The last row completes the image. */
MUST_CHECK static inline bool image_writer_row(struct image_writer *images,
                                               const unsigned char *pixels, struct fail *fail)
{
    return images->class->row(images, pixels, fail);
}

#endif
