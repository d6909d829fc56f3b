/* OME-TIFF data sets: one or more files whose XML says which page is which channel, plane, frame.
 */
#ifndef FORMAT_TIFF_DATA_SET_DATA_SET_H
#define FORMAT_TIFF_DATA_SET_DATA_SET_H

#include "format/tiff/stack/stack.h"

/* Adds the images of a data set to the stack. named: the input file that the user named, which is
 * open. */
MUST_CHECK bool data_set_add(struct tiff_stack *stack, uint32_t named,
                             struct tiff_metadata *metadata, struct fail *fail);

#endif
