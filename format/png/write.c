#include "format/png/write.h"

#include <stdlib.h>
#include <zlib.h>

#include "common/base/pool.h"

/* What threads work on, what waits to be written, and what is being filled. */
#define MOST_BANDS (POOL_MAX_THREADS + 2)

struct picture_file {
    struct png_file *file;
    uint64_t rows; /* still to come */
    uLong check;   /* Adler-32 of what was written */
};

struct png_out {
    int level;
    struct pool *pool;
    void *packers[POOL_MAX_THREADS];
    size_t packer_count;

    struct png_band bands[MOST_BANDS]; /* a ring */
    size_t band_count;
    size_t taken, given; /* bands so far; the one after them is being filled */

    struct png_cut cut;           /* of the picture that is under way */
    struct picture_file *picture; /* NULL: none is */
    bool failed;                  /* a picture did, so that none appears after it */
};

struct png_out *png_out_start(int level, struct fail *fail)
{
    struct png_out *out = calloc(1, sizeof *out);
    size_t most = pool_threads(true);
    for (; out && out->packer_count < most; out->packer_count++) {
        out->packers[out->packer_count] = png_packer_open();
        if (!out->packers[out->packer_count])
            break;
    }
    if (out && out->packer_count == most)
        out->pool = pool_start(png_band_pack, out->packers, most);
    if (out && out->pool) {
        out->level = level;
        out->band_count = most + 2;
        return out;
    }
    fail_errno(fail, "%zu threads for pictures", most);
    png_out_finish(out, false, fail);
    return NULL;
}

static struct png_band *band_at(struct png_out *out, size_t number)
{
    return &out->bands[number % out->band_count];
}

/* The end of a zlib stream. */
static void put_check(struct png_band *band, uLong check)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        band->packed[band->packed_size++] = (unsigned char)(check >> shift);
}

static bool write_band(struct png_band *band, struct fail *fail)
{
    struct picture_file *picture = band->owner;
    if (band->packed_size == 0)
        return fail_set(fail, "%s: zlib can't compress", png_file_name(picture->file));
    picture->check =
        adler32_combine(picture->check, band->check, (z_off_t)(band->rows * band->cut.row));
    if (band->last)
        put_check(band, picture->check);
    return png_file_pixels(picture->file, band->packed, band->packed_size, fail);
}

/* Takes the oldest band back from the crew, writes it, and ends its picture if it is the last. */
static bool take_band(struct png_out *out, struct fail *fail)
{
    struct png_band *band = pool_next(out->pool);
    struct picture_file *picture = band->owner;
    out->taken++;
    bool ok = !out->failed && write_band(band, fail);
    if (band->last) {
        ok = png_file_close(picture->file, ok, fail);
        free(picture);
    }
    out->failed |= !ok;
    return ok;
}

static bool begin_band(struct png_out *out, size_t number, const struct png_band *before,
                       struct fail *fail)
{
    struct png_band *band = band_at(out, number);
    while (number - out->taken >= out->band_count)
        if (!take_band(out, fail))
            return false;
    band->owner = out->picture;
    return png_band_begin(band, &out->cut, before, fail);
}

bool png_out_begin(struct png_out *out, const char *path, const struct png_header *header,
                   struct fail *fail)
{
    struct png_file *file = png_file_create(path, header, fail);
    struct picture_file *picture = file ? malloc(sizeof *picture) : NULL;
    if (!picture) {
        if (file)
            fail_errno(fail, "%s", png_file_name(file));
        return png_file_close(file, false, fail);
    }
    *picture =
        (struct picture_file){.file = file, .rows = header->height, .check = adler32(0, NULL, 0)};
    out->picture = picture;
    out->cut = png_cut((size_t)png_row_bytes(header), png_pixel_bytes(header), out->level);
    return begin_band(out, out->given, NULL, fail);
}

/* The band that is being filled goes to the crew. The one behind it, if any, takes what it needs of
 * it before. */
static bool give_band(struct png_out *out, struct fail *fail)
{
    struct png_band *band = band_at(out, out->given);
    band->last = out->picture->rows == 0;
    if (!band->last && !begin_band(out, out->given + 1, band, fail))
        return false;
    if (band->last)
        out->picture = NULL;
    out->given++;
    pool_submit(out->pool, band);
    return true;
}

bool png_out_row(struct png_out *out, const unsigned char *row, struct fail *fail)
{
    bool full = png_band_put(band_at(out, out->given), row);
    return (--out->picture->rows > 0 && !full) || give_band(out, fail);
}

bool png_out_finish(struct png_out *out, bool whole, struct fail *fail)
{
    if (!out)
        return whole;
    while (out->taken < out->given)
        whole = take_band(out, fail) && whole;
    if (out->picture)
        whole = png_file_close(out->picture->file, false, fail);
    free(out->picture);
    pool_finish(out->pool);
    for (size_t i = 0; i < out->packer_count; i++)
        png_packer_close(out->packers[i]);
    for (size_t i = 0; i < MOST_BANDS; i++)
        png_band_free(&out->bands[i]);
    free(out);
    return whole;
}
