/* What one page of a TIFF file holds. */
#ifndef FORMAT_TIFF_DECODE_PAGE_H
#define FORMAT_TIFF_DECODE_PAGE_H

#include "common/kernel/sample.h"
#include "common/volume/volume.h"
#include "format/tiff/decode/file.h"

/* How stored numbers become samples. By default the numbers of palette pages become colors, and
 * where white is 0 they are inverted. */
struct tiff_decode_options {
    bool raw;          /* leave the stored numbers as they are */
    bool rgb;          /* 8-bit RGB as libtiff renders the page, whatever it holds */
    bool missing_zero; /* samples that are not in the file are 0 */
    uint64_t memory;   /* bytes that may be decoded together; 0: 1 GiB */
};

enum tiff_palette {
    PALETTE_NONE,
    PALETTE_GRAY,   /* black to white in even steps: the indices are gray samples */
    PALETTE_TINTED, /* black to one color in even steps, as fluorescence is shown */
    PALETTE_COLORS,
};

/* How one sample is stored in the bytes that the decoder returns. */
enum tiff_storage {
    STORED_AS_NUMBERS, /* as a C type */
    STORED_BITS,       /* unsigned integers, highest bit first; each row begins at a byte */
    STORED_24,         /* unsigned integers of three bytes */
    STORED_HALF,       /* floats of 16 bits: 1 sign, 5 exponent, 10 fraction */
    STORED_FLOAT24,    /* floats of 24 bits: 1 sign, 7 exponent, 16 fraction */
    STORED_PICTURE,    /* as libtiff renders the page: 8-bit RGB */
};

/* How a page is several images, each of one sample a pixel. */
enum tiff_split {
    SPLIT_NONE,
    SPLIT_SEPARATE, /* each of its separate samples is an image */
    SPLIT_SAMPLES,  /* each of the samples of a pixel */
    SPLIT_ROWS,     /* each row: its columns are the image's rows, their samples its columns */
};

struct tiff_parts {
    enum tiff_split split;
    uint64_t count; /* of images; 0 for SPLIT_NONE */
};

/* A strip or a tile is called a segment. */
struct tiff_page {
    /* As it is delivered: */
    uint64_t rows, columns;
    uint16_t channels;
    enum channel_kind channel_kind;
    enum sample_type type;

    /* As it is stored: */
    enum tiff_storage storage;
    unsigned bits;             /* per sample */
    uint16_t samples;          /* per pixel */
    enum sample_type unpacked; /* type of a single sample, unpacked from storage */
    enum tiff_palette palette;
    bool has_palette_colors; /* samples are indices that the palette's colors replace */
    bool inverted;           /* the largest number is black */
    bool mirrored;           /* the first column is at the right */
    bool upside_down;        /* the first row is at the bottom */

    struct tiff_parts parts; /* the images that it is */

    unsigned repairs; /* see enum tiff_repair */
    bool sparse;      /* some segments have no bytes in the file: their samples are 0 */
    bool separate;    /* channel after channel, not pixel after pixel */
    bool compressed;  /* or in need of libtiff for another reason */
    bool tiled;
    uint64_t segment_rows, segment_columns;
    uint64_t segments_across; /* tiles in a row of tiles; 1 for strips */
    uint64_t segments;        /* of one channel if they are separate, else of all */
    uint64_t first_segment;   /* of the only channel that is read, see tiff_page_use_sample() */
    uint64_t data_offset; /* of the samples if they are one uncompressed run of numbers; else 0 */
};

/* Sets `storage` and `unpacked` for samples of a SampleFormat; false if none are taken of so many
 * bits. */
MUST_CHECK bool tiff_page_find_type(struct tiff_page *page, unsigned bits, unsigned format);
/* All sizes in bytes that are computed from the page's fit in 64 bits. */
bool tiff_page_fits(const struct tiff_page *page);
/* Delivers the indices of a palette page instead of its colors. */
void tiff_page_use_indices(struct tiff_page *page);

/* Reads one of separate samples alone, as if the page had no others. May be called again. */
void tiff_page_use_sample(struct tiff_page *page, uint64_t sample);
/* Makes it several images, if it has as many parts. */
void tiff_page_divide(struct tiff_page *page, struct tiff_parts parts);
/* How many images it is. */
uint64_t tiff_page_images(const struct tiff_page *page);
/* Makes its facts those of each of its images as that is delivered. */
void tiff_page_use_image(struct tiff_page *page);

/* Bytes of a voxel as it is delivered. */
size_t tiff_voxel_size(const struct tiff_page *page);
/* Samples in a row of a segment, and their bytes as stored. */
uint64_t tiff_row_samples(const struct tiff_page *page);
uint64_t tiff_row_bytes(const struct tiff_page *page);
/* Bytes of all samples as stored, without compression. */
uint64_t tiff_page_size(const struct tiff_page *page);
/* Rows of a strip: the last one may have fewer. */
uint64_t tiff_strip_rows(const struct tiff_page *page, uint64_t strip);
/* Bytes of a whole segment, decoded. */
uint64_t tiff_segment_size(const struct tiff_page *page);
/* The same of segment number `segment`: the last strip may be shorter. */
uint64_t tiff_segment_bytes(const struct tiff_page *page, uint64_t segment);
/* Bytes of all segments that are decoded together: a row of tiles, or a strip of each separate
 * channel. */
uint64_t tiff_decoded_size(const struct tiff_page *page);

/* Factor that maps the full scale of the delivered integers to 1, as img_as_float does; 1 for
 * floats. */
double tiff_page_unit_scale(const struct tiff_page *page);
/* The stored type's usual name: "uint8", "uint12", "float16". */
#define TIFF_TYPE_TEXT 16
const char *tiff_page_type(const struct tiff_page *page, char text[TIFF_TYPE_TEXT]);

/* The pages can be planes of one volume. */
bool tiff_pages_compatible(const struct tiff_page *a, const struct tiff_page *b);
/* The facts of one page, except data_offset, hold for the other too. */
bool tiff_pages_same_layout(const struct tiff_page *a, const struct tiff_page *b);
/* "256 x 256 uint8 RGB" */
#define TIFF_PAGE_TEXT 80
const char *tiff_page_text(const struct tiff_page *page, char text[TIFF_PAGE_TEXT]);

#endif
