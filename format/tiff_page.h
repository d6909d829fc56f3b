/* What one page of a TIFF file holds, and whether we read it: every refusal of a page is here. */
#ifndef FORMAT_TIFF_PAGE_H
#define FORMAT_TIFF_PAGE_H

#include "common/volume.h"
#include "format/sample.h"
#include "format/tiff_file.h"

/* What the stored numbers of a palette page stand for. */
enum tiff_palette {
    PALETTE_NONE,
    PALETTE_GRAY,   /* for themselves: black to white in even steps */
    PALETTE_TINTED, /* black to one color in even steps, as fluorescence is shown */
    PALETTE_COLORS,
};

struct tiff_page {
    uint64_t rows, columns;
    uint16_t channels;
    enum channel_kind channel_kind;
    enum sample_type type;
    enum tiff_palette palette;

    bool separate;   /* channel after channel, not voxel after voxel */
    bool compressed; /* or in need of libtiff for another reason */
    bool tiled;
    uint64_t unit_rows, unit_columns; /* of a strip or a tile */
    uint64_t units_across;            /* tiles in a row of tiles; 1 for strips */
    uint64_t units;                   /* of one channel where they are separate, else of all */
    uint64_t data; /* offset of the samples where they lie in one piece, as they are; else 0 */
};

/* Reads the facts of the page whose directory was entered. */
bool tiff_page_read(struct tiff_file *file, uint64_t number, struct tiff_page *page,
                    struct fail *fail);

/* Bytes of a sample of every channel of a voxel; of all voxels. */
size_t tiff_voxel_size(const struct tiff_page *page);
uint64_t tiff_page_size(const struct tiff_page *page);
/* Bytes of a whole strip or tile, decoded (of one channel where they are separate). */
uint64_t tiff_unit_size(const struct tiff_page *page);
/* The same of strip or tile number `unit`: the last strip may be shorter. */
uint64_t tiff_unit_bytes(const struct tiff_page *page, uint64_t unit);

/* Both can be planes of one volume. */
bool tiff_pages_agree(const struct tiff_page *a, const struct tiff_page *b);
/* "256 x 256 uint8 RGB" */
#define TIFF_PAGE_TEXT 80
const char *tiff_page_text(const struct tiff_page *page, char text[TIFF_PAGE_TEXT]);

#endif
