/* Writes PNG images, one after the other. Threads filter and compress bands of rows, several images
 * at once where these are small; the bytes are the same for any number of threads. */
#ifndef FORMAT_PNG_WRITE_H
#define FORMAT_PNG_WRITE_H

#include "common/io/pattern.h"
#include "common/picture/image_writer.h"
#include "format/png/band.h"
#include "format/png/file.h"

struct png_options {
    const char *path;              /* of the only image, by output.h's rules; or */
    const struct pattern *pattern; /* makes the paths of images from their numbers; else NULL */
    int level;                     /* deflate's 0 to 9, or PNG_FAST */
    double pixel_count;            /* of all images, about: few are not worth several threads */
    struct png_header header;      /* of every image, but for its width and height */

    /* Called before image `number` is begun: sets the texts of the header. */
    void (*describe)(void *state, uint64_t number);
    void *state;
};

/* options, and what they point to, must last until the writer is closed. NULL on failure. */
MUST_CHECK struct image_writer *png_writer(const struct png_options *options, struct fail *fail);

#endif
