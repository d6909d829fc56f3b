/* The samples of one page of a TIFF file, decoded a few rows at a time. */
#ifndef FORMAT_TIFF_DECODE_ROWS_H
#define FORMAT_TIFF_DECODE_ROWS_H

#include "format/tiff/decode/checksum.h"
#include "format/tiff/decode/page.h"

struct tiff_rows {
    struct tiff_file *file;
    uint64_t number; /* of the page, for messages */
    struct tiff_page page;

    /* Buffered: voxels first..first+count of the page as it is delivered, channels side by side. */
    unsigned char *voxels;
    uint64_t first, count;
    size_t voxels_capacity; /* bytes */
    bool swapped;           /* in the other byte order than this machine's */

    unsigned char *segments; /* decoded or read bytes that are not yet voxels */
    size_t segments_capacity;
    uint64_t segment_row; /* the row of tiles, or strip, in segments */
    uint64_t next_row;    /* that libtiff decodes next if a strip is read row by row */
    bool broken;          /* decoding failed before next_row */
    bool is_damaged;      /* a large strip could not be decoded at once */
    struct tiff_checksum checksum;
};

/* Begins another page: the current directory's of the file, or any whose data_offset is known. */
void tiff_rows_begin(struct tiff_rows *rows, struct tiff_file *file, uint64_t number,
                     const struct tiff_page *page);
/* Makes sure that voxel number `voxel` is among the buffered ones. */
MUST_CHECK bool tiff_rows_load(struct tiff_rows *rows, uint64_t voxel, struct fail *fail);
void tiff_rows_free(struct tiff_rows *rows);

#endif
