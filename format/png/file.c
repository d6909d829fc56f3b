#include "format/png/file.h"

#include <errno.h>
#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/output.h"
#include "common/text/utf8.h"

/* When libpng fails it leaves by longjmp, which the function that called it turns into a result at
 * once. So each function here that calls libpng begins with setjmp, owns no resource and changes no
 * local variable after it. */

struct png_file {
    struct output output;
    png_structp png;
    png_infop info;
    struct fail *fail; /* of the current call */
};

static void on_error(png_structp png, png_const_charp message)
{
    struct png_file *file = png_get_error_ptr(png);
    if (errno == ENOMEM)
        fail_memory(file->fail, "%s", file->output.name);
    else
        fail_set(file->fail, "%s: libpng: %s", file->output.name, message);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t n)
{
    struct png_file *file = png_get_io_ptr(png);
    if (!output_write(&file->output, bytes, n, file->fail))
        png_error(png, "write"); /* fail keeps the message of output_write() */
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

static void set_format(png_structp png, png_infop info, const struct png_header *header)
{
    static const int types[] = {[PNG_GRAY] = PNG_COLOR_TYPE_GRAY,
                                [PNG_PALETTE] = PNG_COLOR_TYPE_PALETTE,
                                [PNG_RGB] = PNG_COLOR_TYPE_RGB,
                                [PNG_RGBA] = PNG_COLOR_TYPE_RGB_ALPHA};
    png_set_user_limits(png, PNG_MAX_SIZE, PNG_MAX_SIZE);
    png_set_IHDR(png, info, (png_uint_32)header->width, (png_uint_32)header->height,
                 (int)header->depth, types[header->pixels], PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (header->pixels != PNG_PALETTE)
        return;
    png_color palette[256];
    for (size_t i = 0; i < 256; i++)
        palette[i] =
            (png_color){header->palette[i][0], header->palette[i][1], header->palette[i][2]};
    png_set_PLTE(png, info, palette, 256);
}

/* Pixels a metre, rounded to the integer that PNG requires. False if that is off by more than half
 * a percent, or out of range. */
static bool pixels_per_metre(double size, png_uint_32 *count)
{
    double exact = 1 / size;
    if (!(exact >= 1 && exact <= PNG_MAX_SIZE))
        return false;
    *count = (png_uint_32)rint(exact);
    return fabs(*count - exact) <= exact / 200;
}

/* Proportions are written with a precision of one part in a million. */
static png_uint_32 proportion(double size, double smallest)
{
    double parts = rint(1e6 * smallest / size);
    return parts >= 1 ? (png_uint_32)parts : 1;
}

static void set_pixel_size(png_structp png, png_infop info, const struct png_header *header)
{
    double width = header->pixel_width, height = header->pixel_height;
    png_uint_32 across, down;
    if (!(width > 0 && height > 0 && isfinite(width) && isfinite(height)))
        return;
    if (header->in_metres && pixels_per_metre(width, &across) && pixels_per_metre(height, &down)) {
        png_set_pHYs(png, info, across, down, PNG_RESOLUTION_METER);
        return;
    }
    double smallest = fmin(width, height);
    across = width == height ? 1 : proportion(width, smallest);
    down = width == height ? 1 : proportion(height, smallest);
    png_set_pHYs(png, info, across, down, PNG_RESOLUTION_UNKNOWN);
}

/* Text that ASCII can't hold becomes a chunk of type iTXt, which is UTF-8. */
static void set_text(png_structp png, png_infop info, const struct png_text *from)
{
    bool is_ascii = true;
    char *text = strdup(from->text);
    if (!text)
        png_error(png, "no memory for text");
    for (char *c = text; *c != '\0';) {
        size_t length = *c == '\n' ? 1 : utf8_printable_length(c);
        is_ascii = is_ascii && length <= 1;
        if (length == 0)
            *c = '?';
        c += length > 0 ? length : 1;
    }
    png_text entry = {.compression =
                          is_ascii ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE,
                      .key = (char *)(uintptr_t)from->key,
                      .text = text,
                      .text_length = is_ascii ? strlen(text) : 0,
                      .itxt_length = is_ascii ? 0 : strlen(text)};
    png_set_text(png, info, &entry, 1);
    free(text);
}

static bool write_header(struct png_file *file, const struct png_header *header, struct fail *fail)
{
    file->fail = fail;
    errno = 0;
    if (setjmp(png_jmpbuf(file->png)))
        return false;
    png_set_write_fn(file->png, file, write_bytes, flush_nothing);
    set_format(file->png, file->info, header);
    set_pixel_size(file->png, file->info, header);
    for (size_t i = 0; i < header->text_count; i++)
        set_text(file->png, file->info, &header->texts[i]);
    png_write_info(file->png, file->info);
    return true;
}

static bool write_chunk(struct png_file *file, const char *name, const unsigned char *bytes,
                        size_t n, struct fail *fail)
{
    file->fail = fail;
    errno = 0;
    if (setjmp(png_jmpbuf(file->png)))
        return false;
    png_write_chunk(file->png, (png_const_bytep)name, bytes, n);
    return true;
}

size_t png_pixel_bytes(const struct png_header *header)
{
    static const size_t samples[] = {
        [PNG_GRAY] = 1, [PNG_PALETTE] = 1, [PNG_RGB] = 3, [PNG_RGBA] = 4};
    return samples[header->pixels] * header->depth / 8;
}

uint64_t png_row_bytes(const struct png_header *header)
{
    return header->width * png_pixel_bytes(header);
}

static bool fits(const struct png_header *header, const char *name, struct fail *fail)
{
    if (header->width > PNG_MAX_SIZE || header->height > PNG_MAX_SIZE)
        return fail_set(fail, "%s: a picture of %ju x %ju pixels; PNG takes up to %d x %d", name,
                        (uintmax_t)header->width, (uintmax_t)header->height, PNG_MAX_SIZE,
                        PNG_MAX_SIZE);
    return png_row_bytes(header) <= PNG_MAX_ROW_BYTES ||
           fail_set(fail, "%s: a row of %ju bytes; up to %u can be written", name,
                    (uintmax_t)png_row_bytes(header), PNG_MAX_ROW_BYTES);
}

struct png_file *png_file_create(const char *path, const struct png_header *header,
                                 struct fail *fail)
{
    struct png_file *file = calloc(1, sizeof *file);
    if (!file) {
        fail_errno(fail, "%s", path ? path : "standard output");
        return NULL;
    }
    if (!output_open(&file->output, path, fail)) {
        free(file);
        return NULL;
    }
    file->fail = fail;
    file->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, file, on_error, on_warning);
    file->info = file->png ? png_create_info_struct(file->png) : NULL;
    if (!file->info)
        fail_memory(fail, "%s", file->output.name);
    else if (fits(header, file->output.name, fail) && write_header(file, header, fail))
        return file;
    png_file_close(file, false, fail);
    return NULL;
}

const char *png_file_name(const struct png_file *file)
{
    return file->output.name;
}

bool png_file_pixels(struct png_file *file, const unsigned char *bytes, size_t n, struct fail *fail)
{
    return write_chunk(file, "IDAT", bytes, n, fail);
}

bool png_file_close(struct png_file *file, bool whole, struct fail *fail)
{
    if (!file)
        return whole;
    whole = whole && write_chunk(file, "IEND", NULL, 0, fail);
    png_destroy_write_struct(&file->png, &file->info);
    whole = output_close(&file->output, whole, fail);
    free(file);
    return whole;
}
