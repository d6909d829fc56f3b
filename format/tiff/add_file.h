/* Adds a TIFF file to a stack, by whatever its metadata say it is. */
#ifndef FORMAT_TIFF_ADD_FILE_H
#define FORMAT_TIFF_ADD_FILE_H

#include "format/tiff/stack.h"

/* Adds what the file holds to the stack; path "-" is standard input. tiff_stack_free() is due after
 * a failure too. */
bool tiff_add_file(struct tiff_stack *stack, const char *path, struct fail *fail);

#endif
