#include "format/png/band.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "format/png/deflate.h"
#include "format/png/filter.h"

/* Bytes of a band's own rows, if these are not longer. A search for repetitions does better in long
 * ones, all else is faster in those that stay in a processor's cache. */
#define SEARCHED_BYTES (256 * 1024)
#define OTHER_BYTES (128 * 1024)
/* How far back repetitions are looked for in the rows before. */
#define LOOK_BACK (32 * 1024)
/* What packed bytes may have around them: zlib's header, an empty block, zlib's check. */
#define AROUND 32
/* The level that searches where nobody named one. */
#define SEARCH_LEVEL 5

/* ---- how rows come together --------------------------------------------------------------- */

struct png_cut png_cut(size_t row_bytes, size_t pixel_bytes, int level)
{
    bool searched = level != PNG_FAST || pixel_bytes > 1;
    size_t row = row_bytes + 1, room = searched ? SEARCHED_BYTES : OTHER_BYTES;
    return (struct png_cut){.row = row,
                            .pixel = pixel_bytes,
                            .level = level,
                            .rows = row < room ? room / row : 1,
                            .lead = level == PNG_FAST ? 1 : 1 + (LOOK_BACK - 1) / row + 1};
}

static bool make_room(unsigned char **bytes, size_t *room, size_t needed)
{
    if (needed <= *room)
        return true;
    free(*bytes);
    *bytes = malloc(needed);
    *room = *bytes ? needed : 0;
    return *bytes != NULL;
}

/* Above the first row of a picture, all is 0. */
static void take_lead(struct png_band *band, const struct png_band *before)
{
    size_t row = band->cut.row, rows = before ? before->lead + before->rows : 1;
    band->lead = rows < band->cut.lead ? rows : band->cut.lead;
    if (before)
        memcpy(band->bytes, before->bytes + (rows - band->lead) * row, band->lead * row);
    else
        memset(band->bytes, 0, row);
}

static size_t most_packed(size_t n)
{
    size_t runs = deflate_runs_most(n), zlib = compressBound((uLong)n);
    return (runs > zlib ? runs : zlib) + AROUND;
}

bool png_band_begin(struct png_band *band, const struct png_cut *cut, const struct png_band *before,
                    struct fail *fail)
{
    size_t own = cut->rows * cut->row;
    band->cut = *cut;
    band->rows = 0;
    band->first = !before;
    band->last = false;
    if (!make_room(&band->bytes, &band->bytes_room, cut->lead * cut->row + own) ||
        !make_room(&band->packed, &band->packed_room, most_packed(own)))
        return fail_errno(fail, "%zu rows of a picture", cut->rows);
    take_lead(band, before);
    return true;
}

bool png_band_put(struct png_band *band, const unsigned char *row)
{
    unsigned char *to = band->bytes + (band->lead + band->rows) * band->cut.row;
    memcpy(to + 1, row, band->cut.row - 1);
    return ++band->rows == band->cut.rows;
}

void png_band_free(struct png_band *band)
{
    free(band->bytes);
    free(band->packed);
}

/* ---- how they are packed ------------------------------------------------------------------ */

struct png_packer {
    z_stream stream;
    bool ready; /* zlib's memory is taken by who has something to search */
};

struct png_packer *png_packer_open(void)
{
    return calloc(1, sizeof(struct png_packer));
}

void png_packer_close(struct png_packer *packer)
{
    if (packer && packer->ready)
        deflateEnd(&packer->stream);
    free(packer);
}

/* All that a packer packs is of one level. */
static bool make_ready(struct png_packer *packer, int level)
{
    return packer->ready || (packer->ready = deflateInit2(&packer->stream, level, Z_DEFLATED, -15,
                                                          8, Z_FILTERED) == Z_OK);
}

/* From bottom to top: a row that is still to be filtered looks at the one above. The row that leads
 * is only looked at. */
static void filter_rows(const struct png_band *band)
{
    size_t row = band->cut.row;
    for (size_t y = band->lead + band->rows - 1; y > 0; y--) {
        unsigned char *bytes = band->bytes + y * row;
        bytes[0] = png_filter_row(bytes + 1, bytes - row + 1, row - 1, band->cut.pixel);
    }
}

/* How many bytes are the same as each of the three before. */
static size_t count_runs(const unsigned char *v, size_t n)
{
    size_t count = 0;
    for (size_t start = 3; start < n; start += 255) {
        size_t end = n - start < 255 ? n : start + 255;
        unsigned char part = 0;
        for (size_t i = start; i < end; i++)
            part = (unsigned char)(part +
                                   ((v[i] == v[i - 1]) & (v[i] == v[i - 2]) & (v[i] == v[i - 3])));
        count += part;
    }
    return count;
}

/* Noise has no repetitions to find, and gray pictures have runs at most; only where pixels of
 * several bytes make runs is it worth while to search for more. */
static bool is_searched(const struct png_band *band, const unsigned char *filtered, size_t n)
{
    return band->cut.level != PNG_FAST || (band->cut.pixel > 1 && count_runs(filtered, n) >= n / 5);
}

/* zlib's header of a stream; the level is only a note. Divisible by 31, as it must be. */
static size_t put_header(unsigned char *to, int level)
{
    static const unsigned char notes[] = {0x01, 0x01, 0x5e, 0x5e, 0x5e,
                                          0x5e, 0x9c, 0xda, 0xda, 0xda};
    to[0] = 0x78;
    to[1] = level == PNG_FAST ? 0x01 : notes[level];
    return 2;
}

/* By zlib, which knows the rows before. Returns how many bytes it wrote, 0 on failure. */
static size_t search(struct png_packer *packer, struct png_band *band, unsigned char *filtered,
                     size_t n, unsigned char *to)
{
    z_stream *stream = &packer->stream;
    unsigned char *before = band->bytes + band->cut.row;
    size_t room = band->packed_room - (size_t)(to - band->packed);
    stream->next_out = to;
    stream->avail_out = (uInt)room;
    if (!make_ready(packer, band->cut.level == PNG_FAST ? SEARCH_LEVEL : band->cut.level) ||
        deflateReset(stream) != Z_OK)
        return 0;
    if (before < filtered &&
        deflateSetDictionary(stream, before, (uInt)(filtered - before)) != Z_OK)
        return 0;
    stream->next_in = filtered;
    stream->avail_in = (uInt)n;
    int done = deflate(stream, band->last ? Z_FINISH : Z_SYNC_FLUSH);
    bool ok = done == (band->last ? Z_STREAM_END : Z_OK) && stream->avail_in == 0;
    return ok ? room - stream->avail_out : 0;
}

void png_band_pack(void *worker, void *job)
{
    struct png_packer *packer = worker;
    struct png_band *band = job;
    unsigned char *filtered = band->bytes + band->lead * band->cut.row;
    size_t n = band->rows * band->cut.row;
    filter_rows(band);
    band->check = (uint32_t)adler32(1, filtered, (uInt)n);
    size_t header = band->first ? put_header(band->packed, band->cut.level) : 0;
    unsigned char *to = band->packed + header;
    size_t size = is_searched(band, filtered, n)
                      ? search(packer, band, filtered, n, to)
                      : deflate_runs(filtered, n, band->cut.pixel, band->last, to);
    band->packed_size = size > 0 ? header + size : 0;
}
