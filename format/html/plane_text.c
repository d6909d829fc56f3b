#include "format/html/plane_text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Residuals are noise and runs, in which a search for longer strings finds nothing more: the text
 * is as small as with the default strategy at its best level, in a quarter of the time. */
#define LEVEL 6
#define STRATEGY Z_RLE
#define MEMORY 9

#define BLOCK 49152 /* compressed bytes that become text at once: a multiple of 3 */

struct plane_text {
    size_t row, channels;
    bool high_bytes;
    bool has_above; /* false before the second row of a plane */
    uint16_t *above;
    unsigned char *bytes; /* a row of differences */

    z_stream zlib;
    unsigned char compressed[BLOCK];
    char text[BLOCK / 3 * 4];
};

struct plane_text *plane_text_open(size_t row, size_t channels, unsigned depth, struct fail *fail)
{
    struct plane_text *text = calloc(1, sizeof *text);
    if (!text ||
        deflateInit2(&text->zlib, LEVEL, Z_DEFLATED, MAX_WBITS, MEMORY, STRATEGY) != Z_OK) {
        fail_memory(fail, "to compress");
        free(text);
        return NULL;
    }
    text->zlib.next_out = text->compressed;
    text->zlib.avail_out = BLOCK;
    text->row = row;
    text->channels = channels;
    text->high_bytes = depth == 16;
    text->above = malloc(row * sizeof *text->above);
    text->bytes = malloc(row * 2);
    if (text->above && text->bytes)
        return text;
    fail_errno(fail, "a row of %zu levels", row);
    plane_text_close(text);
    return NULL;
}

void plane_text_close(struct plane_text *text)
{
    if (!text)
        return;
    deflateEnd(&text->zlib);
    free(text->above);
    free(text->bytes);
    free(text);
}

/* ---- base64 ---------------------------------------------------------------------------------- */

static void encode_three(const unsigned char *from, char *to)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = (unsigned)from[0] << 16 | (unsigned)from[1] << 8 | from[2];
    to[0] = digits[bits >> 18];
    to[1] = digits[bits >> 12 & 63];
    to[2] = digits[bits >> 6 & 63];
    to[3] = digits[bits & 63];
}

/* Writes the compressed bytes as text: a block, or fewer at the end of a plane. */
static bool write_base64(struct plane_text *text, struct output *output, struct fail *fail)
{
    size_t n = BLOCK - text->zlib.avail_out, rest = n % 3, length = (n + 2) / 3 * 4;
    if (rest > 0)
        memset(text->compressed + n, 0, 3 - rest);
    for (size_t i = 0; i < length / 4; i++)
        encode_three(text->compressed + 3 * i, text->text + 4 * i);
    if (rest > 0)
        memset(text->text + length - (3 - rest), '=', 3 - rest);
    text->zlib.next_out = text->compressed;
    text->zlib.avail_out = BLOCK;
    return output_write(output, text->text, length, fail);
}

/* ---- deflate --------------------------------------------------------------------------------- */

/* last: the zlib stream ends with these n bytes. */
static bool compress_bytes(struct plane_text *text, const unsigned char *bytes, size_t n, bool last,
                           struct output *output, struct fail *fail)
{
    z_stream *zlib = &text->zlib;
    bool more = true;
    while (more) {
        size_t part = n < INT_MAX ? n : INT_MAX;
        zlib->next_in = (z_const Bytef *)(uintptr_t)bytes;
        zlib->avail_in = (uInt)part;
        int status = deflate(zlib, last && part == n ? Z_FINISH : Z_NO_FLUSH);
        if (status == Z_STREAM_ERROR)
            return fail_set(fail, "zlib can't compress");
        bytes += part - zlib->avail_in;
        n -= part - zlib->avail_in;
        if (zlib->avail_out == 0 && !write_base64(text, output, fail))
            return false;
        more = n > 0 || (last && status != Z_STREAM_END);
    }
    return true;
}

/* ---- prediction ------------------------------------------------------------------------------ */

static int median(int a, int b, int c)
{
    int low = a < b ? a : b, high = a < b ? b : a;
    int smaller = high < c ? high : c;
    return low > smaller ? low : smaller;
}

static void put_difference(struct plane_text *text, size_t i, int difference)
{
    text->bytes[i] = (unsigned char)difference;
    text->bytes[text->row + i] = (unsigned char)(difference >> 8);
}

static void predict_first_row(struct plane_text *text, const uint16_t *levels)
{
    for (size_t i = 0; i < text->row; i++)
        put_difference(text, i, levels[i] - (i < text->channels ? 0 : levels[i - text->channels]));
}

static void predict_row(struct plane_text *text, const uint16_t *levels)
{
    size_t row = text->row, channels = text->channels;
    const uint16_t *restrict above = text->above, *restrict here = levels;
    unsigned char *restrict low = text->bytes, *restrict high = low + row;
    for (size_t i = 0; i < channels; i++)
        put_difference(text, i, here[i] - above[i]);
    for (size_t i = channels; i < row; i++) {
        int left = here[i - channels], up = above[i];
        int difference = here[i] - median(left, up, left + up - above[i - channels]);
        low[i] = (unsigned char)difference;
        high[i] = (unsigned char)(difference >> 8);
    }
}

bool plane_text_row(struct plane_text *text, const uint16_t *levels, struct output *output,
                    struct fail *fail)
{
    if (text->has_above)
        predict_row(text, levels);
    else
        predict_first_row(text, levels);
    text->has_above = true;
    memcpy(text->above, levels, text->row * sizeof *levels);
    return compress_bytes(text, text->bytes, text->high_bytes ? 2 * text->row : text->row, false,
                          output, fail);
}

bool plane_text_end(struct plane_text *text, const unsigned char *rest, size_t rest_size,
                    struct output *output, struct fail *fail)
{
    text->has_above = false;
    return compress_bytes(text, rest, rest_size, true, output, fail) &&
           write_base64(text, output, fail) &&
           (deflateReset(&text->zlib) == Z_OK || fail_set(fail, "zlib can't begin anew"));
}
