/* OME-TIFF data sets: one or more files whose XML tells which page is which channel, plane, frame.
 */
#ifndef FORMAT_TIFF_DATA_SET_H
#define FORMAT_TIFF_DATA_SET_H

#include "format/tiff/stack.h"

/* Adds the images of an OME-TIFF set, of which part is the file that was named. */
bool data_set_add(struct tiff_stack *stack, size_t part, struct tiff_metadata *metadata,
                  struct fail *fail);
/* Where about only names the file that describes the set, reads that one. */
bool data_set_describe(const char *path, struct tiff_metadata *metadata, struct fail *fail);

#endif
