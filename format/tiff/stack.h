/* Which pages of which files are the planes of a stack. */
#ifndef FORMAT_TIFF_STACK_H
#define FORMAT_TIFF_STACK_H

#include <sys/types.h>

#include "format/tiff/options.h"
#include "format/tiff/pages.h"

/* One channel of one plane. */
struct tiff_image {
    uint64_t directory; /* 0: there is none, its samples are 0 */
    uint64_t data;
    uint32_t part, number; /* file, and page in it */
};

struct tiff_part {
    char *path;
    const char *name; /* for messages */
    uint64_t size;    /* when it was looked at */
    uint64_t first_directory;
    dev_t device;
    ino_t inode;
    bool is_brought; /* not named by the user but by another file */
    bool is_imagej;
    struct tiff_file *file; /* NULL while it is not open */
    size_t users;
    struct tiff_pages pages; /* of a file of a set, while it is looked at */
};

struct tiff_stack {
    struct tiff_options options;
    struct tiff_decode_options decoding;
    struct tiff_part *parts;
    size_t part_count;
    struct tiff_image *images; /* channel after channel of each plane */
    uint64_t image_count, image_room;
    uint64_t lanes; /* images a plane; 0: not known yet */

    struct tiff_page page; /* what every page is like */
    size_t page_part, page_number;
    bool picks_sample; /* one of the samples of a pixel is the channel asked for */
    uint64_t sample;
    bool samples_are_channels;

    /* Of the first file: */
    const char *dialect;
    struct tiff_calibration calibration;
    double spacing[AXES];
    char unit[AXES][UNIT_SIZE];
};

/* Frees a stack that was begun with {0}, whatever became of it. */
void tiff_stack_free(struct tiff_stack *stack);

/* The part's file for one more user, and one less: a stack can't keep all its files open. Only one
 * thread at a time may call these. */
struct tiff_file *tiff_stack_open(struct tiff_stack *stack, size_t part, struct fail *fail);
void tiff_stack_leave(struct tiff_stack *stack, size_t part);

/* Settles how many images the pages of a file are, and how they are ordered. */
bool tiff_stack_settle(const struct tiff_stack *stack, const struct tiff_part *part,
                       const struct tiff_pages *pages, struct tiff_metadata *metadata,
                       uint64_t *images, struct fail *fail);

/* A new part; its number, SIZE_MAX when there is no memory. */
size_t tiff_stack_part(struct tiff_stack *stack, const char *path, struct fail *fail);
struct tiff_image *tiff_stack_room(struct tiff_stack *stack, uint64_t images, struct fail *fail);
/* The page fits those before it. */
bool tiff_stack_agree(struct tiff_stack *stack, size_t part, uint64_t number,
                      const struct tiff_page *page, struct fail *fail);
/* Finds the channels [first, first + count) and the frame asked for. samples: a pixel, where these
 * are the channels; else 1. */
struct tiff_choice {
    uint64_t channel, channels, frame;
};
bool tiff_stack_choose(struct tiff_stack *stack, const char *name, const struct tiff_series *series,
                       uint64_t samples, struct tiff_choice *choice, struct fail *fail);
/* Adds the pages of one file that stand for themselves (no OME-TIFF): file number `number`, which
 * is open and described by `metadata`. */
bool tiff_stack_add_pages(struct tiff_stack *stack, size_t number, struct tiff_metadata *metadata,
                          struct fail *fail);

#endif
