/* Adds a TIFF file to a stack, in the way that its metadata call for. */
#ifndef FORMAT_TIFF_ADD_FILE_H
#define FORMAT_TIFF_ADD_FILE_H

#include "format/tiff/stack/stack.h"

/* path "-" is standard input. Call tiff_stack_free() also after a failure. */
MUST_CHECK bool tiff_add_file(struct tiff_stack *stack, const char *path, struct fail *fail);

/* Adds the plane of a file without opening it, if the first file holds one and this one's size says
 * that it does so too. OUTCOME_CANNOT: it is not. */
MUST_CHECK enum outcome tiff_add_plane_unopened(struct tiff_stack *stack, const char *path,
                                                struct fail *fail);

#endif
