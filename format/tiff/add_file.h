/* Adds a TIFF file to a stack, in the way that its metadata call for. */
#ifndef FORMAT_TIFF_ADD_FILE_H
#define FORMAT_TIFF_ADD_FILE_H

#include "format/tiff/stack.h"

/* path "-" is standard input. Call tiff_stack_free() also after a failure. */
MUST_CHECK bool tiff_add_file(struct tiff_stack *stack, const char *path, struct fail *fail);

#endif
