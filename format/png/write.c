#include "format/png/write.h"

#include <stdlib.h>
#include <zlib.h>

#include "common/thread/pipeline.h"
#include "common/thread/processors.h"

/* Beside one for each thread: one that waits to be written, one that is being filled. */
#define SPARE_BANDS 2
#define MAX_BANDS (THREADS_MAX + SPARE_BANDS)

/* From so many on threads take less time than starting them does. */
#define THREADED_PIXELS (1 << 16)

struct image {
    struct png_file *file;
    uint64_t rows_left;
    uLong checksum; /* Adler-32 of what was written */
};

struct png_writer {
    struct image_writer images;
    const struct png_options *options;
    struct pipeline *pipeline;
    struct png_compressor *compressors[THREADS_MAX]; /* one for each thread */
    struct png_band bands[MAX_BANDS];                /* the jobs; the next one is being filled */

    struct png_band_layout layout; /* of the image that is being filled */
    struct image *image;           /* NULL: there is none */
    bool has_failed;               /* an image failed, so no later one may appear */
};

/* Adds the checksum that ends a zlib stream. */
static void add_checksum(struct png_band *band, uLong checksum)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        band->compressed[band->compressed_size++] = (unsigned char)(checksum >> shift);
}

static bool write_band(struct png_band *band, struct fail *fail)
{
    struct image *image = band->image;
    if (band->compressed_size == 0)
        return fail_memory(fail, "%s: to compress", png_file_name(image->file));
    image->checksum = adler32_combine(image->checksum, band->checksum,
                                      (z_off_t)(band->rows * band->layout.row_size));
    if (band->is_last)
        add_checksum(band, image->checksum);
    return png_file_pixels(image->file, band->compressed, band->compressed_size, fail);
}

/* Writes the oldest band that was submitted, and ends its image if it is the last. */
static bool end_band(struct png_writer *png, struct png_band *band, struct fail *fail)
{
    struct image *image = band->image;
    bool ok = !png->has_failed && write_band(band, fail);
    if (band->is_last) {
        ok = png_file_close(image->file, ok, fail);
        free(image);
    }
    png->has_failed |= !ok;
    return ok;
}

/* Begins the band after the one that is being filled, or the first. */
static bool begin_band(struct png_writer *png, const struct png_band *before, struct fail *fail)
{
    struct png_band *band;
    while (!(band = pipeline_room(png->pipeline, before ? 1 : 0)))
        if (!end_band(png, pipeline_take(png->pipeline), fail))
            return false;
    band->image = png->image;
    return png_band_begin(band, &png->layout, before, fail);
}

/* Submits the band that is being filled. The next band of the image, if there is one, copies the
 * rows that it needs before. */
static bool submit_band(struct png_writer *png, struct fail *fail)
{
    struct png_band *band = pipeline_room(png->pipeline, 0);
    band->is_last = png->image->rows_left == 0;
    if (!band->is_last && !begin_band(png, band, fail))
        return false;
    if (band->is_last)
        png->image = NULL;
    pipeline_submit(png->pipeline);
    return true;
}

static struct png_file *create_file(const struct png_options *options, uint64_t number,
                                    const struct png_header *header, struct fail *fail)
{
    if (!options->pattern)
        return png_file_create(options->path, header, fail);
    char *path = pattern_name(options->pattern, number);
    struct png_file *file = path ? png_file_create(path, header, fail) : NULL;
    if (!path)
        fail_errno(fail, "%s", options->pattern->text);
    free(path);
    return file;
}

static bool png_begin(struct image_writer *images, uint64_t number, uint64_t width, uint64_t height,
                      struct fail *fail)
{
    struct png_writer *png = (struct png_writer *)images;
    const struct png_options *options = png->options;
    options->describe(options->state, number);
    struct png_header header = options->header;
    header.width = width;
    header.height = height;
    struct png_file *file = create_file(options, number, &header, fail);
    struct image *image = file ? malloc(sizeof *image) : NULL;
    if (!image) {
        if (file)
            fail_errno(fail, "%s", png_file_name(file));
        return png_file_close(file, false, fail);
    }
    *image = (struct image){.file = file, .rows_left = height, .checksum = adler32(0, NULL, 0)};
    png->image = image;
    png->layout = png_band_layout(png_row_bytes(&header), png_pixel_bytes(&header), options->level);
    return begin_band(png, NULL, fail);
}

static bool png_row(struct image_writer *images, const unsigned char *pixels, struct fail *fail)
{
    struct png_writer *png = (struct png_writer *)images;
    bool is_full = png_band_add_row(pipeline_room(png->pipeline, 0), pixels);
    return (--png->image->rows_left > 0 && !is_full) || submit_band(png, fail);
}

static bool png_close(struct writer *writer, bool whole, struct fail *fail)
{
    struct png_writer *png = (struct png_writer *)writer;
    for (struct png_band *band; png->pipeline && (band = pipeline_take(png->pipeline));)
        whole = end_band(png, band, fail) && whole;
    if (png->image)
        whole = png_file_close(png->image->file, false, fail);
    free(png->image);
    pipeline_finish(png->pipeline);
    for (size_t i = 0; i < THREADS_MAX; i++)
        png_compressor_close(png->compressors[i]);
    for (size_t i = 0; i < MAX_BANDS; i++)
        png_band_free(&png->bands[i]);
    free(png);
    return whole;
}

static void compress_band(void *compressor, void *band)
{
    png_band_compress(*(struct png_compressor **)compressor, band);
}

static bool start_threads(struct png_writer *png, size_t threads)
{
    for (size_t i = 0; i < threads; i++)
        if (!(png->compressors[i] = png_compressor_open()))
            return false;
    png->pipeline = pipeline_start(compress_band, PIPELINE_ARRAY(png->compressors, threads),
                                   PIPELINE_ARRAY(png->bands, threads + SPARE_BANDS));
    return png->pipeline != NULL;
}

struct image_writer *png_writer(const struct png_options *options, struct fail *fail)
{
    static const struct writer_class writer_class = {.close = png_close};
    static const struct image_writer_class class = {.begin = png_begin, .row = png_row};
    struct png_writer *png = calloc(1, sizeof *png);
    size_t threads = threads_to_use(options->pixel_count >= THREADED_PIXELS);
    if (png) {
        png->images = (struct image_writer){.writer.class = &writer_class, .class = &class};
        png->options = options;
        if (start_threads(png, threads))
            return &png->images;
    }
    fail_errno(fail, "%zu threads for pictures", threads);
    if (png)
        png_close(&png->images.writer, false, fail);
    return NULL;
}
