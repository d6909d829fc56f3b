/* The channels and the frame of a series that the options select. */
#ifndef FORMAT_TIFF_STACK_CHOOSE_H
#define FORMAT_TIFF_STACK_CHOOSE_H

#include "format/tiff/stack/stack.h"

/* Channels [channel, channel + channels) of a frame. */
struct tiff_choice {
    uint64_t channel, channels, frame;
};

/* name: of the file. samples: of a pixel, if these are the channels; else 1. Keeps in the stack
 * what is known of those channels. */
MUST_CHECK bool tiff_choose(struct tiff_stack *stack, const char *name,
                            const struct tiff_series *series, uint64_t samples,
                            struct tiff_choice *choice, struct fail *fail);
/* The same, and adds its images, all zero, plane after plane. samples: of a pixel of its pages.
 * NULL on failure. */
MUST_CHECK struct tiff_image *tiff_choose_images(struct tiff_stack *stack, const char *name,
                                                 const struct tiff_series *series, uint64_t samples,
                                                 struct tiff_choice *choice, struct fail *fail);

#endif
