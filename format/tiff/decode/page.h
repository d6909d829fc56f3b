/* What one page of a TIFF file holds, and whether we read it: every refusal of a page is here. */
#ifndef FORMAT_TIFF_DECODE_PAGE_H
#define FORMAT_TIFF_DECODE_PAGE_H

#include "common/kernel/sample.h"
#include "common/volume/volume.h"
#include "format/tiff/decode/file.h"

/* How pages are to be taken. */
struct tiff_decode_options {
    bool raw; /* stored numbers: indices of palettes, not their colors, white where that is 0 */
    bool rgb; /* libtiff's picture of the page, 8-bit RGB, whatever it holds */
};

/* What the stored numbers of a palette page stand for. */
enum tiff_palette {
    PALETTE_NONE,
    PALETTE_GRAY,   /* for themselves: black to white in even steps */
    PALETTE_TINTED, /* black to one color in even steps, as fluorescence is shown */
    PALETTE_COLORS,
};

/* How one sample lies in the bytes that the decoder gives. */
enum tiff_storage {
    STORED_AS_NUMBERS, /* of their type */
    STORED_BITS,       /* whole numbers, the highest bit first, rows begin with a byte */
    STORED_24,         /* whole numbers of three bytes */
    STORED_HALF,       /* floats of 16 bits: 1 sign, 5 exponent, 10 fraction */
    STORED_FLOAT24,    /* floats of 24 bits: 1 sign, 7 exponent, 16 fraction */
    STORED_PICTURE,    /* what libtiff makes of it: 8-bit RGB */
};

struct tiff_page {
    /* As it is delivered: */
    uint64_t rows, columns;
    uint16_t channels;
    enum channel_kind channel_kind;
    enum sample_type type;

    /* As it is stored: */
    enum tiff_storage storage;
    unsigned bits;           /* of a sample */
    uint16_t samples;        /* a voxel */
    enum sample_type number; /* that one sample is taken out as */
    enum tiff_palette palette;
    bool takes_colors; /* numbers are indices, which become the colors of the palette */
    bool inverted;     /* the largest number is black */
    bool mirrored;     /* the first column is to the right */
    bool upside_down;  /* the first row is at the bottom */

    bool separate;   /* channel after channel, not voxel after voxel */
    bool compressed; /* or in need of libtiff for another reason */
    bool tiled;
    uint64_t unit_rows, unit_columns; /* of a strip or a tile */
    uint64_t units_across;            /* tiles in a row of tiles; 1 for strips */
    uint64_t units;                   /* of one channel where they are separate, else of all */
    uint64_t data; /* offset of the samples where they lie in one piece, as they are; else 0 */
};

/* Reads the facts of the page whose directory was entered. */
bool tiff_page_read(struct tiff_file *file, uint64_t number,
                    const struct tiff_decode_options *decoding, struct tiff_page *page,
                    struct fail *fail);
/* A palette of which only the indices are wanted: ImageJ's, which shows gray samples in a color. */
void tiff_page_take_indices(struct tiff_page *page);

/* Bytes of a voxel as it is delivered. */
size_t tiff_voxel_size(const struct tiff_page *page);
/* Samples of every row of a strip or tile, and the bytes that they take there. */
uint64_t tiff_row_samples(const struct tiff_page *page);
uint64_t tiff_row_bytes(const struct tiff_page *page);
/* Bytes of all samples as they are stored, but for compression. */
uint64_t tiff_page_size(const struct tiff_page *page);
/* Bytes of a whole strip or tile, decoded (of one channel where they are separate). */
uint64_t tiff_unit_size(const struct tiff_page *page);
/* The same of strip or tile number `unit`: the last strip may be shorter. */
uint64_t tiff_unit_bytes(const struct tiff_page *page, uint64_t unit);
/* Bytes of all that are decoded at once: a row of tiles, or a strip of each separate channel. */
uint64_t tiff_held_size(const struct tiff_page *page);

/* What maps the full scale of the delivered integers to 1, as img_as_float does; 1 for floats. */
double tiff_page_unit_scale(const struct tiff_page *page);
/* The type as people know it: "uint8", "uint12", "float16". */
#define TIFF_TYPE_TEXT 16
const char *tiff_page_type(const struct tiff_page *page, char text[TIFF_TYPE_TEXT]);

/* Both can be planes of one volume. */
bool tiff_pages_agree(const struct tiff_page *a, const struct tiff_page *b);
/* Their samples lie the same way: one's facts, but for data, do for the other. */
bool tiff_pages_lie_alike(const struct tiff_page *a, const struct tiff_page *b);
/* "256 x 256 uint8 RGB" */
#define TIFF_PAGE_TEXT 80
const char *tiff_page_text(const struct tiff_page *page, char text[TIFF_PAGE_TEXT]);

#endif
