/* The samples of one page of a TIFF file, as they are stored, a piece at a time. */
#ifndef FORMAT_TIFF_DECODE_ROWS_H
#define FORMAT_TIFF_DECODE_ROWS_H

#include "format/tiff/decode/checksum.h"
#include "format/tiff/decode/page.h"

struct tiff_rows {
    struct tiff_file *file;
    uint64_t number; /* of the page, for messages */
    struct tiff_page page;

    /* Voxels first..first+count of the page as it is delivered, channels side by side. */
    unsigned char *voxels;
    uint64_t first, count;
    size_t room;
    bool swapped; /* in the other byte order than this machine's */

    unsigned char *unit; /* what was decoded or read before it is put in order */
    size_t unit_room;
    uint64_t held;     /* row of tiles, or strip, that unit holds */
    uint64_t next_row; /* that libtiff decodes next, in a strip that is read by rows */
    bool broken;       /* decoding failed in front of next_row */
    bool is_damaged;   /* a large strip could not be decoded at once */
    struct tiff_checksum checksum;
};

/* Turns to another page, which was entered in file unless its data is known. */
void tiff_rows_begin(struct tiff_rows *rows, struct tiff_file *file, uint64_t number,
                     const struct tiff_page *page);
/* Sees to it that `voxel` is among those that are held. */
bool tiff_rows_hold(struct tiff_rows *rows, uint64_t voxel, struct fail *fail);
void tiff_rows_free(struct tiff_rows *rows);

#endif
