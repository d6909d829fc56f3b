/* PNG pictures, one after the other, row by row. Threads deflate them band by band, several
 * pictures at once where these are small; the bytes are the same for any number of threads. */
#ifndef FORMAT_PNG_WRITE_H
#define FORMAT_PNG_WRITE_H

#include "format/png/band.h"
#include "format/png/file.h"

struct png_out;

/* level: deflate's 0 to 9, or PNG_FAST. NULL on failure. */
struct png_out *png_out_start(int level, struct fail *fail);

/* Begins a picture in path (output.h's rules: NULL is standard output); the one before must have
 * all its rows. A failure may be that of an earlier picture, which it names: files are written,
 * and appear, some time after their last row. */
bool png_out_begin(struct png_out *out, const char *path, const struct png_header *header,
                   struct fail *fail);

/* The next row: its samples pixel after pixel, those of 16 bits with the higher byte first. The
 * last one ends the picture. */
bool png_out_row(struct png_out *out, const unsigned char *row, struct fail *fail);

/* Waits for what is under way and frees out; NULL is allowed. Pictures that have all their rows
 * appear, up to the first that fails; no other does. Returns whole, or false when one failed. */
bool png_out_finish(struct png_out *out, bool whole, struct fail *fail);

#endif
