/* The pages of a file as images of a stack, by what the file says of them. */
#ifndef FORMAT_TIFF_STACK_FILE_PAGES_H
#define FORMAT_TIFF_STACK_FILE_PAGES_H

#include "format/tiff/stack/stack.h"

/* Reads the facts of a file's pages, and which of them are a series of their own. pages: {0}, or
 * with `cut`; to be freed also after a failure. */
MUST_CHECK bool tiff_read_file_pages(struct tiff_stack *stack, const struct tiff_input *input,
                                     struct tiff_metadata *metadata, struct tiff_pages *pages,
                                     struct fail *fail);
/* Adds the images of placed pages, when those of all files are there. */
MUST_CHECK bool tiff_add_placed_pages(struct tiff_stack *stack, struct fail *fail);
/* Finds how many images the pages of a file are, and completes the counts and order of its series.
 */
MUST_CHECK bool tiff_count_images(const struct tiff_stack *stack, const struct tiff_input *input,
                                  const struct tiff_pages *pages, struct tiff_metadata *metadata,
                                  uint64_t *images, struct fail *fail);
/* Adds the pages of input file `number`, which is open, by its metadata, which are not OME's. */
MUST_CHECK bool tiff_add_file_pages(struct tiff_stack *stack, uint32_t number,
                                    struct tiff_metadata *metadata, struct fail *fail);

#endif
