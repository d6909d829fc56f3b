#include "format/tiff/write/container.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/io/output.h"
#include "common/io/scratch.h"
#include "format/tiff/decode/tags.h"
#include "format/tiff/write/description.h"
#include "format/tiff/write/directory.h"
#include "format/tiff/write/strip.h"

/* Layout of the file: space for a header, the samples of all pages, the directories. Uncompressed
 * pages follow each other without a gap, as ImageJ expects them whatever the directories say; that
 * is why libtiff, which puts each directory after its page, only compresses strips here. The header
 * is written last: only then is it known whether the file must be a BigTIFF, and a file that was
 * cut short is none at all. */

#define MAX_COMPRESSED_ROW (4u << 20) /* bytes: a row is compressed as a whole, in memory */
#define STRIP_SAMPLES 65536           /* of a strip, or one row if that has more */
#define BUFFER_SAMPLES (1 << 20)      /* the same for the strips of all pages of a plane together */
#define MAX_SIZE INT32_MAX            /* of an axis: what other readers can count */
#define MAX_CLASSIC_SIZE UINT32_MAX

struct tiff_writer {
    struct writer writer;
    struct output output;
    struct tiff_write_options options;
    struct tiff_description description;
    float scale;

    uint64_t columns, rows, planes;
    uint64_t pages;              /* of a plane, see tiff_pages_a_plane() */
    uint64_t samples;            /* per pixel of a page */
    uint64_t pixels;             /* of a page */
    uint64_t strip_rows, strips; /* strips of a page */

    /* A plane is written block by block: the same pixels of each of its pages. Compressed, a block
     * is a strip of each page. */
    uint64_t block;           /* pixels; the last of a plane may have fewer */
    float *buffered;          /* the current block, page after page */
    unsigned char *converted; /* one page's part of it, as it is stored */
    uint64_t at;              /* samples received so far */

    struct tiff_strip strip;
    struct scratch strip_sizes; /* compressed bytes of each strip, uint32_t, in the file's order */
    uint64_t next;              /* number of the next strip */
    uint64_t end;               /* of the samples in the file */
};

double tiff_max_sample(const struct tiff_write_options *options)
{
    static const double largest_float_below_2_32 = 4294967040;
    return !options->raw                    ? 1
           : options->type == SAMPLE_UINT32 ? largest_float_below_2_32
                                            : sample_largest(options->type);
}

bool tiff_can_compress(enum tiff_compression_scheme compression)
{
    return compression == COMPRESS_NONE ||
           TIFFIsCODECConfigured(tiff_compression_number(compression));
}

static bool is_compressed(const struct tiff_writer *tiff)
{
    return tiff->options.compression != COMPRESS_NONE;
}

static size_t pixel_size(const struct tiff_writer *tiff)
{
    return tiff->samples * sample_size(tiff->options.type);
}

/* ---- samples ------------------------------------------------------------------------------- */

/* Writes the converted part of a page, which begins with pixel `first`. */
static bool write_page_block(struct tiff_writer *tiff, uint64_t plane, uint64_t page,
                             uint64_t first, uint64_t pixels, struct fail *fail)
{
    size_t size = pixels * pixel_size(tiff);
    if (!is_compressed(tiff)) {
        uint64_t before = (plane * tiff->pages + page) * tiff->pixels + first;
        return output_write_at(&tiff->output, TIFF_HEADER_SIZE + before * pixel_size(tiff),
                               tiff->converted, size, fail);
    }
    uint32_t rows = (uint32_t)(pixels / tiff->columns);
    const unsigned char *bytes =
        tiff_strip_compress(&tiff->strip, tiff->converted, rows, &size, fail);
    uint32_t count = (uint32_t)size;
    if (!bytes)
        return false;
    if (size > UINT32_MAX)
        return fail_set(fail, "%s: a strip of %zu bytes", tiff->output.name, size);
    if (!scratch_put(&tiff->strip_sizes, tiff->next++ * sizeof count, &count, sizeof count, fail) ||
        !output_write_at(&tiff->output, tiff->end, bytes, size, fail))
        return false;
    tiff->end += size;
    return true;
}

static bool write_block(struct tiff_writer *tiff, uint64_t plane, uint64_t first, uint64_t pixels,
                        struct fail *fail)
{
    size_t n = pixels * tiff->samples;
    for (uint64_t page = 0; page < tiff->pages; page++) {
        sample_from_float(tiff->options.type, tiff->scale,
                          tiff->buffered + page * tiff->block * tiff->samples, tiff->converted, n);
        /* libtiff swaps bytes itself */
        if (!is_compressed(tiff) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
            sample_swap(tiff->options.type, tiff->converted, n);
        if (!write_page_block(tiff, plane, page, first, pixels, fail))
            return false;
    }
    return true;
}

/* Adds v[0..n), the samples from number `at` of a block on, the channels of a voxel side by side.
 */
static void buffer_samples(struct tiff_writer *tiff, uint64_t at, const float *v, size_t n)
{
    size_t pages = tiff->pages;
    if (pages == 1) {
        memcpy(tiff->buffered + at, v, n * sizeof *v);
        return;
    }
    for (size_t page = 0; page < pages; page++) {
        size_t skipped = (page + pages - at % pages) % pages;
        float *to = tiff->buffered + page * tiff->block + (at + skipped) / pages;
        for (size_t i = skipped; i < n; i += pages)
            *to++ = v[i];
    }
}

static bool write_samples(struct writer *writer, const float *v, size_t n, struct fail *fail)
{
    struct tiff_writer *tiff = (struct tiff_writer *)writer;
    uint64_t channels = tiff->pages * tiff->samples, plane_samples = tiff->pixels * channels;
    while (n > 0) {
        uint64_t plane = tiff->at / plane_samples, inside = tiff->at % plane_samples;
        uint64_t first = inside / channels - inside / channels % tiff->block;
        uint64_t pixels = min_u64(tiff->block, tiff->pixels - first);
        uint64_t begun = inside - first * channels;
        size_t part = min_u64(n, pixels * channels - begun);
        buffer_samples(tiff, begun, v, part);
        if (begun + part == pixels * channels && !write_block(tiff, plane, first, pixels, fail))
            return false;
        tiff->at += part;
        v += part;
        n -= part;
    }
    return true;
}

/* ---- directories --------------------------------------------------------------------------- */

struct strip_list {
    uint64_t *offsets, *counts; /* of the strips of a page: offsets in the file, bytes */
    uint64_t plane_at;          /* offset of the first strip of the page's plane */
};

static void list_plain_strips(const struct tiff_writer *tiff, uint64_t number,
                              struct strip_list *list)
{
    uint64_t row = tiff->columns * pixel_size(tiff), strip = tiff->strip_rows * row;
    uint64_t page_at = TIFF_HEADER_SIZE + number * tiff->rows * row;
    for (uint64_t i = 0; i < tiff->strips; i++) {
        list->offsets[i] = page_at + i * strip;
        list->counts[i] = min_u64(strip, tiff->rows * row - i * strip);
    }
}

/* The strips of a plane are in the order in which they were completed: the first of each page, the
 * second of each page, ... */
static bool list_compressed_strips(struct tiff_writer *tiff, uint64_t number,
                                   struct strip_list *list, struct fail *fail)
{
    uint64_t plane = number / tiff->pages, page = number % tiff->pages;
    uint64_t offset = list->plane_at, next = plane * tiff->strips * tiff->pages;
    for (uint64_t i = 0; i < tiff->strips * tiff->pages; i++, next++) {
        uint32_t count;
        if (!scratch_get(&tiff->strip_sizes, next * sizeof count, &count, sizeof count, fail))
            return false;
        if (i % tiff->pages == page) {
            list->offsets[i / tiff->pages] = offset;
            list->counts[i / tiff->pages] = count;
        }
        offset += count;
    }
    if (page + 1 == tiff->pages)
        list->plane_at = offset;
    return true;
}

static void add_parts(struct tiff_directory *directory, const struct tiff_description *description)
{
    size_t size = 0;
    for (size_t i = 0; i < description->part_count; i++)
        size += description->part_sizes[i];
    tiff_directory_add_numbers(directory, TAG_IMAGEJ_SIZES, TIFF_LONG, description->part_sizes,
                               description->part_count);
    tiff_directory_add_bytes(directory, TAG_IMAGEJ_PARTS, TIFF_BYTE, description->parts, size);
}

static void add_resolution(struct tiff_directory *directory,
                           const struct tiff_description *description)
{
    static const unsigned tags[2] = {TIFFTAG_XRESOLUTION, TIFFTAG_YRESOLUTION};
    for (size_t i = 0; i < 2; i++)
        if (description->resolution[i][0] > 0)
            tiff_directory_add_numbers(directory, tags[i], TIFF_RATIONAL,
                                       description->resolution[i], 1);
}

static void add_text(struct tiff_directory *directory, unsigned tag, const char *text)
{
    tiff_directory_add_bytes(directory, tag, TIFF_ASCII, text, strlen(text) + 1);
}

/* The same number for each sample of a pixel. */
static void add_per_sample(struct tiff_directory *directory, const struct tiff_writer *tiff,
                           unsigned tag, uint64_t number)
{
    uint64_t numbers[4] = {number, number, number, number};
    tiff_directory_add_numbers(directory, tag, TIFF_SHORT, numbers, tiff->samples);
}

static void build_directory(const struct tiff_writer *tiff, bool big, uint64_t number,
                            const struct strip_list *list, struct tiff_directory *directory)
{
    TIFFDataType offset = big ? TIFF_LONG8 : TIFF_LONG;
    bool integers = sample_is_integer(tiff->options.type), first = number == 0;
    tiff_directory_clear(directory, big);
    tiff_directory_add_number(directory, TIFFTAG_IMAGEWIDTH, TIFF_LONG, tiff->columns);
    tiff_directory_add_number(directory, TIFFTAG_IMAGELENGTH, TIFF_LONG, tiff->rows);
    add_per_sample(directory, tiff, TIFFTAG_BITSPERSAMPLE, 8 * sample_size(tiff->options.type));
    tiff_directory_add_number(directory, TIFFTAG_COMPRESSION, TIFF_SHORT,
                              tiff_compression_number(tiff->options.compression));
    tiff_directory_add_number(directory, TIFFTAG_PHOTOMETRIC, TIFF_SHORT,
                              tiff->samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
    if (first)
        add_text(directory, TIFFTAG_IMAGEDESCRIPTION, tiff->description.description);
    tiff_directory_add_numbers(directory, TIFFTAG_STRIPOFFSETS, offset, list->offsets,
                               tiff->strips);
    tiff_directory_add_number(directory, TIFFTAG_SAMPLESPERPIXEL, TIFF_SHORT, tiff->samples);
    tiff_directory_add_number(directory, TIFFTAG_ROWSPERSTRIP, TIFF_LONG, tiff->strip_rows);
    tiff_directory_add_numbers(directory, TIFFTAG_STRIPBYTECOUNTS, offset, list->counts,
                               tiff->strips);
    add_resolution(directory, &tiff->description);
    tiff_directory_add_number(directory, TIFFTAG_PLANARCONFIG, TIFF_SHORT, PLANARCONFIG_CONTIG);
    tiff_directory_add_number(directory, TIFFTAG_RESOLUTIONUNIT, TIFF_SHORT,
                              tiff->description.resolution_unit);
    if (first)
        add_text(directory, TIFFTAG_SOFTWARE, "vol " VOL_VERSION);
    if (tiff->strip.predictor != PREDICTOR_NONE)
        tiff_directory_add_number(directory, TIFFTAG_PREDICTOR, TIFF_SHORT, tiff->strip.predictor);
    if (tiff->samples == 4)
        tiff_directory_add_number(directory, TIFFTAG_EXTRASAMPLES, TIFF_SHORT,
                                  EXTRASAMPLE_UNASSALPHA);
    add_per_sample(directory, tiff, TIFFTAG_SAMPLEFORMAT,
                   integers ? SAMPLEFORMAT_UINT : SAMPLEFORMAT_IEEEFP);
    if (first && tiff->description.parts)
        add_parts(directory, &tiff->description);
}

static bool no_memory(const struct tiff_writer *tiff, struct fail *fail)
{
    return fail_memory(fail, "%s: a directory of %" PRIu64 " strips", tiff->output.name,
                       tiff->strips);
}

/* Bytes of the whole file, as a classic TIFF or a BigTIFF. */
static bool measure(const struct tiff_writer *tiff, bool big, const struct strip_list *list,
                    struct tiff_directory *directory, uint64_t *size, struct fail *fail)
{
    *size = tiff->end + tiff->end % 2;
    build_directory(tiff, big, 0, list, directory);
    *size += tiff_directory_size(directory);
    build_directory(tiff, big, 1, list, directory);
    *size += (tiff->planes * tiff->pages - 1) * tiff_directory_size(directory);
    return !directory->failed || no_memory(tiff, fail);
}

/* Writes a directory at the offset, which is moved to its end. */
static bool write_directory(struct tiff_writer *tiff, const struct tiff_directory *directory,
                            uint64_t *at, bool last, struct fail *fail)
{
    uint64_t size = tiff_directory_size(directory);
    unsigned char *bytes = directory->failed ? NULL : malloc(size);
    if (!bytes)
        return no_memory(tiff, fail);
    tiff_directory_serialize(directory, *at, last ? 0 : *at + size, bytes);
    bool ok = output_write_at(&tiff->output, *at, bytes, size, fail);
    free(bytes);
    *at += size;
    return ok;
}

static bool write_directories(struct tiff_writer *tiff, struct strip_list *list,
                              struct tiff_directory *directory, struct fail *fail)
{
    uint64_t at = tiff->end + tiff->end % 2, count = tiff->planes * tiff->pages, size;
    unsigned char header[TIFF_HEADER_SIZE];
    if (!measure(tiff, false, list, directory, &size, fail))
        return false;
    bool big = size > MAX_CLASSIC_SIZE;
    tiff_header_serialize(big, at, header);
    for (uint64_t number = 0; number < count; number++) {
        if (!is_compressed(tiff))
            list_plain_strips(tiff, number, list);
        else if (!list_compressed_strips(tiff, number, list, fail))
            return false;
        build_directory(tiff, big, number, list, directory);
        if (!write_directory(tiff, directory, &at, number + 1 == count, fail))
            return false;
    }
    return output_write_at(&tiff->output, 0, header, sizeof header, fail);
}

static bool finish(struct tiff_writer *tiff, struct fail *fail)
{
    struct tiff_directory directory = {0};
    struct strip_list list = {
        .offsets = calloc(tiff->strips, sizeof *list.offsets),
        .counts = calloc(tiff->strips, sizeof *list.counts),
        .plane_at = TIFF_HEADER_SIZE,
    };
    bool ok = (list.offsets && list.counts) || no_memory(tiff, fail);
    ok = ok && write_directories(tiff, &list, &directory, fail);
    tiff_directory_free(&directory);
    free(list.offsets);
    free(list.counts);
    return ok;
}

/* ---- opening and closing ------------------------------------------------------------------- */

static bool end_file(struct writer *writer, bool whole, struct fail *fail)
{
    struct tiff_writer *tiff = (struct tiff_writer *)writer;
    whole = whole && finish(tiff, fail);
    whole = output_close(&tiff->output, whole, fail);
    scratch_close(&tiff->strip_sizes);
    tiff_strip_free(&tiff->strip);
    tiff_description_free(&tiff->description);
    free(tiff->buffered);
    free(tiff->converted);
    free(tiff);
    return whole;
}

static bool check_sizes(const struct tiff_writer *tiff, const struct volume *volume,
                        struct fail *fail)
{
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        if (volume->size[a] > MAX_SIZE)
            return fail_set(fail, "%s: %" PRIu64 " %ss; TIFF readers count to %d",
                            tiff->output.name, volume->size[a], axis_names[a], MAX_SIZE);
    uint64_t row = tiff->columns * pixel_size(tiff);
    if (is_compressed(tiff) && row > MAX_COMPRESSED_ROW)
        return fail_set(fail,
                        "%s: a row of %" PRIu64 " bytes can't be compressed in little memory (up "
                        "to %u can); leave out --compress",
                        tiff->output.name, row, MAX_COMPRESSED_ROW);
    return tiff->planes <= MAX_SIZE / tiff->pages ||
           fail_set(fail,
                    "%s: %" PRIu64 " planes of %" PRIu64 " channels; TIFF readers count to "
                    "%d pages",
                    tiff->output.name, tiff->planes, tiff->pages, MAX_SIZE);
}

/* Whether ImageJ 1.53 supports a predictor: only with LZW, for integers except 16-bit colours. In
 * other files it silently shows differences as samples. */
static bool imagej_has_predictor(const struct tiff_writer *tiff)
{
    return tiff->options.compression == COMPRESS_LZW &&
           (tiff->options.type == SAMPLE_UINT8 ||
            (tiff->options.type == SAMPLE_UINT16 && tiff->samples == 1));
}

static uint16_t find_predictor(const struct tiff_writer *tiff)
{
    /* ImageJ can't read zstd at all. */
    bool for_imagej =
        tiff->options.dialect == DIALECT_IMAGEJ && tiff->options.compression != COMPRESS_ZSTD;
    if (!is_compressed(tiff) || (for_imagej && !imagej_has_predictor(tiff)))
        return PREDICTOR_NONE;
    return sample_is_integer(tiff->options.type) ? PREDICTOR_HORIZONTAL : PREDICTOR_FLOATINGPOINT;
}

static void plan(struct tiff_writer *tiff, const struct volume *volume)
{
    const struct tiff_write_options *options = &tiff->options;
    tiff->columns = volume->size[AXIS_COLUMN];
    tiff->rows = volume->size[AXIS_ROW];
    tiff->planes = volume->size[AXIS_PLANE];
    tiff->pixels = tiff->rows * tiff->columns;
    tiff->pages = tiff_pages_a_plane(volume);
    tiff->samples = volume->channels / tiff->pages;
    tiff->scale = options->raw ? 1 : (float)sample_largest(options->type);

    uint64_t max_pixels = min_u64(STRIP_SAMPLES, BUFFER_SAMPLES / tiff->pages) / tiff->samples;
    tiff->strip_rows = min_u64(max_pixels / tiff->columns, tiff->rows);
    if (tiff->strip_rows == 0)
        tiff->strip_rows = 1;
    tiff->strips = (tiff->rows + tiff->strip_rows - 1) / tiff->strip_rows;
    tiff->block =
        is_compressed(tiff) ? tiff->strip_rows * tiff->columns : min_u64(max_pixels, tiff->pixels);
    if (tiff->block == 0)
        tiff->block = 1;
    tiff->end = TIFF_HEADER_SIZE;
    if (!is_compressed(tiff))
        tiff->end += tiff->planes * tiff->pages * tiff->pixels * pixel_size(tiff);
    tiff->strip = (struct tiff_strip){
        .name = tiff->output.name,
        .columns = (uint32_t)tiff->columns,
        .samples = (uint16_t)tiff->samples,
        .type = options->type,
        .compression = options->compression,
        .predictor = find_predictor(tiff),
    };
}

static bool allocate(struct tiff_writer *tiff, struct fail *fail)
{
    uint64_t samples = tiff->block * tiff->samples;
    uint64_t strips = is_compressed(tiff) ? tiff->planes * tiff->pages * tiff->strips : 0;
    tiff->buffered = malloc(samples * tiff->pages * sizeof *tiff->buffered);
    tiff->converted = malloc(samples * sample_size(tiff->options.type));
    if (!tiff->buffered || !tiff->converted)
        return fail_memory(fail, "%s: rows of %" PRIu64 " samples", tiff->output.name,
                           tiff->columns);
    return scratch_open(&tiff->strip_sizes, "a picture", strips * sizeof(uint32_t), SCRATCH_MEMORY,
                        fail);
}

static bool begin(struct tiff_writer *tiff, const char *path, const struct volume *volume,
                  struct fail *fail)
{
    if (!output_open(&tiff->output, path, fail))
        return false;
    enum outcome seeks = output_check_seek(&tiff->output, fail);
    if (seeks == OUTCOME_CANNOT)
        return fail_set(fail,
                        "%s: a TIFF file can't be written to a pipe, or appended to a file: name "
                        "one with -o",
                        tiff->output.name);
    plan(tiff, volume);
    return seeks == OUTCOME_DONE && check_sizes(tiff, volume, fail) &&
           tiff_describe(volume, &tiff->options, tiff->output.name, &tiff->description, fail) &&
           allocate(tiff, fail);
}

struct writer *tiff_create(const char *path, const struct volume *volume,
                           const struct tiff_write_options *options, struct fail *fail)
{
    static const struct writer_class class = {.write = write_samples, .close = end_file};
    struct tiff_writer *tiff = calloc(1, sizeof *tiff);
    if (!tiff) {
        fail_errno(fail, "%s", path ? path : "standard output");
        return NULL;
    }
    tiff->writer.class = &class;
    tiff->writer.unwritten = volume_samples(volume);
    tiff->options = *options;
    tiff->output.fd = -1;
    tiff->strip_sizes.fd = -1;
    if (begin(tiff, path, volume, fail))
        return &tiff->writer;
    end_file(&tiff->writer, false, fail);
    return NULL;
}
